"""PostgreSQL: what following a table costs the exporter, the server and the writers."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import evidence
from bench import Bench
from freshness import follow
from idle import INTERVAL, watch
from measure import expect, sample
from server import HOST, Server, cpu_clock, running
from targets import Experiment, Figures, Target, percentile
from toolchain import ROOT

sys.path.append(str(ROOT / "Tests/EndToEndTests/Python"))
import postgres_cluster  # noqa: E402

Cluster = postgres_cluster.Cluster
READER, ASKER = "reflexive", "asker"
EXECUTIONS = "FROM evidence WHERE event = 'metacognitive_agent_execution'"
EVALUATIONS = "FROM evidence WHERE event = 'quality_gate_evaluation'"
QUERIES = {
    "plan_qsr_average":
        f"SELECT avg(CAST(CAST(payload AS json)->>'output_quality' AS float8)) {EXECUTIONS}",
    "plan_self_assessment_consistency":
        "SELECT CAST(CAST(payload AS json)->'self_assessment'->>'consistency' AS float8)"
        f" {EVALUATIONS} ORDER BY id DESC LIMIT 3",
    "plan_threshold_average":
        f"SELECT avg(CAST(CAST(payload AS json)->>'current_threshold' AS float8)) {EVALUATIONS}",
    "plan_rmm_score":
        "SELECT CAST(CAST(payload AS json)->>'rmm_score' AS float8) FROM evidence"
        " WHERE CAST(payload AS json)->>'rmm_score' IS NOT NULL ORDER BY id DESC LIMIT 1",
}
"""The four queries of the peers, on a payload in a column of type text."""
SLOW = 250
"""Milliseconds above which the server logs a statement of the exporter."""
CLIENTS, RATE = 8, 300
PAIRS = 5


def measure(bench: Bench) -> Figures:
    cluster = Cluster()
    try:
        create(bench, cluster)
        load(cluster, bench)
        configuration = bench.fresh("postgresql.yml")
        configuration.write_text(
            f"stores: [{{name: prod, postgresql: {{host: {HOST}, port: {cluster.port},"
            f" database: agents, user: {READER}}}}}]\n")
        command = bench.programs.serve() + [f"--config.file={configuration}"]
        with running(command) as server:
            figures = catch_up(server, cluster, bench)
            figures |= at_rest(server, cluster, bench)
            figures |= writers(server, cluster, bench)
            figures |= fresh(server, cluster, bench)
            figures |= four_queries(server, cluster, bench, figures)
        log = (cluster.directory / "log").read_text()
        return figures | {SLOW_STATEMENTS: log.count("duration: ")}
    finally:
        cluster.close()


def create(bench: Bench, cluster: Cluster) -> None:
    """The table and the role of `init`, and a role for the queries that needs no guards."""
    statements = subprocess.run(
        [bench.programs.exporter, "init", "--postgresql"], capture_output=True, text=True, check=True
    ).stdout
    cluster.sql(
        f"{statements} ALTER ROLE {READER} SET log_min_duration_statement = {SLOW};"
        f" CREATE ROLE {ASKER} LOGIN; GRANT SELECT ON evidence TO {ASKER};")


def load(cluster: Cluster, bench: Bench) -> None:
    command = [*cluster.psql(), "-c", "COPY evidence (event, payload, ts) FROM STDIN"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as copy:
        for event, payload, ts in evidence.evidence(bench.million.rows, end=bench.end, seed=0):
            quoted = payload.replace("\\", "\\\\")
            copy.stdin.write(f"{event}\t{quoted}\t{ts}Z\n")
    cluster.sql("VACUUM (ANALYZE) evidence; CHECKPOINT;")


def server_cpu(cluster: Cluster, role: str = READER) -> float:
    """Seconds of processor time of the server processes that work for a role."""
    pids = cluster.sql(f"SELECT pid FROM pg_stat_activity WHERE usename = '{role}'").split()
    return sum(time.clock_gettime(cpu_clock(int(pid))) for pid in pids)


def catch_up(server: Server, cluster: Cluster, bench: Bench) -> Figures:
    database = bench.million
    server.wait_until_ok("/-/ready")
    client, served, peak = server.cpu(), server_cpu(cluster), server.memory().peak
    page = server.get("/metrics").body.decode()
    expect("rows", sample(page, "reflexive_store_tail_id"), database.rows)
    average = sample(page, "reflexive_store_qsr_average", 'window="all"')
    expect("average", average, database.average)
    with running(bench.programs.serve(database.path)) as file:
        file.wait_until_ok("/-/ready")
        peak_of_file = file.memory().peak
    return {
        CATCH_UP: database.rows / client / 1e6,
        "catch-up: server, million rows a CPU second": database.rows / served / 1e6,
        "catch-up: peak, MiB": peak,
        MEMORY: peak - peak_of_file,
    }


def at_rest(server: Server, cluster: Cluster, bench: Bench) -> Figures:
    """Nobody writes, and a scrape comes every 15 seconds."""
    time.sleep(2)
    start, before = time.monotonic(), server_cpu(cluster)
    (client,) = watch([server], [], 1 if bench.quick else 4)
    served = (server_cpu(cluster) - before) / (time.monotonic() - start)
    return {IDLE_CLIENT: 100 * client, IDLE_SERVER: 100 * served}


def writers(server: Server, cluster: Cluster, bench: Bench) -> Figures:
    """pgbench's writers in turns alone, while the exporter is stopped, and beside it."""
    seconds = 2 if bench.quick else 5
    alone, beside = [], []
    for _ in range(PAIRS):
        with stopped(server):
            alone.append(write(bench, cluster, seconds))
        beside.append(write(bench, cluster, seconds))
    (p50s, p99s), (p50s_beside, p99s_beside) = zip(*alone), zip(*beside)
    return {
        "writer alone: p50, ms": statistics.median(p50s),
        "writer alone: p99, ms": statistics.median(p99s),
        "writer beside the exporter: p50, ms": statistics.median(p50s_beside),
        "writer beside the exporter: p99, ms": statistics.median(p99s_beside),
        WRITER: statistics.median(p50s_beside) / max(p50s),
    }


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def write(bench: Bench, cluster: Cluster, seconds: int) -> tuple[float, float]:
    """Milliseconds, half and 99 % of the transactions took no longer."""
    script = bench.fresh("writer.sql")
    script.write_text(
        "INSERT INTO evidence (event, payload) VALUES ('metacognitive_agent_execution',"
        " '{\"agent\": \"writer :client_id\", \"output_quality\": 0.8}');\n")
    prefix = bench.directory / "transactions"
    subprocess.run(
        [str(postgres_cluster.BIN / "pgbench"), "-n", "-h", HOST, "-p", str(cluster.port), "-U", "owner",
         "-c", str(CLIENTS), "-R", str(RATE), "-T", str(seconds), "-f", str(script), "-l",
         f"--log-prefix={prefix}", "agents"],
        capture_output=True, check=True)
    times = []
    for log in bench.directory.glob("transactions.*"):
        # client, transaction, time from its due time, script, second, microsecond, lag behind it
        lines = [line.split() for line in log.read_text().splitlines()]
        times += [(int(line[2]) - int(line[6])) / 1000 for line in lines]
        log.unlink()
    return statistics.median(times), percentile(times, 0.99)


