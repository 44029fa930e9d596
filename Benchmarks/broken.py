"""Broken rows: who still serves when 300 rows of a million are not JSON."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

from bench import Bench
from measure import sample
from server import Server, running
from targets import Experiment, Figures, Target

BROKEN = 300
PAGES = 20
PEER_PAGES = 3
"""A scrape of a peer reads the whole table, or up to its first broken row."""
REJECTED = re.compile(r"^reflexive_evidence_rejected_total\{[^}]*\} (\d+)", re.MULTILINE)


def measure(bench: Bench) -> Figures:
    path = bench.fresh("broken.db")
    shutil.copy(bench.million.path, path)
    break_rows(path, bench.million.rows)
    programs = bench.programs
    figures: Figures = {}
    with running(programs.serve(path)) as server:
        server.wait_until_ok("/-/ready")
        figures[GOOD] = share(server, "reflexive_store_qsr_average", PAGES)
        page = server.get("/metrics").body.decode()
        figures[COUNTED] = sum(map(int, REJECTED.findall(page)))
    peers = {"Flask": programs.flask(path)}
    if programs.query_exporter:
        peers["query-exporter"] = programs.query_exporter_of(path)
    for name, command in peers.items():
        with running(command) as server:
            server.wait_until_listening()
            figures[f"{name}: good pages of all"] = share(server, "plan_qsr_average", PEER_PAGES)
    path.unlink()
    return figures


def break_rows(path: Path, rows: int) -> None:
    """Every second broken row has a bare NaN, as json.dumps writes it; the others are cut."""
    connection = sqlite3.connect(path)
    for number in range(BROKEN):
        identifier = 1 + number * rows // BROKEN
        (payload,) = connection.execute(
            "SELECT payload FROM evidence WHERE id = ?", (identifier,)
        ).fetchone()
        if number % 2 == 0:
            payload = re.sub(r'"output_quality": [^,]+', '"output_quality": NaN', payload)
        else:
            payload = payload[: len(payload) // 2]
        connection.execute("UPDATE evidence SET payload = ? WHERE id = ?", (payload, identifier))
    connection.commit()
    connection.close()


def share(server: Server, metric: str, pages: int) -> float:
    """Of `pages` pages, those that are 200 and have a sample of `metric`."""
    good = 0
    for _ in range(pages):
        answer = server.try_get("/metrics")
        good += bool(answer and answer.status == 200 and has(answer.body.decode(), metric))
    return good / pages


def has(page: str, metric: str) -> bool:
    try:
        sample(page, metric)
    except RuntimeError:
        return False
    return True


GOOD = "exporter: good pages of all"
COUNTED = "exporter: rows counted as rejected"
EXPERIMENT = Experiment(
    "broken",
    "300 broken rows in a million",
    f"{BROKEN} rows of the million (the largest database up to that) have a bare NaN or are cut "
    "in the middle.",
    measure,
    {
        GOOD: Target(1, 1, at_least=True, worst=True),
        COUNTED: Target(BROKEN, BROKEN, at_least=True, worst=True),
    },
)
