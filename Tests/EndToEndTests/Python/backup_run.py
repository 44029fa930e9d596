#!/usr/bin/env python3
"""Copies a database beside a writer at full speed that waits for no lock, and kills the copying.

    backup_run.py BINARY JOURNAL_MODE SECONDS KILLS

Prints one line, and exits with 1 if a write failed, a copy did not end or is not a prefix of the
table, or a killed copy left something half under its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

WRITER = """
import select, sqlite3, sys
path, synchronous, reopens = sys.argv[1], sys.argv[2], sys.argv[3] == "reopens"
def connect():
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    connection.execute("PRAGMA synchronous = " + synchronous)
    return connection
connection, failed, written = connect(), 0, 0
print("writing", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        connection = connection or connect()
        connection.execute("INSERT INTO evidence (event, payload, ts) VALUES ('note', ?, 'now')",
                           ("x" * (written % 700),))
        written += 1
        if reopens:
            connection.close()
            connection = None
    except sqlite3.OperationalError as error:
        failed += 1
        print(error, file=sys.stderr)
print(written, failed)
"""


def make(path: pathlib.Path, mode: str, rows: int = 10000) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, "
                       "event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
    connection.execute("""INSERT INTO evidence (event, payload, ts)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT 'note', hex(randomblob(60)), 'then' FROM n""", (rows,))
    connection.commit()
    connection.close()


def digest(path: pathlib.Path, rows: int) -> str:
    connection = sqlite3.connect(path)
    total = hashlib.sha256()
    for row in connection.execute("SELECT * FROM evidence ORDER BY id LIMIT ?", (rows,)):
        total.update(repr(row).encode())
    connection.close()
    return total.hexdigest()


def check(copy: pathlib.Path) -> tuple[int, str]:
    """How many rows the copy has, and their digest: to be compared once the writer has ended, which
    a reader of its database would disturb."""
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows, = connection.execute("SELECT count(*) FROM evidence").fetchone()
    connection.close()
    assert rows >= 10000
    return rows, digest(copy, rows)


def main() -> int:
    binary, mode, seconds, kills = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(1)
    copies = killed = writes = 0
    for synchronous, reopens in (("OFF", "keeps"), ("FULL", "keeps"), ("OFF", "reopens")):
        with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
            folder = pathlib.Path(directory)
            store, copy = folder / "evidence.db", folder / "copy.db"
            make(store, mode)
            command = [binary, "backup", "--store", str(store), "--output", str(copy)]
            writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store), synchronous, reopens],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert writer.stdout.readline() == "writing\n"
            stack.callback(writer.kill)
            end = time.monotonic() + seconds
            duration, good, seen = 0.0, b"", []
            while time.monotonic() < end or not good:
                start = time.monotonic()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)
                duration, good = time.monotonic() - start, copy.read_bytes()
                seen.append(check(copy))
                copies += 1
            for _ in range(kills):
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
                time.sleep(chance.uniform(0, duration * 1.1))
                process.send_signal(signal.SIGKILL)
                if process.wait() == 0 or copy.read_bytes() != good:
                    # It was faster: then the new copy is whole.
                    good = copy.read_bytes()
                    seen.append(check(copy))
                else:
                    killed += 1
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)
            subprocess.run([binary, "backup", "verify", str(copy)], check=True,
                           stdout=subprocess.DEVNULL)
            written, failed = map(int, writer.communicate("end")[0].split())
            assert failed == 0, f"{failed} writes failed"
            writes += written
            for rows, found in [*seen, check(copy)]:
                assert found == digest(store, rows), "the copy is no prefix"
            left = sorted(os.listdir(folder))
            allowed = {"evidence.db", "evidence.db-wal", "evidence.db-shm", "copy.db", "copy.db.json"}
            assert set(left) <= allowed, left
    print(f"{mode}: {copies} copies beside {writes} writes, none failed; {killed} killed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
