#!/usr/bin/env python3
"""Copies a large table beside a writer that is in a transaction but for microseconds.

    backup_beside_transactions.py BINARY

Prints one line, and exits with 1 if a write failed, or the copy did not end or is not a prefix of the
table.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import time

from backup_run import check, digest, make

ROWS = 60_000
SECONDS = 30
WRITER = """
import select, sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
connection.execute("PRAGMA synchronous = OFF")
failed = written = 0
print("writing", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO evidence (event, payload, ts) VALUES ('note', '{}', 'now')")
        time.sleep(0.02)
        connection.execute("COMMIT")
        written += 1
    except sqlite3.OperationalError as error:
        failed += 1
        print(error, file=sys.stderr)
        if connection.in_transaction:
            connection.execute("ROLLBACK")
print(written, failed)
"""


def main() -> int:
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as directory:
        store, copy = pathlib.Path(directory, "evidence.db"), pathlib.Path(directory, "copy.db")
        make(store, "delete", ROWS)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert writer.stdout.readline() == "writing\n"
            start = time.monotonic()
            subprocess.run([binary, "backup", "--store", str(store), "--output", str(copy)],
                           check=True, stdout=subprocess.DEVNULL, timeout=SECONDS)
            duration = time.monotonic() - start
            written, failed = map(int, writer.communicate("end")[0].split())
        finally:
            writer.kill()
        rows, found = check(copy)
        assert failed == 0, f"{failed} writes failed"
        assert rows >= ROWS and found == digest(store, rows), "the copy is no prefix"
    print(f"{rows} rows in {duration:.1f} s beside {written} writes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
