#!/usr/bin/env python3
"""Writes evidence in transactions of a few rows with short pauses, until it is terminated.

    writer.py evidence.db SEED            until SIGTERM
    writer.py evidence.db SEED --abandon  begins a transaction, prints "begun", and never ends it
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import sys
import time

EXECUTION, EVALUATION = "metacognitive_agent_execution", "quality_gate_evaluation"
# Payloads by the reason for which the exporter rejects them.
BAD_PAYLOADS = {
    "too_large": ["[" * 100_000],
    "invalid_json": [None, "", "{", '{"agent": "\ud83d"'.encode("utf-8", "surrogatepass")],
    "not_object": ["[1]", "7", 7],
    "wrong_type": ['{"output_quality": "high"}'],
    "non_finite": ['{"output_quality": NaN}', '{"output_quality": 1e400}'],
    "out_of_range": ['{"output_quality": 1.5}'],
}
INSERT = "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)"


def row(source: random.Random) -> tuple[str, object, str]:
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    if source.random() < 0.02:
        payloads = source.choice(list(BAD_PAYLOADS.values()))
        return EXECUTION, source.choice(payloads), now
    payload = {
        "agent": f"agent-{source.randrange(20)}",
        "gate": f"gate-{source.randrange(5)}",
        "output_quality": round(source.random(), 3),
        "current_threshold": round(source.random(), 1),
        "self_assessment": {"consistency": round(source.random(), 3), "calibration_needed": False},
        "summary": "x" * source.randrange(400),
    }
    event = source.choice([EXECUTION, EVALUATION, "note"])
    return event, json.dumps(payload), now


def main() -> None:
    path, seed = sys.argv[1], int(sys.argv[2])
    source = random.Random(seed)
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    if "--abandon" in sys.argv:
        # With a cache of one page, the rows reach the file before they are committed.
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, (row(source) for _ in range(2000)))
        print("begun", flush=True)
        signal.pause()
    is_ended = False

    def end(*_: object) -> None:
        nonlocal is_ended
        is_ended = True

    signal.signal(signal.SIGTERM, end)
    while not is_ended:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, [row(source) for _ in range(source.randint(1, 20))])
        connection.execute("COMMIT")
        time.sleep(source.random() * 0.05)
    connection.close()


if __name__ == "__main__":
    main()
