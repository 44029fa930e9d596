"""Catch-up, scrapes and memory: what one round does with the databases of all sizes."""

from __future__ import annotations

import math
import re
import sqlite3
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import Bench, Database
from plan_queries import QSR_AVERAGE
from scrapes import OPENMETRICS, TEXT, Scrapes, scrape_alone, scrape_in_turn
from server import Memory, Server, running


@dataclass(frozen=True)
class Start:
    """What a server did until its first good scrape."""

    first_scrape_s: float
    cpu_s: float
    memory: Memory
    samples: int


@dataclass(frozen=True)
class ExporterScrapes:
    """What the exporter alone is asked for."""

    openmetrics: Scrapes
    lone_text_ms: float
    lone_openmetrics_ms: float


@dataclass(frozen=True)
class Run:
    """One server: its start, its scrapes by format, and its memory after them."""

    start: Start
    text: Scrapes
    memory: Memory
    only_exporter: ExporterScrapes | None = None


@dataclass(frozen=True)
class Round:
    """What one round measured with the database of `rows` rows."""

    rows: int
    exporter: Run
    peer: Run
    query_exporter: Run | None
    average_cpu_s: float


def measure_sizes(bench: Bench) -> list[Round]:
    """Every database with every server. Which comes first changes from round to round."""
    paths, programs = [database.path for database in bench.databases], bench.programs
    ask = [programs.flask(path) for path in paths]
    peers, others, exporters, averages = [], [None] * len(paths), [], []

    def exporter_part() -> None:
        with tempfile.TemporaryDirectory(dir=bench.directory) as states:
            serve = [programs.serve(path, state=Path(states) / path.stem) for path in paths]
            for part, found in zip(
                (exporters, averages), measure_exporters(bench.databases, serve), strict=True
            ):
                part.extend(found)

    def peer_part() -> None:
        peers.extend(measure_peers(bench.databases, ask))
        if programs.query_exporter:
            commands = [programs.query_exporter_of(path) for path in paths]
            others[:] = measure_peers(bench.databases, commands)

    for part in [exporter_part, peer_part][:: 1 if bench.round % 2 == 0 else -1]:
        part()
    sizes = [database.rows for database in bench.databases]
    return list(map(Round, sizes, exporters, peers, others, averages))


def measure_exporters(
    databases: list[Database], commands: list[list[str]]
) -> tuple[list[Run], list[float]]:
    """The exporters, and after each catch-up SQLite's processor time for one average."""
    with ExitStack() as stack:
        servers, starts, averages = [], [], []
        for database, command in zip(databases, commands, strict=True):
            read_through(database.path)
            server = stack.enter_context(running(command))
            starts.append(start_exporter(server, database))
            averages.append(query_average(database.path)[1])
            servers.append(server)
        texts = scrape_in_turn(servers, TEXT)
        others = list(map(
            ExporterScrapes,
            scrape_in_turn(servers, OPENMETRICS),
            scrape_alone(servers, TEXT),
            scrape_alone(servers, OPENMETRICS),
        ))
        memories = [server.memory() for server in servers]
        return list(map(Run, starts, texts, memories, others)), averages


def measure_peers(databases: list[Database], commands: list[list[str]]) -> list[Run]:
    with ExitStack() as stack:
        servers, starts = [], []
        for database, command in zip(databases, commands, strict=True):
            read_through(database.path)
            server = stack.enter_context(running(command))
            starts.append(start_peer(server, database))
            servers.append(server)
        texts = scrape_in_turn(servers, TEXT)
        memories = [server.memory() for server in servers]
        return list(map(Run, starts, texts, memories))


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


def read_through(path: Path) -> None:
    """Reads the whole file into the page cache before a server starts on it.

    Memory that was not used for some time can cost several times as much, because the host of a
    virtual machine takes it away.
    """
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def query_average(path: Path) -> tuple[float, float]:
    """The answer to the first of the four queries, and the seconds of processor time it took."""
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
