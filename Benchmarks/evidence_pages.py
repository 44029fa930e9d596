"""Pages of evidence: how soon people see the rows that they ask for, beside Datasette."""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from bench import Bench
from evidence import AGENTS
from server import HOST, Server, running
from targets import Experiment, Figures, Target

ASKED, PEER_ASKED = 300, 7
"""How often each page is asked for. Datasette takes seconds for some."""
PAIRS = 7
CLIENTS, BESIDE_SECONDS = 16, 10
RUN = "metacognitive_agent_execution"
COMMON = AGENTS[0]


def measure(bench: Bench) -> Figures:
    state = bench.directory / f"pages-state-{bench.round}"
    figures = catch_up(bench)
    database = bench.largest
    with running(bench.programs.serve(database.path, state=state)) as server:
        ready(server)
        resident = server.memory().resident
        saved(server, state)
        rows = state_bytes(state)
        figures["index: MB a million rows"] = rows / database.rows
        figures |= exporter_times(server, database.rows)
        used = server.memory()
        figures["exporter: resident after all pages, MiB"] = used.resident
        figures["exporter: more than before the first page, MiB"] = used.resident - resident
        figures |= beside(server, bench)
    return figures | datasette_times(bench, figures)


def paths(last: int) -> dict[str, Callable[[], str]]:
    """The pages that are asked for; ids are random, so that each is another one."""
    list_ = lambda **query: "/evidence?" + urllib.parse.urlencode(query)
    return {
        "nothing matches": lambda: list_(event=RUN, score_max=0.0002, consistency_min=0),
        "an agent that is not there": lambda: list_(agent="nobody"),
        "a common agent": lambda: list_(agent=COMMON),
        "a permalink": lambda: f"/evidence/{random.randint(1, last)}",
        "the overview": lambda: "/",
    }


def exporter_times(server: Server, last: int) -> Figures:
    figures = {}
    for name, path in paths(last).items():
        for _ in range(5):
            server.get(path())
        figures |= percentiles(name, "exporter", [timed(server, path()) for _ in range(ASKED)])
    return figures


def timed(server: Server, path: str) -> float:
    """Milliseconds from the request to the last byte of a good answer."""
    start = time.perf_counter()
    answer = server.get(path)
    elapsed = time.perf_counter() - start
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.body[:500]!r}")
    return elapsed * 1000


def percentiles(row: str, who: str, times: list[float]) -> Figures:
    times = sorted(times)
    return {f"{row}: {who}, p50 ms": statistics.median(times),
            f"{row}: {who}, p99 ms": times[min(len(times) - 1, int(0.99 * len(times)))]}


# Datasette


def datasette_times(bench: Bench, figures: Figures) -> Figures:
    """The same questions as SQL: its own filters know columns, and evidence is in the payload."""
    database = bench.largest
    program = bench.programs.python.parent / "datasette"
    if not program.exists():
        return {}
    command = [str(program), "serve", str(database.path), "--host", "{host}", "--port", "{port}",
               "--setting", "sql_time_limit_ms", "60000"]
    agent = "json_extract(payload, '$.agent')"
    where = {
        "nothing matches":
            f"event = '{RUN}' AND json_extract(payload, '$.output_quality') <= 0.0002",
        "an agent that is not there": f"event = '{RUN}' AND {agent} = 'nobody'",
        "a common agent": f"event = '{RUN}' AND {agent} = '{COMMON}'",
    }
    base = f"/{database.path.stem}"
    query = lambda sql: f"{base}.json?" + urllib.parse.urlencode({"sql": sql, "_shape": "array"})
    asked = {name: lambda w=w: query(
        f"SELECT id, event, payload, ts FROM evidence WHERE {w} ORDER BY id DESC LIMIT 50")
        for name, w in where.items()}
    asked["a permalink"] = lambda: (
        f"{base}/evidence/{random.randint(1, database.rows)}.json?_shape=array")
    found: Figures = {}
    with running(command) as server:
        server.wait_until_ok("/-/versions.json")
        for name, path in asked.items():
            timed(server, path())
            count = PEER_ASKED if "nothing" in name or "not there" in name else 50
            found |= percentiles(name, "Datasette", [timed(server, path()) for _ in range(count)])
    rare = "nothing matches: exporter, p99 ms"
    found[RATIO] = found["nothing matches: Datasette, p50 ms"] / figures[rare]
    return found


