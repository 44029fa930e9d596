"""Serving: scrapes per CPU second of the server, against Go's client_golang with an equal page."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import evidence
from bench import Bench
from measure import count_samples, expect, sample
from server import HOST, Server, running
from targets import Experiment, Figures, Target

ACCEPT = "text/plain;version=0.0.4"
ROWS = 20_000
PAGES = {200: (1, 1), 10_000: (290, 4)}
"""The number of agents and gates for a page of about so many samples."""
ENCODINGS = {"plain": "identity", "gzip": "gzip"}
VISIBLE = 0.02
"""Seconds from a write to the scrape, so that the server has the row and the page is new."""


def measure(bench: Bench) -> Figures:
    figures: Figures = {}
    resident = {}
    for samples, (agents, gates) in PAGES.items():
        path = bench.fresh(f"serving-{samples}.db")
        names = [f"Agent{number}" for number in range(agents)]
        evidence.create(path, ROWS, end=bench.end, agents=names, gates=evidence.GATES[:gates])
        with running(bench.programs.serve(path)) as exporter:
            exporter.wait_until_ok("/-/ready")
            resident[samples] = exporter.memory().resident
            page = exporter.get("/metrics", ACCEPT).body
            text = bench.directory / f"serving-{samples}.txt"
            text.write_bytes(page)
            figures[f"{samples:,} series: samples on the page"] = count_samples(page.decode())
            figures[f"{samples:,} series: bytes of the page"] = len(page)
            figures |= beside_go(bench, samples, exporter, path, text)
    names = sum(PAGES[10_000]) - sum(PAGES[200])
    growth = resident[10_000] - resident[200]
    return figures | {"resident, KiB for one more agent or gate": 1024 * growth / names}


def beside_go(
    bench: Bench, samples: int, exporter: Server, path: Path, text: Path
) -> Figures:
    servers = {"exporter": exporter}
    if not bench.programs.promhttp:
        return loads(bench, samples, servers, path)
    with running([str(bench.programs.promhttp), str(text), "{address}"]) as go:
        go.wait_until_ok("/metrics")
        return loads(bench, samples, servers | {"Go": go}, path)


def loads(bench: Bench, samples: int, servers: dict[str, Server], path: Path) -> Figures:
    """Every kind of load on one server after the other."""
    figures: Figures = {}
    for encoding, accepted in ENCODINGS.items():
        seconds = 1 if bench.quick else 5
        kind = kind_of(samples, encoding, "unchanged")
        figures |= compare(kind, servers, partial(unchanged, encoding=accepted, seconds=seconds))
        if samples == max(PAGES):
            count = 20 if bench.quick else 100
            kind = kind_of(samples, encoding, "changed")
            load = partial(changed, encoding=accepted, count=count, path=path)
            figures |= compare(kind, servers, load)
            check_rows(servers["exporter"], path)
    return figures


def compare(
    kind: str, servers: dict[str, Server], load: Callable[[Server], float]
) -> Figures:
    costs = {name: load(server) for name, server in servers.items()}
    figures = {f"{kind}: {cost_of(name)}": 1e6 * cost for name, cost in costs.items()}
    if "Go" in costs:
        figures[ratio(kind)] = costs["Go"] / costs["exporter"]
    return figures


def unchanged(server: Server, encoding: str, seconds: int) -> float:
    """CPU seconds a scrape, as fast as eight connections ask."""
    headers = ["-H", f"Accept: {ACCEPT}", "-H", f"Accept-Encoding: {encoding}"]
    url = f"http://{HOST}:{server.port}/metrics"
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", *headers, url]
    before = server.cpu()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = server.cpu() - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    return cpu / int(re.search(r"(\d+) requests in", output)[1])


def changed(server: Server, encoding: str, count: int, path: Path) -> float:
    """CPU seconds a scrape with a row written before each; what it takes to read it included."""
    connection = sqlite3.connect(path)
    cpu = 0.0
    for number in range(count):
        before = server.cpu()
        write_row(connection, number)
        time.sleep(VISIBLE)
        answer = server.get("/metrics", ACCEPT, encoding)
        if answer.headers.get("content-encoding", "identity") != encoding:
            raise RuntimeError(f"asked for {encoding}, got {answer.headers}")
        cpu += server.cpu() - before
    connection.close()
    return cpu / count


def check_rows(server: Server, path: Path) -> None:
    """Fails unless the exporter has read all that was written."""
    connection = sqlite3.connect(path)
    (last,) = connection.execute("SELECT max(id) FROM evidence").fetchone()
    connection.close()
    page = server.get("/metrics", ACCEPT).body.decode()
    expect("rows", sample(page, "reflexive_store_tail_id"), last)


def write_row(connection: sqlite3.Connection, number: int) -> None:
    payload = {
        "event": "metacognitive_agent_execution",
        "agent": "Agent0",
        "output_quality": 0.5 + number % 50 / 100,
    }
    row = (payload["event"], json.dumps(payload), datetime.now(UTC).isoformat())
    statement = "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)"
    connection.execute(statement, row)
    connection.commit()


def kind_of(samples: int, encoding: str, change: str) -> str:
    return f"{samples:,} series, {encoding}, {change}"


def cost_of(server: str) -> str:
    return f"{server}, CPU a scrape, µs"


def ratio(kind: str) -> str:
    return f"scrapes a CPU second, exporter / Go: {kind}"


TARGETS = {
    ratio(kind_of(samples, encoding, "unchanged")): Target(4, 15, at_least=True)
    for samples in PAGES
    for encoding in ENCODINGS
} | {
    ratio(kind_of(10_000, "plain", "changed")): Target(2, 4, at_least=True),
    ratio(kind_of(10_000, "gzip", "changed")): Target(1, 2, at_least=True),
}
EXPERIMENT = Experiment(
    "serving",
    "Serving",
    "Go's client_golang serves the same families, labels and buckets, read from a page of the "
    "exporter. Unchanged: wrk with eight connections for five seconds. Changed: a row is written "
    "(Go: a value changes) before each scrape, and reading it counts.",
    measure,
    TARGETS,
    (cost_of("exporter"), cost_of("Go")),
)
