#!/usr/bin/env python3
"""Kills a receiver at random moments while clients push, and counts what is in the table.

    receiver_kill.py EXPORTER ROUNDS [--seed N]

In both journal modes: every push that was answered with 201 is there once, every other one is there
once or not at all, and a push that is sent again after a restart is there once. Prints what it saw.
"""

from __future__ import annotations

import argparse
import http.client
import json
import pathlib
import random
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

CLIENTS = 4
LONGEST_LIFE = 0.4


@dataclass
class Push:
    """One batch, and whether it was acknowledged."""

    number: int
    rows: int
    keyed: bool
    acknowledged: bool = False

    def body(self) -> bytes:
        lines = [json.dumps({"event": "note", "batch": self.number, "n": n, "timestamp": 1.7e9})
                 for n in range(self.rows)]
        return "\n".join(lines).encode()


@dataclass
class Clients:
    """What was pushed, by several threads."""

    port: int
    random: random.Random
    pushes: list[Push] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)
    faults: list[str] = field(default_factory=list)

    def next(self) -> Push:
        """A new push, or an old one again that was not acknowledged."""
        with self.lock:
            open_pushes = [push for push in self.pushes[-200:] if not push.acknowledged]
            if open_pushes and self.random.random() < 0.3:
                return self.random.choice(open_pushes)
            rows = self.random.choice([1, 10, 300, 3000])
            push = Push(len(self.pushes), rows, self.random.random() < 0.5)
            self.pushes.append(push)
            return push

    def send(self, push: Push, timeout: float = 20) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Content-Type": "application/x-ndjson"}
        if push.keyed:
            headers["Idempotency-Key"] = f"push {push.number}"
        try:
            connection.request("POST", "/api/v1/evidence", push.body(), headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 201:
                if json.loads(text)["rows"] != push.rows:
                    self.faults.append(f"push {push.number} of {push.rows} rows: {text!r}")
                push.acknowledged = True
            elif answer.status not in (429, 503):
                self.faults.append(f"push {push.number}: {answer.status} {text!r}")
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
        finally:
            connection.close()

    def run(self) -> None:
        while not self.stopped.is_set():
            self.send(self.next())


def start(exporter: str, folder: pathlib.Path, port: int) -> subprocess.Popen[bytes]:
    """Starts the receiver and waits until it listens."""
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen(
            [exporter, "serve", f"--config.file={folder}/exporter.yml", "--state.path=none",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()[-2000:]) from None
            time.sleep(0.005)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def faults(folder: pathlib.Path, clients: Clients) -> list[str]:
    """Pushes that are there in part, twice, or not although they were acknowledged."""
    connection = sqlite3.connect(folder / "evidence.db", timeout=10)
    found = {(batch): (count, distinct) for batch, count, distinct in connection.execute("""
        SELECT json_extract(payload, '$.batch'), count(*), count(DISTINCT json_extract(payload, '$.n'))
        FROM evidence GROUP BY 1""")}
    check = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    wrong = [] if check == "ok" else [check]
    for push in clients.pushes:
        count, distinct = found.get(push.number, (0, 0))
        if (count, distinct) not in {(push.rows, push.rows), (0, 0)}:
            wrong.append(f"push {push.number} of {push.rows} rows has {count} in the table")
        elif push.acknowledged and not count:
            wrong.append(f"push {push.number} was acknowledged and is not there")
    return wrong + clients.faults


def play(exporter: str, journal: str, rounds: int, seed: int) -> str:
    choice = random.Random(f"{journal} {seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        connection = sqlite3.connect(folder / "evidence.db")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                           " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
        connection.commit()
        connection.close()
        (folder / "exporter.yml").write_text("stores: [{ path: evidence.db, receive: true }]\n")
        clients = Clients(free_port(), choice)
        threads = [threading.Thread(target=clients.run) for _ in range(CLIENTS)]
        process = start(exporter, folder, clients.port)
        for thread in threads:
            thread.start()
        for _ in range(rounds):
            time.sleep(choice.random() * LONGEST_LIFE)
            process.kill()
            process.wait()
            process = start(exporter, folder, clients.port)
        clients.stopped.set()
        for thread in threads:
            thread.join()
        wrong = faults(folder, clients)
        killed = sum(not push.acknowledged for push in clients.pushes)
        # Sent again, whatever became of it, each is there.
        for push in clients.pushes:
            if not push.acknowledged or push.number % 50 == 0:
                clients.send(push)
        process.terminate()
        process.wait()
        wrong += faults(folder, clients)
        missing = [push.number for push in clients.pushes if not push.acknowledged]
        assert not wrong and not missing, (wrong[:10], missing[:10])
        rows = sum(push.rows for push in clients.pushes)
        return (f"{journal}: {rounds} kills, {len(clients.pushes)} pushes of {rows} rows, "
                f"{killed} not acknowledged when the kills ended; each is there once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exporter")
    parser.add_argument("rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for journal in ("delete", "wal"):
        print(play(options.exporter, journal, options.rounds, options.seed), flush=True)


if __name__ == "__main__":
    main()