# Catch-up with and without an index


def catch_up(bench: Bench) -> Figures:
    """Processor time until all rows are read, in turns."""
    ratios, with_index, without = [], [], []
    for pair in range(PAIRS):
        state = bench.directory / f"pages-pair-{bench.round}-{pair}"
        order = [None, state] if pair % 2 else [state, None]
        used = {}
        for each in order:
            with running(bench.programs.serve(bench.million.path, state=each)) as server:
                ready(server)
                used[each] = server.cpu()
        with_index.append(used[state])
        without.append(used[None])
        ratios.append(used[state] / used[None])
    return {"catch-up of a million rows with an index, s": statistics.median(with_index),
            "catch-up without state, s": statistics.median(without),
            CATCH_UP: statistics.median(ratios)}


def ready(server: Server) -> None:
    server.wait_until_ok("/-/ready")


def saved(server: Server, state: Path) -> None:
    """Waits for the first checkpoint, which the index belongs to."""
    while not any(file.suffix == ".checkpoint" for file in state.iterdir()):
        time.sleep(0.1)


def state_bytes(state: Path) -> float:
    return sum(file.stat().st_size for file in state.iterdir() if file.suffix == ".rows")


# Scrapes and writers beside many clients


def beside(server: Server, bench: Bench) -> Figures:
    """A scrape and a commit in a second database, alone and while clients page and export."""
    figures = times_of_others(server, bench, "alone")
    with clients(server, bench.largest.rows):
        figures |= times_of_others(server, bench, f"beside {CLIENTS} clients")
    return figures


def times_of_others(server: Server, bench: Bench, when: str) -> Figures:
    """A writer commits to the followed database, and somebody scrapes."""
    connection = sqlite3.connect(bench.largest.path, isolation_level=None, timeout=5)
    payload = json.dumps({"agent": COMMON, "output_quality": 0.8})
    commits, scrapes, end = [], [], time.monotonic() + BESIDE_SECONDS
    while time.monotonic() < end:
        start = time.perf_counter()
        connection.execute("INSERT INTO evidence (event, payload, ts) VALUES (?, ?, datetime('now'))",
                           [RUN, payload])
        commits.append((time.perf_counter() - start) * 1000)
        scrapes.append(timed(server, "/metrics"))
        time.sleep(0.05)
    connection.close()
    return percentiles(when, "a scrape", scrapes) | percentiles(when, "a commit", commits)


@contextmanager
def clients(server: Server, last: int):
    """Half of them page through everything, half export."""
    stop = threading.Event()
    threads = [threading.Thread(target=export if number % 4 == 3 else page,
                                args=(server.port, last, stop)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def page(port: int, last: int, stop: threading.Event) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    while not stop.is_set():
        query = urllib.parse.urlencode(
            {"agent": random.choice(AGENTS), "before": random.randint(1000, last)})
        connection.request("GET", f"/evidence?{query}")
        connection.getresponse().read()


def export(port: int, last: int, stop: threading.Event) -> None:
    while not stop.is_set():
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        query = urllib.parse.urlencode({"agent": random.choice(AGENTS), "format": "csv"})
        connection.request("GET", f"/api/v1/evidence?{query}")
        answer = connection.getresponse()
        while not stop.is_set() and answer.read(65536):
            pass
        connection.close()


RATIO = "nothing matches: Datasette p50 / exporter p99"
CATCH_UP = "catch-up, with an index / without state"
BAR = Target(50, 10)
EXPERIMENT = Experiment(
    "pages",
    "Pages of evidence",
    "The largest database, warm; the catch-up is of up to a million rows, in alternating pairs. "
    f"Datasette answers the same question in SQL over the same file. Beside {CLIENTS} clients that "
    "page and export, a scrape and a writer's commit are timed, as alone before.",
    measure,
    {
        **{f"{name}: exporter, p99 ms": BAR for name in paths(1)},
        RATIO: Target(20, 100, at_least=True),
        CATCH_UP: Target(1.05, 1.03),
        "index: MB a million rows": Target(17, 15),
        "exporter: resident after all pages, MiB": Target(35, 30),
        "exporter: more than before the first page, MiB": Target(3, 1),
        f"beside {CLIENTS} clients: a scrape, p99 ms": Target(1000, 100),
    },
)