def fresh(server: Server, cluster: Cluster, bench: Bench) -> Figures:
    """Rows of a writer with a transaction a row, from the commit's return to a page with it."""
    count = 200 if bench.quick else 1_000
    rows = int(cluster.sql("SELECT max(id) FROM evidence"))
    writer = [
        str(bench.programs.python), str(ROOT / "Benchmarks/postgresql_writer.py"),
        f"host={HOST} port={cluster.port} dbname=agents user=owner", str(count),
    ]
    commits, seen, _ = follow(writer, server.port, count, rows=rows, pause=0.002)
    delays = [1000 * max(0, seen[rows + 1 + n] - at) for n, at in enumerate(commits)]
    page = server.get("/metrics").body.decode()
    return {
        "commit to page: p50, ms": statistics.median(delays),
        P99: percentile(delays, 0.99),
        "commit to page: max, ms": max(delays),
        "rows counted late": sample(page, "reflexive_store_late_rows_total"),
    }


def four_queries(server: Server, cluster: Cluster, bench: Bench, figures: Figures) -> Figures:
    """query-exporter asks the same server, as sql_exporter does, with every query at every scrape."""
    if not bench.programs.query_exporter:
        return {}
    address = f"postgresql+psycopg://{ASKER}@{HOST}:{cluster.port}/agents"
    command = bench.programs.query_exporter_at(address, QUERIES, bench.fresh("queries.yaml"))
    with running(command) as peer:
        page = peer.wait_until_ok("/metrics").body.decode()
        ours = sample(server.get("/metrics").body.decode(), "reflexive_store_qsr_average", 'window="all"')
        expect("average", sample(page, "plan_qsr_average"), ours)
        scrapes = 1 if bench.quick else 3
        client, served, start = peer.cpu(), server_cpu(cluster, ASKER), time.monotonic()
        for _ in range(scrapes):
            peer.get("/metrics")
        took = (time.monotonic() - start) / scrapes
        client = (peer.cpu() - client) / scrapes
        served = (server_cpu(cluster, ASKER) - served) / scrapes
    share = 100 * (client + served) / INTERVAL
    both = figures[IDLE_CLIENT] + figures[IDLE_SERVER]
    return {
        "four queries a scrape: client's CPU, ms": 1000 * client,
        "four queries a scrape: server's CPU, ms": 1000 * served,
        "four queries a scrape: time, ms": 1000 * took,
        f"four queries a scrape every {INTERVAL:.0f} s, client and server, % of a core": share,
        RATIO: both / share,
    }


CATCH_UP = "catch-up: million rows a CPU second"
MEMORY = "catch-up: peak above that of the same rows in SQLite, MiB"
IDLE_CLIENT, IDLE_SERVER = "idle: exporter, % of a core", "idle: server, % of a core"
P99 = "commit to page: p99, ms"
WRITER = "writer's p50 beside the exporter / the largest alone"
SLOW_STATEMENTS = f"statements over {SLOW} ms"
RATIO = "idle, exporter / four queries a scrape, CPU of client and server"
EXPERIMENT = Experiment(
    "postgresql",
    "PostgreSQL",
    "A million rows (the largest database up to that) in a server on the same machine, which is asked every "
    f"50 ms; idle with a scrape every {INTERVAL:.0f} seconds. Then {CLIENTS} clients of pgbench that "
    f"insert {RATE} rows a second, {PAIRS} times alone and {PAIRS} times beside the exporter, and a writer "
    "with 67 rows a second whose rows are awaited on the page. At last query-exporter with the four queries.",
    measure,
    {
        CATCH_UP: Target(0.45, 0.6, at_least=True),
        MEMORY: Target(16, 8),
        IDLE_CLIENT: Target(0.3, 0.15),
        IDLE_SERVER: Target(1, 0.5),
        P99: Target(75, 60),
        WRITER: Target(1, 1),
        SLOW_STATEMENTS: Target(0, 0, worst=True),
        RATIO: Target(None, 1),
    },
)
