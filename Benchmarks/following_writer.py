#!/usr/bin/env python3
"""Commits one row at a time, and prints when each commit returned.

    following_writer.py evidence.db 100 400 --keep-open --rejected

That is 100 rows a second on average (0: as fast as it can), 400 in all. The output is a JSON list of
the monotonic clock in seconds. Pauses are random, so that they fall in step with nobody's. The
payloads of `--rejected` are cut short.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from datetime import UTC, datetime, timedelta

from evidence import evidence

INSERT = "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("rate", type=float)
    parser.add_argument("count", type=int)
    parser.add_argument("--keep-open", action="store_true")
    parser.add_argument("--rejected", action="store_true")
    arguments = parser.parse_args()
    end = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    rows = list(evidence(arguments.count, end=end, seed=1))
    if arguments.rejected:
        rows = [(event, payload[:-1], ts) for event, payload, ts in rows]
    kept = sqlite3.connect(arguments.path) if arguments.keep_open else None
    commits = []
    for row in rows:
        if arguments.rate:
            time.sleep(random.uniform(0.5, 1.5) / arguments.rate)
        connection = kept or sqlite3.connect(arguments.path)
        connection.execute(INSERT, row)
        connection.commit()
        commits.append(time.monotonic())
        if not kept:
            connection.close()
    print(json.dumps(commits))


if __name__ == "__main__":
    main()
