#!/usr/bin/env python3
"""Inserts evidence, each row in a transaction of its own, and prints when each commit returned.

    postgresql_writer.py "host=127.0.0.1 port=5432 dbname=agents user=owner" 400

The output is a JSON list of the monotonic clock in seconds. The pauses between rows are random, so
that they do not fall in step with polls.
"""

from __future__ import annotations

import json
import random
import sys
import time

import psycopg

PAUSE = (0.005, 0.025)
INSERT = (
    "INSERT INTO evidence (event, payload) VALUES ('metacognitive_agent_execution',"
    ' \'{"agent": "writer", "output_quality": 0.8}\')'
)


def main() -> None:
    address, count = sys.argv[1:]
    commits = []
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(int(count)):
            time.sleep(random.uniform(*PAUSE))
            connection.execute(INSERT)
            commits.append(time.monotonic())
    print(json.dumps(commits))


if __name__ == "__main__":
    main()
