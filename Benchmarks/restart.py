"""Restart: how long the exporter does not serve a store that it knew before."""

from __future__ import annotations

import time

from bench import Bench
from measure import expect, sample, start_peer
from server import Server, running
from targets import Experiment, Figures, Target

RESTARTS = 3


def measure(bench: Bench) -> Figures:
    database, programs = bench.largest, bench.programs
    with running(programs.flask(database.path)) as server:
        flask = start_peer(server, database).first_scrape_s
    figures = {"Flask: start to first good scrape, s": flask}
    if not programs.has_checkpoint:
        return figures
    state = bench.directory / f"restart-state-{bench.round}"
    command = programs.serve(database.path, state=state)
    with running(command) as server:
        cold = first_good_scrape(server, database.rows)
    resumed = []
    for _ in range(RESTARTS):
        with running(command) as server:
            resumed.append(first_good_scrape(server, database.rows))
    best = sorted(resumed)[RESTARTS // 2]
    size = sum(file.stat().st_size for file in state.iterdir()) / 1024
    return figures | {
        "exporter, nothing known before: start to first good scrape, s": cold,
        "exporter, restarted: start to first good scrape, s": best,
        "exporter: size of its state, KiB": size,
        RATIO: best / flask,
    }


def first_good_scrape(server: Server, rows: int) -> float:
    """Seconds from the start to a page that has all the evidence."""
    while True:
        answer = server.wait_until_ok("/metrics")
        page = answer.body.decode()
        if "reflexive_store_qsr_average{" in page:
            elapsed = time.monotonic() - server.start
            expect("rows", sample(page, "reflexive_store_tail_id"), rows)
            return elapsed
        time.sleep(0.001)


RATIO = "restart to first good scrape, exporter / Flask"
EXPERIMENT = Experiment(
    "restart",
    "Restart",
    "The largest database. The exporter was stopped with SIGTERM, and is started again with the "
    "state that it kept; Flask has nothing to keep.",
    measure,
    {RATIO: Target(1 / 10, 1 / 100)},
)
