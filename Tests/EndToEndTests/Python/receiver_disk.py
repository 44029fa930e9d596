#!/usr/bin/env python3
"""A disk that is full, and then read-only: 503, and the retry is stored once.

    unshare --mount receiver_disk.py EXPORTER

It mounts a file system of its own, so it needs root and a mount namespace.
"""

from __future__ import annotations

import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from receiver_faults import Receiver, count
from receiver_kill import free_port, start

ROW = b'{"event": "a", "text": "%s"}\n' % (b"x" * 200)
LARGE = ROW * 5000


def mount(folder: pathlib.Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def play(exporter: str, journal: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        disk = folder / "disk"
        disk.mkdir()
        mount(disk, "size=512k")
        path = disk / "evidence.db"
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                           " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
        connection.commit()
        connection.close()
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
        if journal == "wal":
            # The reader has the WAL's index read-only, and so has every connection of the process.
            process.terminate()
            process.wait()
            process = start(exporter, folder, receiver.port)
        later = receiver.retry("read-only", ROW)
        for key, body in (("read-only", ROW), ("first", ROW), ("large", LARGE), ("small", ROW)):
            assert receiver.push(key, body=body)[0] == 201, key
        assert count(path) == 5003, count(path)
        print(f"{journal}: a read-only disk: 503 ({text['detail']}), accepted {later:.1f} s "
              "after it is writable; each batch is there once")
        process.terminate()
        process.wait()
        subprocess.run(["umount", disk], check=True)


if __name__ == "__main__":
    for journal in ("delete", "wal"):
        play(sys.argv[1], journal)
