"""Receiving: what a row costs that is pushed by HTTP, beside one that Python writes to the file itself."""

from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from bench import Bench
from server import HOST, Server, running
from targets import Experiment, Figures, Target

BATCH = 2000
FULL, QUICK = 400_000, 40_000
CREATE = ("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL,"
          " payload TEXT NOT NULL, ts TEXT NOT NULL)")
PYTHON = """
import json, sqlite3, sys, time
from pathlib import Path
path, bodies = sys.argv[1], sys.argv[2]
batches = [[("metacognitive_agent_execution", line, "2026-11-25T08:00:00Z") for line in body.split("\\n")]
           for body in Path(bodies).read_text().split("\\0")]
connection = sqlite3.connect(path)
begin, cpu = time.monotonic(), time.process_time()
for batch in batches:
    connection.executemany("INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)", batch)
    connection.commit()
print(time.process_time() - cpu, time.monotonic() - begin)
"""


def bodies(count: int) -> list[str]:
    """Batches of payloads as Python agents write them, each with its time."""
    lines, start = [], time.time() - count / 100
    for number in range(count):
        lines.append(json.dumps({
            "event": "metacognitive_agent_execution", "agent": f"Agent{number % 8}",
            "output_quality": round(0.6 + number % 40 / 100, 4), "rmm_score": 0.8,
            "timestamp": round(start + number / 100, 2),
            "run": f"{number:032x}", "detail": {"input_tokens": number % 4096, "note": "x" * 60}}))
    return ["\n".join(lines[first:first + BATCH]) for first in range(0, count, BATCH)]


def measure(bench: Bench) -> Figures:
    count = QUICK if bench.quick else FULL
    batches = bodies(count)
    figures: Figures = {}
    for journal, title in (("delete", "rollback journal"), ("wal", "WAL")):
        python = by_python(bench, journal, batches) / count
        pushed = by_pushing(bench, journal, batches)
        figures |= {
            f"{title}: Python's executemany, µs of CPU a row": python * 1e6,
            f"{title}: pushed, µs of CPU a row": pushed["cpu"] / count * 1e6,
            f"{title}: pushed, rows a second": count / pushed["wall"],
            RATIO[journal]: python / (pushed["cpu"] / count),
        }
    return figures


def database(bench: Bench, journal: str) -> Path:
    path = bench.fresh(f"received-{journal}.db")
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute(CREATE)
    connection.commit()
    connection.close()
    return path


def by_python(bench: Bench, journal: str, batches: list[str]) -> float:
    """Seconds of processor time."""
    path, text = database(bench, journal), bench.fresh("bodies")
    text.write_text("\0".join(batches))
    done = subprocess.run([sys.executable, "-c", PYTHON, path, text], capture_output=True, text=True,
                          check=True)
    path.unlink()
    return float(done.stdout.split()[0])


def by_pushing(bench: Bench, journal: str, batches: list[str]) -> dict[str, float]:
    """Seconds of processor time of the exporter, which also reads and counts the rows, and of the clock."""
    path = database(bench, journal)
    configuration = bench.fresh("receiving.yml")
    configuration.write_text(f"stores: [{{ path: {path}, receive: true }}]\n")
    command = bench.programs.serve() + [f"--config.file={configuration}"]
    with running(command) as server:
        server.wait_until_ok("/-/ready")
        cpu, begin = server.cpu(), time.monotonic()
        push(server, batches)
        wall = time.monotonic() - begin
        rows = sum(body.count("\n") + 1 for body in batches)
        while f'reflexive_store_tail_id{{store="{path.stem}"}} {rows}\n' not in (
            server.get("/metrics").body.decode()):
            time.sleep(0.05)
        used = server.cpu() - cpu
    path.unlink()
    return {"cpu": used, "wall": wall}


def push(server: Server, batches: list[str]) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    for body in batches:
        connection.request("POST", "/api/v1/evidence", body.encode(),
                           {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {text[:200]!r}")
    connection.close()


RATIO = {
    "delete": "rollback journal: rows a CPU second, pushed / Python's executemany",
    "wal": "WAL: rows a CPU second, pushed / Python's executemany",
}
EXPERIMENT = Experiment(
    "receiving",
    "Receiving",
    f"Bodies of {BATCH:,} payloads, each committed durably before it is answered. The exporter's time is of "
    "all that it does: HTTP, the checks, the digest of the body, the commit, and reading and counting the "
    "rows. Python writes tuples that it has ready, with SQLite's defaults.",
    measure,
    {ratio: Target(1 / 2, 1, at_least=True) for ratio in RATIO.values()},
)
