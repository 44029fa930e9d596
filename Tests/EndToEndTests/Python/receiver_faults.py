#!/usr/bin/env python3
"""A database that is locked for 10 s, full, read-only or gone: 503, and the retry is stored once.

    receiver_faults.py EXPORTER

It also cuts a body off, and asks a store that does not receive.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import http.client
import json
import pathlib
import socket
import sqlite3
import tempfile
import threading
import time

from receiver_kill import free_port, start

CONFIG = """
stores:
  - { path: evidence.db, name: mine, receive: true }
  - { path: other.db, name: other }
"""
BATCH = b'{"event": "a", "n": 1}\n{"event": "a", "n": 2}\n'


class Receiver:
    def __init__(self, port: int) -> None:
        self.port = port

    def push(self, key: str = "", store: str = "mine", body: bytes = BATCH) -> tuple[int, dict, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-ndjson"} | ({"Idempotency-Key": key} if key else {})
        connection.request("POST", f"/api/v1/evidence?store={store}", body, headers)
        answer = connection.getresponse()
        text = json.loads(answer.read())
        connection.close()
        return answer.status, text, answer.headers.get("Retry-After", "")

    def retry(self, key: str, body: bytes = BATCH) -> float:
        """Pushes until it is accepted, and says how long that took."""
        begin = time.monotonic()
        while time.monotonic() < begin + 30:
            status, text, after = self.push(key, body=body)
            if status == 201:
                return time.monotonic() - begin
            assert status == 503 and 1 <= int(after) <= 60, (status, text)
            time.sleep(0.2)
        raise AssertionError(f"{key}: {text}")

    def cut(self, *pieces: bytes) -> bytes:
        """Sends a part of a body, and then no more."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(4096)


def count(path: pathlib.Path) -> int:
    connection = sqlite3.connect(path, timeout=10)
    found = connection.execute("SELECT count(*) FROM evidence").fetchone()[0]
    connection.close()
    return found


def digest(folder: pathlib.Path) -> dict[str, str]:
    """Of the store that does not receive, and all that stands beside it."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.glob("other*")}


def locked(receiver: Receiver, path: pathlib.Path) -> str:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    threading.Timer(10, lambda: connection.execute("ROLLBACK")).start()
    begin = time.monotonic()
    status, text, _ = receiver.push("locked")
    first = time.monotonic() - begin
    assert status == 503 and 1.5 < first < 4, (status, text, first)
    return f"locked for 10 s: 503 after {first:.1f} s, accepted {receiver.retry('locked'):.1f} s later"


def full(receiver: Receiver, path: pathlib.Path) -> str:
    """The database may not grow, as on a full disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON evidence WHEN new.event = 'a'"
                       " BEGIN SELECT RAISE(ABORT, 'no space'); END")
    status, text, _ = receiver.push("full")
    assert status == 503, (status, text)
    connection.execute("DROP TRIGGER full")
    connection.close()
    return f"refused by the table: 503, accepted {receiver.retry('full'):.1f} s later"


def gone(receiver: Receiver, path: pathlib.Path) -> str:
    aside = path.with_name("aside")
    path.rename(aside)
    status, text, _ = receiver.push("gone")
    assert status == 503 and not path.exists(), (status, text)
    aside.rename(path)
    return f"gone: 503, accepted {receiver.retry('gone'):.1f} s later"


def cut(receiver: Receiver, path: pathlib.Path) -> str:
    before = count(path)
    head = b"POST /api/v1/evidence?store=mine HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
    lines = BATCH * 100
    answers = [
        receiver.cut(head + b"Content-Length: 100000\r\n\r\n" + lines),
        receiver.cut(head + b"Transfer-Encoding: chunked\r\n\r\n",
                     f"{len(lines):x}\r\n".encode() + lines + b"\r\n"),
    ]
    assert all(answer.startswith(b"HTTP/1.1 400 ") for answer in answers), answers
    assert count(path) == before
    return "a body that is cut off at the end of a line: 400, and nothing is written"


def play(exporter: str, journal: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file in ("evidence.db", "other.db"):
            connection = sqlite3.connect(folder / file)
            connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                               " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
            connection.commit()
            connection.close()
        (folder / "exporter.yml").write_text(CONFIG)
        receiver = Receiver(free_port())
        process = start(exporter, folder, receiver.port)
        before = digest(folder)
        path = folder / "evidence.db"
        assert receiver.push("first")[0] == 201
        steps = [locked, full, gone, cut]
        for step in steps:
            print(f"{journal}: {step(receiver, path)}")
        for body in (BATCH, b"{", b""):
            assert receiver.push(store="other", body=body)[0] == 404
        assert digest(folder) == before, "the store that does not receive has changed"
        process.terminate()
        assert process.wait() == 0
        process = start(exporter, folder, receiver.port)
        for key in ("first", "locked", "full", "gone"):
            assert receiver.push(key)[0] == 201
        assert count(path) == 8, count(path)
        print(f"{journal}: each batch is there once after a restart, too")
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exporter")
    options = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda journal: play(options.exporter, journal), ("delete", "wal")))


if __name__ == "__main__":
    main()
