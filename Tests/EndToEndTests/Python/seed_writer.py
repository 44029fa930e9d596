#!/usr/bin/env python3
"""Writes evidence with the seed agents, at a steady rate.

    seed_writer.py evidence.db --repair insert --journal wal --rate 20 --count 100

Creates the database unless it exists. An execution and an evaluation take turns. Prints, as JSON,
how many records were committed, how many failed, and how long a record took. A failed record is
not tried again.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from pathlib import Path

from seed_agents import (
    COLUMNS,
    HelixQSRClient,
    MetacognitiveCodeSummarizer,
    OpenReflexiveStore,
    ReflexiveStore,
    ResearchGate,
    create,
)


def write(store: ReflexiveStore, *, count: int, rate: float, seed: int) -> dict[str, object]:
    """Writes `count` records, `rate` a second (0: as fast as it goes)."""
    qsr = HelixQSRClient(seed)
    agent, gate = MetacognitiveCodeSummarizer(qsr, store), ResearchGate(qsr, store)
    start = time.monotonic()
    durations: list[float] = []
    errors: list[str] = []
    for number in range(count):
        if rate:
            time.sleep(max(0, start + number / rate - time.monotonic()))
        before = time.monotonic()
        try:
            agent.run("a text to summarize") if number % 2 == 0 else gate.evaluate("a summary")
        except sqlite3.Error as error:
            errors.append(str(error))
        durations.append(time.monotonic() - before)
    durations.sort()
    return {
        "committed": count - len(errors),
        "failed": len(errors),
        "errors": sorted(set(errors)),
        "p50_ms": _milliseconds(durations, 0.5),
        "p99_ms": _milliseconds(durations, 0.99),
        "max_ms": _milliseconds(durations, 1),
    }


def _milliseconds(ascending: list[float], share: float) -> float:
    if not ascending:
        return 0.0
    return round(1000 * ascending[min(len(ascending) - 1, int(share * len(ascending)))], 3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("db")
    parser.add_argument("--repair", choices=COLUMNS, default="insert", help="whose name is kept")
    parser.add_argument("--journal", choices=("wal", "delete"), default="delete")
    parser.add_argument("--rate", type=float, default=0, help="records a second; 0: no pause")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the scores")
    parser.add_argument("--timeout", type=float, default=5.0, help="how long to wait for a lock, in s")
    parser.add_argument("--keep-open", action="store_true", help="one connection for all records")
    arguments = parser.parse_args()
    if not Path(arguments.db).exists():
        create(arguments.db, arguments.repair, arguments.journal)
    kind = OpenReflexiveStore if arguments.keep_open else ReflexiveStore
    store = kind(arguments.db, COLUMNS[arguments.repair], arguments.timeout)
    result = write(store, count=arguments.count, rate=arguments.rate, seed=arguments.seed)
    print(json.dumps(result))
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
