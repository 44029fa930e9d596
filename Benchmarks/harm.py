"""No harm: what the plan's writer feels of a reader beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import Bench, set_journal
from server import running
from targets import Experiment, Figures, Target
from toolchain import ROOT

WRITER = ROOT / "Tests/EndToEndTests/Python/seed_writer.py"
JOURNALS = {"rollback journal": "delete", "WAL": "wal"}
TIMEOUTS = {"timeout 0": 0, "timeout 5 s": 5}
RATE = 25
"""Records a second."""
SECONDS = 8
SCRAPE_INTERVAL = 1.0
LOST = "records lost"


def measure(bench: Bench) -> Figures:
    figures: Figures = {}
    # The writer that waits for no lock is the one that is harmed first.
    timeouts = dict([*TIMEOUTS.items()][:1]) if bench.quick else TIMEOUTS
    for journal, mode in JOURNALS.items():
        path = bench.directory / f"harm-{mode}.db"
        if not path.exists():
            shutil.copy(bench.million.path, path)
            set_journal(path, mode)
        for timeout, seconds in timeouts.items():
            figures |= beside_each(bench, f"{journal}, {timeout}", path, seconds)
    return figures


def beside_each(bench: Bench, kind: str, path: Path, timeout: float) -> Figures:
    """The writer alone, beside the exporter, beside Flask, and alone again."""
    count = RATE * (2 if bench.quick else SECONDS)
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
    """What the writer says; the server beside it starts with it, and is scraped each second."""
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


KINDS = [f"{journal}, {timeout}" for journal in JOURNALS for timeout in TIMEOUTS]
EXPERIMENT = Experiment(
    "harm",
    "No harm to the writer",
    f"The plan's own writer (a connection a record), {RATE} records a second for {SECONDS} seconds "
    "on a million rows (the largest database up to that). Beside it a server starts, catches up, "
    "follows, and is scraped each second. A record is lost when it fails: \"database is locked\".",
    measure,
    {ratio(kind): Target(1, 1) for kind in KINDS}
    | {lost(kind): Target(0, 0, worst=True) for kind in KINDS},
    (LOST, "p50, ms", "p99, ms", "max, ms"),
)
