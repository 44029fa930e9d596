#!/usr/bin/env python3
"""Restarts an exporter while agents write and a real Prometheus scrapes it every second.

    restarts_run.py BINARY evidence.db --work DIR

By turns with SIGTERM and `kill -9`. Prints as JSON what `increase()` makes of the counter of
executions, and how many rows were written.
"""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prometheus_run import free_port, prometheus, query

SERIES = 'reflexive_agent_executions_total{agent="a"}'
LIMIT = 60.0
RATE = 40.0
INSERT = (
    "INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution',"
    """ '{"agent": "a", "output_quality": 0.5}', strftime('%Y-%m-%dT%H:%M:%f', 'now'))"""
)


class Agent(threading.Thread):
    """Writes rows at a steady rate until it is told to end."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.ends = threading.Event()

    def run(self) -> None:
        connection = sqlite3.connect(self.path, timeout=30)
        while not self.ends.wait(1 / RATE):
            with connection:
                connection.execute(INSERT)
        connection.close()


def wait(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {LIMIT} s: {what}")
        time.sleep(0.05)


def rows(path: str) -> int:
    connection = sqlite3.connect(path, timeout=30)
    try:
        return connection.execute("SELECT count(*) FROM evidence").fetchone()[0]
    finally:
        connection.close()


def value(api: str, expression: str, at: float | None = None) -> float | None:
    result = query(api, expression, at)
    return float(result[0]["value"][1]) if result else None


def good_scrapes(api: str) -> float:
    return value(api, 'sum_over_time(up{job="exporter"}[10m])') or 0


class Lives:
    """The exporter, one process after the other at the same address."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.command, self.log = command, log
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with open(self.log, "ab") as log:
            return subprocess.Popen(self.command, stdout=log, stderr=log)

    def restart(self, number: signal.Signals) -> None:
        self.end(number)
        self.process = self._start()

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(30)


def is_ready(target: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{target}/-/ready", timeout=5):
            return True
    except (OSError, urllib.error.HTTPError):
        return False


def run(binary: str, database: str, work: Path, restarts: int) -> dict[str, Any]:
    work.mkdir(parents=True)
    with sqlite3.connect(database) as connection:
        connection.executemany(INSERT, [()] * 10)
    connection.close()
    target = f"127.0.0.1:{free_port()}"
    command = [binary, "serve", "--store", database, "--state.path", str(work / "state")]
    lives = Lives([*command, "--web.listen-address", target], work / "exporter.log")
    agent = Agent(database)
    try:
        wait("the exporter is ready", lambda: is_ready(target))
        with prometheus(target, "/metrics", "1s", work) as api:
            wait("the first scrape", lambda: value(api, SERIES) == 10)
            agent.start()
            for number in range(restarts):
                enough = good_scrapes(api) + 2
                wait("two more scrapes", lambda: good_scrapes(api) >= enough)
                lives.restart(signal.SIGKILL if number % 2 else signal.SIGTERM)
            enough = good_scrapes(api) + 2
            wait("two more scrapes", lambda: good_scrapes(api) >= enough)
            agent.ends.set()
            agent.join()
            written = rows(database)
            wait("all rows are scraped", lambda: value(api, SERIES) == written)
            return report(api, written) | {"restarts": restarts}
    finally:
        agent.ends.set()
        lives.end(signal.SIGKILL)


def report(api: str, written: int) -> dict[str, Any]:
    """`increase()` extrapolates to the ends of its window: here these are samples."""
    samples = query(api, SERIES + "[10m]")[0]["values"]
    (first, before), (last, after) = samples[0], samples[-1]
    window = f"{SERIES}[{round(1000 * (last - first))}ms]"
    return {
        "rows": written,
        "written": written - float(before),
        "final_value": float(after),
        "increase": value(api, f"increase({window})", last),
        "resets": value(api, f"resets({window})", last),
        "scrapes_down": value(api, 'count_over_time((up{job="exporter"} == 0)[10m:1s])') or 0,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("database")
    parser.add_argument("--work", type=Path, required=True, help="directory for data and logs")
    parser.add_argument("--restarts", type=int, default=5)
    arguments = parser.parse_args()
    result = run(arguments.binary, arguments.database, arguments.work, arguments.restarts)
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
