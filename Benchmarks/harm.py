"""No harm: how a reader affects a writer of the seed agents."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import Bench, Database, set_journal
from server import running
from targets import Experiment, Figures, Target
from toolchain import ROOT

WRITER = ROOT / "Tests/EndToEndTests/Python/seed_writer.py"
JOURNALS = {"rollback journal": "delete", "WAL": "wal"}
AT_ONCE, PATIENT = {"timeout 0": 0}, {"timeout 5 s": 5}
LARGEST = "largest database"
RATE = 100
"""Records a second."""
SECONDS = 6
"""Seconds of writing to a million rows. Catching up with a larger database takes longer."""
SCRAPE_INTERVAL = 1.0
LOST = "records lost"


def measure(bench: Bench) -> Figures:
    figures: Figures = {}
    # The writer that does not wait for locks is the first to be harmed.
    timeouts = AT_ONCE if bench.quick else AT_ONCE | PATIENT
    figures |= on_copies(bench, bench.million, timeouts, 2 if bench.quick else SECONDS)
    if bench.largest.rows > bench.million.rows:
        seconds = SECONDS * max(1, bench.largest.rows // 2_000_000)
        figures |= on_copies(bench, bench.largest, AT_ONCE, seconds, f", {LARGEST}")
    return figures


def on_copies(
    bench: Bench, database: Database, timeouts: dict[str, float], seconds: int, where: str = ""
) -> Figures:
    """Every kind of writer, each on a copy that is gone afterwards."""
    figures: Figures = {}
    for journal, mode in JOURNALS.items():
        path = bench.fresh("harm.db")
        shutil.copy(database.path, path)
        set_journal(path, mode)
        for timeout, wait in timeouts.items():
            kind = f"{journal}, {timeout}{where}"
            figures |= beside_each(bench, kind, path, wait, RATE * seconds)
        path.unlink()
    return figures


def beside_each(bench: Bench, kind: str, path: Path, timeout: float, count: int) -> Figures:
    """The writer alone, beside the exporter, beside Flask, and alone again."""
    runs = {
        "alone, before": write(path, timeout, count, beside=None),
        "beside the exporter": write(path, timeout, count, bench.programs.serve(path)),
        "beside Flask": write(path, timeout, count, bench.programs.flask(path)),
        "alone, after": write(path, timeout, count, beside=None),
    }
    figures: Figures = {}
    for who, run in runs.items():
        figures |= {
            f"{kind}: {who}: {LOST}": run["failed"],
            f"{kind}: {who}: p50, ms": run["p50_ms"],
            f"{kind}: {who}: p99, ms": run["p99_ms"],
            f"{kind}: {who}: max, ms": run["max_ms"],
        }
    alone = max(runs["alone, before"]["p99_ms"], runs["alone, after"]["p99_ms"])
    return figures | {ratio(kind): runs["beside the exporter"]["p99_ms"] / alone}


def write(path: Path, timeout: float, count: int, beside: list[str] | None) -> dict[str, float]:
    """The writer's output. The server starts with the writer and is scraped each second."""
    command = [
        sys.executable, str(WRITER), str(path), "--rate", str(RATE), "--count", str(count),
        "--timeout", str(timeout),
    ]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if beside:
        with running(beside) as server:
            while writer.poll() is None:
                server.try_get("/metrics")
                time.sleep(SCRAPE_INTERVAL)
    result = json.loads(writer.communicate()[0])
    unexpected = set(result["errors"]) - {"database is locked"}
    if unexpected:
        raise RuntimeError(f"the writer failed: {unexpected}")
    return result


def lost(kind: str) -> str:
    return f"{kind}: beside the exporter: {LOST}"


def ratio(kind: str) -> str:
    return f"writer's p99 beside the exporter / the larger alone: {kind}"


KINDS = [f"{journal}, {timeout}" for journal in JOURNALS for timeout in AT_ONCE | PATIENT] + [
    f"{journal}, {timeout}, {LARGEST}" for journal in JOURNALS for timeout in AT_ONCE
]
EXPERIMENT = Experiment(
    "harm",
    "No harm to the writer",
    f"A seed agent's writer (a connection a record), {RATE} records a second for {SECONDS} seconds "
    "on a million rows (the largest database up to that), and for longer on the largest. Beside it "
    "a server starts, catches up, follows, and is scraped each second. A record is lost when it "
    "fails: \"database is locked\".",
    measure,
    {ratio(kind): Target(1, 1) for kind in KINDS}
    | {lost(kind): Target(0, 0, worst=True) for kind in KINDS},
    (LOST, "p50, ms", "p99, ms", "max, ms"),
)
