"""Freshness: from a commit's return until the row is in /metrics."""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time

import evidence
from bench import Bench, set_journal
from server import HOST, running
from targets import Experiment, Figures, Target, percentile
from toolchain import ROOT

ROWS = 1_000
WRITERS = {
    "rollback journal": ("delete", []),
    "WAL, opened and closed a record": ("wal", []),
    "WAL, kept open": ("wal", ["--keep-open"]),
}
SEED = ROOT / "Tests/EndToEndTests/Python"
TAIL = re.compile(rb"^reflexive_store_tail_id\{[^}]*\} (\d+)", re.MULTILINE)


def measure(bench: Bench) -> Figures:
    figures = {}
    count = 100 if bench.quick else 400
    for kind, (journal, options) in WRITERS.items():
        path = bench.fresh("freshness.db")
        evidence.create(path, ROWS, end=bench.end)
        set_journal(path, journal)
        with running(bench.programs.serve(path)) as server:
            server.wait_until_ok("/-/ready")
            command = [sys.executable, str(ROOT / "Benchmarks/freshness_writer.py"), str(path)]
            commits, seen, polls = follow([*command, str(count), *options], server.port, count)
        delays = [1000 * max(0, seen[ROWS + 1 + n] - at) for n, at in enumerate(commits)]
        figures |= {
            p50(kind): statistics.median(delays),
            p99(kind): percentile(delays, 0.99),
            f"{kind}: max, ms": max(delays),
            f"{kind}: {POLL}": 1000 * statistics.median(polls),
        }
    return figures


def follow(
    writer: list[str], port: int, count: int, rows: int = ROWS, pause: float = 0
) -> tuple[list[float], dict[int, float], list[float]]:
    """When each commit returned, when each id was first seen, and how long the polls took.

    `writer` is the command that adds `count` rows to `rows`.
    """
    seen: dict[int, float] = {}
    polls = []
    environment = os.environ | {"PYTHONPATH": str(SEED)}
    page = Page(port)
    tail, last = rows, rows + count
    limit = time.monotonic() + 120
    with subprocess.Popen(writer, stdout=subprocess.PIPE, text=True, env=environment) as process:
        while tail < last:
            if pause:
                time.sleep(pause)
            before = time.monotonic()
            found = TAIL.search(page.get())
            now = time.monotonic()
            polls.append(now - before)
            new = int(found[1]) if found else tail
            seen |= dict.fromkeys(range(tail + 1, new + 1), now)
            tail = max(tail, new)
            if now > limit:
                process.kill()
                raise RuntimeError(f"{last - tail} of {count} rows were never seen")
        commits = json.loads(process.communicate()[0])
    return commits, seen, polls


class Page:
    """/metrics over one kept connection, with as little work as possible between two polls."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = f"GET /metrics HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()

    def get(self) -> bytes:
        self._socket.sendall(self._request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        length = int(re.search(rb"\r\ncontent-length: *(\d+)", head)[1])
        parts, missing = [data[end + 4 :]], length - (len(data) - end - 4)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return b"".join(parts)

    def _receive(self) -> bytes:
        data = self._socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def p50(kind: str) -> str:
    return f"{kind}: p50, ms"


def p99(kind: str) -> str:
    return f"{kind}: p99, ms"


POLL = "one poll, p50, ms"
EXPERIMENT = Experiment(
    "freshness",
    "Freshness: from a commit's return to /metrics",
    "A store of 1,000 rows, a writer in a process of its own, and a client that polls /metrics "
    "without a pause over one connection. A row is visible when a whole page that has it has been "
    "received; the poll's own time is not taken off.",
    measure,
    {p50(kind): Target(5, 0.5) for kind in WRITERS}
    | {p99(kind): Target(25, 5) for kind in WRITERS},
    ("p50, ms", "p99, ms", "max, ms", POLL),
)
