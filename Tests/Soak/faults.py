"""Faults that happen to stores in the field."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import writer

WRITER = Path(__file__).with_name("writer.py")
TABLE = "CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, payload TEXT, ts TEXT)"


def create(path: Path, journal: str) -> None:
    with connect(path) as database:
        database.execute(f"PRAGMA journal_mode = {journal}")
        database.execute(TABLE)


@contextlib.contextmanager
def connect(path: Path):
    database = sqlite3.connect(path, timeout=60, isolation_level=None)
    with contextlib.closing(database):
        yield database


class Faults:
    """Each method is one fault. `written` are stores with writers, `replaced` is a store without one."""

    def __init__(
        self, written: list[Path], replaced: Path, exporter: int, port: int, seed: int
    ) -> None:
        self.written, self.replaced = written, replaced
        self.exporter, self.port = exporter, port
        self.source = random.Random(seed)
        self.done: dict[str, int] = {}
        self.all: list[Callable[[], None]] = [
            self.hold_lock, self.vacuum, self.kill_writer, self.truncate_wal, self.reload,
            self.replace_store, self.prune, self.break_off_scrapes,
        ]

    def next(self) -> None:
        """Runs the fault that has happened least often."""
        fault = min(self.all, key=lambda it: (self.done.get(it.__name__, 0), self.source.random()))
        self.done[fault.__name__] = self.done.get(fault.__name__, 0) + 1
        fault()

    def hold_lock(self) -> None:
        with connect(self.source.choice(self.written)) as database:
            database.execute("BEGIN EXCLUSIVE")
            time.sleep(2)
            database.execute("COMMIT")

    def vacuum(self) -> None:
        with connect(self.source.choice(self.written)) as database:
            database.execute("VACUUM")

    def kill_writer(self) -> None:
        store = self.source.choice(self.written)
        command = [sys.executable, str(WRITER), str(store), str(self.source.random())[2:8], "--abandon"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.kill()

    def truncate_wal(self) -> None:
        with connect(self.source.choice(self.written)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def reload(self) -> None:
        os.kill(self.exporter, signal.SIGHUP)

    def replace_store(self) -> None:
        new = self.replaced.with_suffix(".new")
        create(new, "delete")
        with connect(new) as database:
            database.execute("BEGIN")
            database.executemany(writer.INSERT, (writer.row(self.source) for _ in range(500)))
            database.execute("COMMIT")
        new.rename(self.replaced)

    def prune(self) -> None:
        """Deletes old rows and then replaces the store, since deleted rows stay counted."""
        with connect(self.replaced) as database:
            database.execute("DELETE FROM evidence WHERE id <= 100")
        time.sleep(1)
        self.replace_store()

    def break_off_scrapes(self) -> None:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.port)) as connection:
                connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
