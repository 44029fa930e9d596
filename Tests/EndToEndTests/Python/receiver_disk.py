#!/usr/bin/env python3
"""A disk that is full, and then read-only: 503, and the retry is stored once.

The same where a mount is read-only for the exporter alone, and an agent commits all the time.

    unshare --mount receiver_disk.py EXPORTER

It mounts a file system of its own, so it needs root and a mount namespace.
"""

from __future__ import annotations

import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

from receiver_faults import Receiver, count
from receiver_kill import free_port, start

ROW = b'{"event": "a", "text": "%s"}\n' % (b"x" * 200)
LARGE = ROW * 5000
AGENT = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
while True:
    connection.execute("INSERT INTO evidence (event, payload, ts) VALUES ('agent', '{}', '2026-01-01')")
    time.sleep(0.05)
"""


def mount(folder: pathlib.Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def make_table(path: pathlib.Path, journal: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                       " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
    connection.commit()
    connection.close()


def play(exporter: str, journal: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        disk = folder / "disk"
        disk.mkdir()
        mount(disk, "size=512k")
        path = disk / "evidence.db"
        make_table(path, journal)
        (folder / "exporter.yml").write_text(
            "stores: [{ path: disk/evidence.db, name: mine, receive: true }]\n")
        receiver = Receiver(free_port())
        process = start(exporter, folder, receiver.port)
        assert receiver.push("first", body=ROW)[0] == 201
        for _ in range(2):
            status, text, after = receiver.push("large", body=LARGE)
            assert status == 503 and int(after) >= 1, (status, text)
        assert text["detail"] == "The disk is full.", text
        assert receiver.push("small", body=ROW)[0] == 201
        mount(disk, "remount,size=16m")
        assert receiver.push("large", body=LARGE)[0] == 201
        print(f"{journal}: a full disk: 503, and a push that has room is taken; accepted once there is")
        process.terminate()
        process.wait()
        mount(disk, "remount,ro")
        process = start(exporter, folder, receiver.port)
        status, text, _ = receiver.push("read-only", body=ROW)
        assert status == 503, (status, text)
        mount(disk, "remount,rw")
        later = receiver.retry("read-only", ROW)
        for key, body in (("read-only", ROW), ("first", ROW), ("large", LARGE), ("small", ROW)):
            assert receiver.push(key, body=body)[0] == 201, key
        assert count(path) == 5003, count(path)
        print(f"{journal}: a read-only disk: 503 ({text['detail']}), accepted {later:.1f} s "
              "after it is writable; each batch is there once")
        process.terminate()
        process.wait()
        subprocess.run(["umount", disk], check=True)


def play_beside_an_agent(exporter: str, journal: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        disk, seen = folder / "disk", folder / "seen"
        disk.mkdir()
        seen.mkdir()
        mount(disk, "size=16m")
        path = disk / "evidence.db"
        make_table(path, journal)
        subprocess.run(["mount", "--bind", disk, seen], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", seen], check=True)
        (folder / "exporter.yml").write_text(
            "stores: [{ path: seen/evidence.db, name: mine, receive: true }]\n")
        agent = subprocess.Popen([sys.executable, "-c", AGENT, path])
        while not count(path):
            time.sleep(0.05)
        receiver = Receiver(free_port())
        process = start(exporter, folder, receiver.port)
        time.sleep(0.5)
        status, text, _ = receiver.push("read-only", body=ROW)
        assert status == 503, (status, text)
        subprocess.run(["mount", "-o", "remount,bind,rw", seen], check=True)
        later = receiver.retry("read-only", ROW)
        assert receiver.push("read-only", body=ROW)[0] == 201
        agent.kill()
        agent.wait()
        connection = sqlite3.connect(path)
        pushed = connection.execute("SELECT count(*) FROM evidence WHERE event = 'a'").fetchone()[0]
        connection.close()
        assert pushed == 1, pushed
        print(f"{journal}: a mount that is read-only beside an agent: 503, accepted {later:.1f} s "
              "after it is writable, once")
        process.terminate()
        process.wait()
        subprocess.run(["umount", seen, disk], check=True)


if __name__ == "__main__":
    for journal in ("delete", "wal"):
        play(sys.argv[1], journal)
        play_beside_an_agent(sys.argv[1], journal)
