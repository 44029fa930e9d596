#!/usr/bin/env python3
"""Compares the drops that the exporter serves with the vectors, and after kills with no kills.

    served_drops.py golden BINARY
    served_drops.py killed BINARY [--kills 50] [--seed 1]

Prints how much was compared, and exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from allowed import key
from contract import EVALUATION, EXECUTION
from database import Database, iso
from page import TEXT, Exposition, fetch
from prometheus_run import free_port
from server_process import serving

VECTORS = Path(__file__).parents[2] / "ReflexiveCoreTests/Drops/golden.json"
START = 1_700_000_000.0
LEAST_RUNS = 100
"""A configuration allows no fewer `false_alarm_runs`."""


@contextlib.contextmanager
def exporter(binary: str, work: Path, configuration: object, state: str) -> Iterator[str]:
    """A running exporter; yields the URL of its metrics."""
    address = f"127.0.0.1:{free_port()}"
    file = work / f"{free_port()}.json"
    file.write_text(json.dumps(configuration))
    command = [binary, "serve", "--state.path", state, "--web.listen-address", address,
               "--config.file", str(file)]  # fmt: skip
    with serving(command, f"http://{address}/-/ready", file.with_suffix(".log")):
        yield f"http://{address}/metrics"


def until(what: str, condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Stream:
    """One vector, in a store of its own."""

    def __init__(self, vector: dict, work: Path) -> None:
        self.vector, self.name = vector, vector["name"].replace(" ", "-")
        self.path = work / f"{self.name}.db"
        self.db = Database(str(self.path), journal="wal")
        self.db.connection.commit()
        self.written = 0

    @property
    def store(self) -> dict:
        config = self.vector["config"]
        drop = {name: float(config[name]) for name in ("false_alarm_runs", "recovery_runs",
                "tolerance") if name in config}  # fmt: skip
        objectives = {"qsr": float(config["objective"]), "drop": drop}
        objectives["min_samples"] = config.get("min_samples", 5)
        return {"path": str(self.path), "name": self.name, "objectives": objectives}

    def write(self, rows: int) -> None:
        """Rows up to so many in all; scores stand in the payload as they stand in the vector."""
        for row in range(self.written, rows):
            payload = f'{{"agent": "A", "output_quality": {self.vector["scores"][row]}}}'
            id = self.vector["first_id"] + row
            self.db.insert(EXECUTION, payload, ts=iso(START + 60 * row), id=id)
        self.db.connection.commit()
        self.written = rows

    def expected(self, state: dict) -> dict[tuple[str, str], float | None]:
        """The series of the state, by name and reference."""
        epoch = state["epoch"]
        limits = {"objective": self.vector["config"]["objective"], "normal": epoch["low"]}
        found: dict[tuple[str, str], float | None] = {}
        found["normal", ""] = mean(epoch["sum"], epoch["count"]) if epoch["count"] else None
        for name, limit in limits.items():
            it = state[name]
            limit = float(it["limit"]) if it["active"] else min(float(limit), 0.999)
            active = it["active"]
            found |= {
                ("drops_total", name): it["drops"],
                ("drop_active", name): int(active),
                ("drop_evidence", name): float(it["evidence"]),
                ("drop_limit", name): limit if limit >= 0.001 else None,
                ("drop_mean", name): mean(it["sum"], it["count"]) if active else None,
                ("drop_samples", name): it["count"] if active else None,
                ("drop_start_id", name): it["start_id"] if active else None,
                ("drop_start_timestamp_seconds", name):
                    float(it["start_time"]) if active else None,
            }  # fmt: skip
        return found

    def compare(self, page: Exposition, state: dict) -> int:
        for (name, reference), value in self.expected(state).items():
            labels = {"store": self.name, "agent": "A"}
            if reference:
                labels["reference"] = reference
            served = page.values.get(key(f"reflexive_qsr_{name}", **labels))
            if served != value:
                row = self.written - 1
                raise SystemExit(
                    f"{self.name}, row {row}: {name} {reference} is {served!r}, not {value!r}")
        return len(self.expected(state))


def mean(total: str, count: int) -> float:
    return round(float(total) / count, 9)


def golden(binary: str, work: Path) -> str:
    """Every state of every vector that a configuration can ask for."""
    vectors = json.loads(VECTORS.read_text())
    vectors = [vector for vector in vectors
               if float(vector["config"].get("false_alarm_runs", LEAST_RUNS)) >= LEAST_RUNS]
    streams = [Stream(vector, work) for vector in vectors]
    values = states = 0
    with exporter(binary, work, {"stores": [stream.store for stream in streams]}, "none") as url:
        for place in range(max(len(vector["states"]) for vector in vectors)):
            due = [s for s in streams if place < len(s.vector["states"])]
            for stream in due:
                stream.write(stream.vector["states"][place]["row"] + 1)
            pages: list[Exposition] = []

            def is_read() -> bool:
                pages[:] = [fetch(url, TEXT)]
                return all(pages[0].values.get(key("reflexive_store_tail_id", store=s.name))
                           == s.vector["first_id"] + s.written - 1 for s in due)

            until("all rows are read", is_read)
            for stream in due:
                step = stream.vector["states"][place]
                values += stream.compare(pages[0], step["state"])
                states += 1
    return f"{states} states of {len(streams)} vectors, {values} values: equal to the last bit"


def drop_lines(url: str) -> list[str]:
    """The lines of the page about drops, as they stand there."""
    with urllib.request.urlopen(url) as answer:
        lines = answer.read().decode().splitlines()
    return [line for line in lines if re.match(r"reflexive_\w+_(drops?_\w+|normal)\{", line)]


def tail(url: str) -> float | None:
    return fetch(url, TEXT).values.get(key("reflexive_store_tail_id", store="evidence"))


def killed(binary: str, work: Path, kills: int, seed: int) -> str:
    """SIGKILL at random rows, resumed from a checkpoint or rebuilt, beside one that lives on."""
    rng = random.Random(seed)
    path, state = work / "evidence.db", work / "state"
    db = Database(str(path), journal="wal")
    db.connection.commit()
    configuration = {"stores": [{"path": str(path)}]}
    written = resumed = active = 0

    def write(rows: int) -> None:
        nonlocal written
        for row in range(written, rows):
            level = 0.3 if row // 90 % 3 == 2 else 0.85
            score = min(1.0, max(0.0, rng.gauss(level, 0.1)))
            payload = {"agent": f"A{row % 3}", "output_quality": score, "rmm_score": score}
            db.insert(EXECUTION, payload, ts=iso(START + row))
            payload = {"gate": "G", "self_assessment": {"consistency": score}}
            db.insert(EVALUATION, payload, ts=iso(START + row))
        db.connection.commit()
        written = rows

    write(50)
    with exporter(binary, work, configuration, "none") as living:
        for life in range(kills):
            # Some begin without a checkpoint: they rebuild from the rows, and soon write one.
            if life % 6 == 0:
                shutil.rmtree(state, ignore_errors=True)
            log = work / "killed.log"
            with start(binary, work, configuration, state, log) as (process, url):
                until("it serves", lambda: tail(url) is not None)
                write(written + rng.randint(1, 40))
                if life % 6 == 0:
                    until("a checkpoint is written", lambda: list(state.glob("*.checkpoint")))
                time.sleep(rng.uniform(0, 0.05))
                process.send_signal(signal.SIGKILL)
            write(written + rng.randint(1, 40))
            if life % 6 == 3:
                shutil.rmtree(state, ignore_errors=True)
            with start(binary, work, configuration, state, log) as (process, url):
                for each in (url, living):
                    until("all rows are read", lambda: tail(each) == 2 * written)
                found, expected = drop_lines(url), drop_lines(living)
                if found != expected:
                    lines = [f"{a} but {b}" for a, b in zip(found, expected) if a != b]
                    raise SystemExit(f"life {life}, {written} rows: " + "\n".join(lines[:5]))
                resumed += b"resumed from a checkpoint" in log.read_bytes()
                active += any(re.search(r"drop_active\{.*\} 1$", line) for line in found)
                process.send_signal(signal.SIGKILL)
    if not (resumed and active and resumed < kills):
        raise SystemExit(f"{resumed} resumed, {active} with a drop, of {kills}: too one-sided")
    return (f"{kills} kills over {written} rows, {resumed} resumed, {active} during a drop: "
            f"{len(expected)} series equal to the byte")


@contextlib.contextmanager
def start(
    binary: str, work: Path, configuration: object, state: Path, log: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An exporter that the caller kills."""
    file, address = work / "killed.json", f"127.0.0.1:{free_port()}"
    file.write_text(json.dumps(configuration))
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [binary, "serve", "--state.path", str(state), "--web.listen-address", address,
             "--config.file", str(file)], stdout=output, stderr=output)  # fmt: skip
    try:
        until("it listens", lambda: b"msg=listening" in log.read_bytes())
        yield process, f"http://{address}/metrics"
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["golden", "killed"])
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reflexive-drops-") as directory:
        work = Path(directory)
        if arguments.what == "golden":
            print(golden(arguments.binary, work))
        else:
            print(killed(arguments.binary, work, arguments.kills, arguments.seed))


if __name__ == "__main__":
    sys.exit(main())
