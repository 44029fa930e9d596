#!/usr/bin/env python3
"""Records evidence with the seed agents, and prints when each commit returned.

    freshness_writer.py evidence.db 400 --keep-open

The output is a JSON list of the monotonic clock in seconds. The pauses between records are random,
so that they do not fall in step with polls.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time

from seed_agents import COLUMNS, HelixQSRClient, MetacognitiveCodeSummarizer, ReflexiveStore

PAUSE = (0.005, 0.025)


class TimedStore(ReflexiveStore):
    """The seed agents' record(), or with `keep_open` one connection for all records."""

    def __init__(self, path: str, keep_open: bool) -> None:
        super().__init__(path, COLUMNS["insert"])
        self.kept = sqlite3.connect(path) if keep_open else None
        self.commits: list[float] = []

    def record(self, payload: dict) -> None:
        connection = self.kept or sqlite3.connect(self.db_path, timeout=self.timeout)
        self.insert(connection, payload)
        connection.commit()
        self.commits.append(time.monotonic())
        if not self.kept:
            connection.close()


def main() -> None:
    path, count, *options = sys.argv[1:]
    store = TimedStore(path, keep_open="--keep-open" in options)
    agent = MetacognitiveCodeSummarizer(HelixQSRClient(), store)
    for _ in range(int(count)):
        time.sleep(random.uniform(*PAUSE))
        agent.run("a text to summarize")
    print(json.dumps(store.commits))


if __name__ == "__main__":
    main()
