"""Idle: the cost of a daemon that is scraped now and then, while nobody writes."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack

import evidence
from bench import Bench
from server import Server, running
from targets import Experiment, Figures, Target

INTERVAL = 15.0
"""Seconds between two scrapes, a usual interval for Prometheus."""
SETTLE = 2.0
STORES = 1_000
STORE_ROWS = 10


def measure(bench: Bench) -> Figures:
    database, programs = bench.million, bench.programs
    scrapes = 1 if bench.quick else 4
    many = bench.directory / "idle"
    if not many.exists():
        create_stores(bench)
    with ExitStack() as stack:
        exporter = stack.enter_context(running(programs.serve(database.path)))
        flask = stack.enter_context(running(programs.flask(database.path)))
        thousand = stack.enter_context(running(programs.serve(f"{many}/*.db")))
        exporter.wait_until_ok("/-/ready")
        thousand.wait_until_ok("/-/ready")
        flask.wait_until_ok("/metrics")
        time.sleep(SETTLE)
        shares = watch([exporter, flask], [thousand], scrapes)
        before = thousand.cpu()
        page = thousand.get("/metrics").body
        scrape = thousand.cpu() - before
        followed = page.count(b"\nreflexive_store_up{")
        if followed != STORES:
            raise RuntimeError(f"{followed} stores are followed, not {STORES}")
        return {
            OURS: 100 * shares[0],
            "Flask, idle, % of a core": 100 * shares[1],
            RATIO: shares[0] / shares[1],
            THOUSAND: 100 * shares[2],
            f"exporter, {STORES:,} idle stores: CPU of a scrape, ms": 1000 * scrape,
            f"exporter, {STORES:,} idle stores: resident, MiB": thousand.memory().resident,
        }


def create_stores(bench: Bench) -> None:
    many = bench.directory / "idle"
    many.mkdir()
    first = many / "0.db"
    evidence.create(first, STORE_ROWS, end=bench.end)
    for number in range(1, STORES):
        shutil.copy(first, many / f"{number}.db")


def watch(scraped: list[Server], silent: list[Server], scrapes: int) -> list[float]:
    """The share of a core that each server uses, scraped once every interval or never."""
    servers = scraped + silent
    start, before = time.monotonic(), [server.cpu() for server in servers]
    for number in range(scrapes):
        time.sleep(max(0, start + (number + 0.5) * INTERVAL - time.monotonic()))
        for server in scraped:
            server.get("/metrics")
    time.sleep(max(0, start + scrapes * INTERVAL - time.monotonic()))
    elapsed = time.monotonic() - start
    return [
        (server.cpu() - cpu) / elapsed for server, cpu in zip(servers, before, strict=True)
    ]


OURS, RATIO = "exporter, idle, % of a core", "idle, exporter / Flask, CPU"
THOUSAND = f"exporter, {STORES:,} idle stores, not scraped, % of a core"
EXPERIMENT = Experiment(
    "idle",
    "Idle",
    "A million rows (the largest database up to that), a scrape every 15 seconds, nobody writes; "
    f"and beside it {STORES:,} stores of {STORE_ROWS} rows in one daemon.",
    measure,
    {OURS: Target(9 / 50, 0.01), RATIO: Target(1 / 50, 1 / 900), THOUSAND: Target(9 / 50, 0.01)},
)
