"""The order in which rows count: what several exporters make of one table, and how long rows wait.

Prints a line for each case; ends with 1 where one is not as it should be.
"""

import argparse
import re
import subprocess
import sys
import time

import postgres_cluster as postgres
from contract import family_of
from page import TEXT, fetch
from postgres_writers import Exporter, prepare, settle, writers

# Scores and names differ from row to row, so that another order of counting shows.
AUTOCOMMIT = """\\set score random(0, 1000)
\\set name random(1, 3)
INSERT INTO evidence (event, payload) VALUES ('quality_gate_evaluation', json_build_object(
  'gate', 'gate ' || :name, 'output_quality', :score / 1000.0, 'rmm_score', :score / 1000.0,
  'current_threshold', :score % 7 / 10.0, 'self_assessment', json_build_object(
    'consistency', :score / 1000.0, 'calibration_needed', :score % 2 = 0))::text);
\\sleep 5 ms
"""
ORDER_WAIT = 1.0
# A poll, two looks at the locks, the page, and a machine with other work.
SLACK = 0.5


def series(exporter: Exporter) -> dict:
    """What the rows alone decide."""
    values = fetch(exporter.url, TEXT).values
    derived = {}
    for (name, labels), value in values.items():
        family = family_of(name)
        if family and family.source == "rows" and family.name != "reflexive_store_info":
            derived[name, labels] = value
    return derived


def equal(cluster, standby, binary: str, seconds: int) -> bool:
    """One exporter that follows, one that comes later, and one that reads the standby."""
    prepare(cluster, binary, "")
    exporters = [Exporter(binary, cluster.port), Exporter(binary, standby.port)]
    work = writers(cluster, AUTOCOMMIT, seconds, 16)
    time.sleep(seconds / 2)
    exporters.append(Exporter(binary, cluster.port))
    work.wait()
    expected = int(cluster.sql("SELECT count(*) FROM evidence"))
    counted = [settle(exporter, expected) for exporter in exporters]
    late = [exporter.sum("reflexive_store_late_rows_total") for exporter in exporters]
    found = [series(exporter) for exporter in exporters]
    differing = [
        key for other in found[1:] for key in found[0].keys() | other.keys()
        if found[0].get(key) != other.get(key)]
    for exporter in exporters:
        exporter.stop()
    is_right = counted == [expected] * 3 and late == [0] * 3 and not differing and len(found[0]) > 50
    print(f"autocommit writers: {expected} committed, {counted} counted, {late} late, "
          f"{len(found[0])} series, {len(differing)} of them differ"
          + ("" if is_right else f"; WRONG: {differing[:10]}"), flush=True)
    return is_right


class Session:
    """A connection that a writer keeps open."""

    def __init__(self, cluster: postgres.Cluster):
        self.process = subprocess.Popen(
            cluster.psql(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, statement: str) -> str:
        """Returns what the statement prints, once it has ended."""
        self.process.stdin.write(f"{statement};\nSELECT 'end';\n")
        self.process.stdin.flush()
        printed = iter(self.process.stdout.readline, "end\n")
        return "".join(printed).strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def delays(cluster, exporter: Exporter, rows: int) -> list[float]:
    """How long after its commit each row was counted."""
    writer = Session(cluster)
    committed, seen = [], []
    tail = re.compile(r"^reflexive_store_tail_id\{.*\} (\d+)$", re.MULTILINE)

    def look():
        found = int(tail.search(exporter.page())[1])
        while len(seen) < len(committed) and committed[len(seen)][0] <= found:
            seen.append(time.monotonic() - committed[len(seen)][1])

    for _ in range(rows):
        # An id that nobody uses makes a gap, for which the row has to wait.
        writer.run("SELECT nextval('evidence_id_seq')")
        written = writer.run(
            "INSERT INTO evidence (event, payload) VALUES ('note', '{}') RETURNING id")
        committed.append((int(written), time.monotonic()))
        until = time.monotonic() + 0.1
        while time.monotonic() < until:
            look()
            time.sleep(0.005)
    deadline = time.monotonic() + 20
    while len(seen) < rows and time.monotonic() < deadline:
        look()
        time.sleep(0.005)
    writer.close()
    return seen


def waits(cluster, server, binary: str, name: str, statement: str, rows: int) -> bool:
    """A transaction is open all the time."""
    prepare(cluster, binary, "")
    cluster.sql("CREATE TABLE IF NOT EXISTS unrelated (id int)")
    cluster.sql("INSERT INTO evidence (event, payload) VALUES ('note', '{}')")
    exporter = Exporter(binary, server.port)
    settle(exporter, 1)
    holder = Session(cluster)
    holder.run(f"BEGIN; {statement}")
    found = delays(cluster, exporter, rows)
    holder.run("ROLLBACK")
    holder.close()
    exporter.stop()
    is_right = len(found) == rows and max(found) <= ORDER_WAIT + SLACK
    print(f"{name}: {len(found)} of {rows} rows counted, p50 {sorted(found)[len(found) // 2]:.3f} s, "
          f"at most {max(found):.3f} s" + ("" if is_right else f"; WRONG\n{exporter.text()}"),
          flush=True)
    return is_right


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", required=True)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--rows", type=int, default=8)
    chosen = options.parse_args()
    cluster = postgres.Cluster()
    standby = None
    try:
        cluster.sql("CREATE ROLE reflexive LOGIN")
        standby = postgres.Cluster("standby", source=cluster)
        unrelated = "INSERT INTO unrelated VALUES (1)"
        own = "INSERT INTO evidence (event, payload) VALUES ('note', '{}')"
        is_right = [
            equal(cluster, standby, chosen.binary, chosen.seconds),
            waits(cluster, cluster, chosen.binary, "an unrelated transaction is open", unrelated,
                  chosen.rows),
            waits(cluster, standby, chosen.binary, "the same, read from a standby", unrelated,
                  chosen.rows),
            waits(cluster, cluster, chosen.binary, "a transaction that holds an id is open", own,
                  chosen.rows),
        ]
    finally:
        if standby:
            standby.close()
        cluster.close()
    return 0 if all(is_right) else 1


if __name__ == "__main__":
    sys.exit(main())
