#!/usr/bin/env python3
"""Writes evidence from two connections at a time, until standard input ends.

    storm_writer.py evidence.db < pipe

Transactions of 1 to 20 rows, good and bad ones, and now and then one that is rolled back.
Prints how many rows were committed, and exits with 1 if a writer was locked out.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import threading
import time
from datetime import datetime, timezone

INSERT = "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)"
ROLLBACKS = 0.1
BAD = ("{", "[]", '{"agent": "a", "output_quality": 7}', '{"agent": "a", "output_quality": "good"}')


def row(chance: random.Random) -> tuple[str, str, str]:
    now = datetime.now(timezone.utc).isoformat()
    kind = chance.randrange(8)
    if kind == 0:
        return "metacognitive_agent_execution", chance.choice(BAD), now
    if kind == 1:
        return "note", "{}", now
    if kind < 5:
        payload = {"agent": f"agent {chance.randrange(4)}", "output_quality": chance.random()}
        return "metacognitive_agent_execution", json.dumps(payload), now
    payload = {
        "gate": f"gate {chance.randrange(3)}",
        "output_quality": chance.random(),
        "current_threshold": chance.choice((0.5, 0.6, 0.7)),
        "self_assessment": {"consistency": chance.uniform(0.7, 1), "confidence": chance.random()},
    }
    return "quality_gate_evaluation", json.dumps(payload), now


def write(path: str, pause: float, end: threading.Event, committed: list[int]) -> None:
    chance = random.Random()
    connection = sqlite3.connect(path, timeout=30)
    while not end.is_set():
        rows = [row(chance) for _ in range(chance.randint(1, 20))]
        connection.executemany(INSERT, rows)
        if chance.random() < ROLLBACKS:
            connection.rollback()
        else:
            connection.commit()
            committed.append(len(rows))
        time.sleep(pause)
    connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("db")
    parser.add_argument("--pause", type=float, default=0.03, help="between transactions, in s")
    arguments = parser.parse_args()
    end = threading.Event()
    committed: list[int] = []
    failed = []
    threading.excepthook = lambda failure: failed.append(failure.exc_value)
    writers = [
        threading.Thread(target=write, args=(arguments.db, arguments.pause, end, committed))
        for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    sys.stdin.read()
    end.set()
    for writer in writers:
        writer.join()
    print(*failed or [sum(committed)])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
