"""The measurements: what one round does with the databases."""

from __future__ import annotations

import math
import re
import sqlite3
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from plan_queries import QSR_AVERAGE
from scrapes import OPENMETRICS, TEXT, Scrapes, scrape_in_turn
from server import Memory, Server, running


@dataclass(frozen=True)
class Database:
    path: Path
    rows: int
    average: float
    """SQLite's answer to the plan's first query."""


@dataclass(frozen=True)
class Start:
    """What a server did until its first good scrape."""

    first_scrape_s: float
    cpu_s: float
    memory: Memory
    samples: int


@dataclass(frozen=True)
class Run:
    """One server: its start, its scrapes by format, and its memory after them."""

    start: Start
    text: Scrapes
    openmetrics: Scrapes | None
    memory: Memory


@dataclass(frozen=True)
class Round:
    """What one round measured with the database of `rows` rows."""

    rows: int
    exporter: Run
    peer: Run
    average_cpu_s: float


def measure_exporters(
    databases: list[Database], commands: list[list[str]]
) -> tuple[list[Run], list[float]]:
    """The exporters, and after each catch-up SQLite's processor time for one average."""
    with ExitStack() as stack:
        servers, starts, averages = [], [], []
        for database, command in zip(databases, commands, strict=True):
            server = stack.enter_context(running(command))
            starts.append(start_exporter(server, database))
            averages.append(query_average(database.path)[1])
            servers.append(server)
        texts = scrape_in_turn(servers, TEXT)
        openmetrics = scrape_in_turn(servers, OPENMETRICS)
        memories = [server.memory() for server in servers]
        return list(map(Run, starts, texts, openmetrics, memories)), averages


def measure_peers(databases: list[Database], commands: list[list[str]]) -> list[Run]:
    with ExitStack() as stack:
        servers, starts = [], []
        for database, command in zip(databases, commands, strict=True):
            server = stack.enter_context(running(command))
            starts.append(start_peer(server, database))
            servers.append(server)
        texts = scrape_in_turn(servers, TEXT)
        memories = [server.memory() for server in servers]
        return list(map(Run, starts, texts, [None] * len(servers), memories))


def start_exporter(server: Server, database: Database) -> Start:
    """Waits until it has caught up; processor time and memory are those of that moment."""
    server.wait_until_ok("/-/ready")
    cpu, memory = server.cpu(), server.memory()
    page = server.get("/metrics").body.decode()
    first = time.monotonic() - server.start
    expect("rows", sample(page, "reflexive_store_tail_id"), database.rows)
    average = sample(page, "reflexive_store_qsr_average", 'window="all"')
    expect("average", average, database.average)
    return Start(first, cpu, memory, count_samples(page))


def start_peer(server: Server, database: Database) -> Start:
    page = server.wait_until_ok("/metrics").body.decode()
    first = time.monotonic() - server.start
    expect("average", sample(page, "plan_qsr_average"), database.average)
    return Start(first, server.cpu(), server.memory(), count_samples(page))


def query_average(path: Path) -> tuple[float, float]:
    """The answer to the plan's first query, and the seconds of processor time that it took."""
    connection = sqlite3.connect(path)
    start = time.process_time()
    (average,) = connection.execute(QSR_AVERAGE).fetchone()
    cpu = time.process_time() - start
    connection.close()
    return average, cpu


def sample(page: str, name: str, label: str = "") -> float:
    """The value of the first sample of `name` that has `label`."""
    found = re.search(rf"^{name}(?:{{[^}}]*{re.escape(label)}[^}}]*}})? (\S+)$", page, re.MULTILINE)
    if not found:
        raise RuntimeError(f"no {name} in the page")
    return float(found[1])


def count_samples(page: str) -> int:
    return sum(not line.startswith("#") for line in page.splitlines())


def expect(what: str, found: float, expected: float) -> None:
    """Figures of servers that disagree about the evidence are worth nothing."""
    if not math.isclose(found, expected, rel_tol=1e-9):
        raise RuntimeError(f"{what}: found {found}, expected {expected}")
