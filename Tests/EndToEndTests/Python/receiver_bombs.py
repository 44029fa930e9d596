#!/usr/bin/env python3
"""Sends a receiver what should cost it dear, and looks at its answers and its memory.

    receiver_bombs.py EXPORTER
"""

from __future__ import annotations

import argparse
import gzip
import pathlib
import re
import socket
import sqlite3
import struct
import tempfile
import time
import urllib.request
import zlib

from receiver_kill import free_port, start

MIB = 1 << 20
GROWTH = 96 * MIB
"""More than one body of 8 MiB, compressed and not, with what is made of it, and what an allocator keeps."""

NESTED = 100_000


def bomb(size: int) -> bytes:
    """Zeroes that are small when they are compressed: one piece again and again, as each ends on a byte
    and refers to nothing before it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(size // MIB):
        checksum = zlib.crc32(bytes(MIB), checksum)
    head, end = b"\x1f\x8b\x08" + bytes(7), b"\x03\x00"
    return head + piece * (size // MIB) + end + struct.pack("<II", checksum, size)


def head(path: str, kind: str, length: object, *fields: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Type: {kind}",
             f"Content-Length: {length}", *fields]
    return "\r\n".join(lines + ["", ""]).encode()


def prefix(number: int, size: int) -> bytes:
    """What stands before `size` bytes of a field."""
    made = bytes([number << 3 | 2])
    while size >= 0x80:
        made += bytes([size & 0x7F | 0x80])
        size >>= 7
    return made + bytes([size])


def field(number: int, content: bytes) -> bytes:
    return prefix(number, len(content)) + content


def nested_value(depth: int) -> bytes:
    """A record whose body is a value in an array in a value, and so on."""
    prefixes, size = [], 0
    for number in [1, 5] * depth + [5, 2, 2, 1]:
        prefixes.append(prefix(number, size))
        size += len(prefixes[-1])
    return b"".join(reversed(prefixes))


def cases() -> dict[str, tuple[bytes, set[int]]]:
    """A request, and the statuses that it may get."""
    evidence, lines, one = "/api/v1/evidence", "application/x-ndjson", "application/json"
    packed = "Content-Encoding: gzip"
    huge = bomb(2048 * MIB)
    deep = b'{"event": "x", "a": ' + b"[" * NESTED + b"]" * NESTED + b"}"
    many = b"{}\n" * (7 * MIB // 3)
    logs, binary = "/v1/logs", "application/x-protobuf"
    values = nested_value(40_000)
    objects = b'{"resourceLogs":' + b'[{"a":' * NESTED
    record = field(1, field(2, field(2, field(12, b"gen_ai.evaluation.result"))))
    empty = field(1, field(2, b"\x12\x00" * (2 * MIB)))
    groups = b"\x7b" * MIB
    return {
        "2 GiB in a gzip": (head(evidence, lines, len(huge), packed) + huge, {413}),
        "10 GB declared": (head(evidence, lines, 10**10) + b"x" * 1000, {413}),
        "more than an integer declared": (head(evidence, lines, 2**63) + b"x" * 1000, {413, 400}),
        "a cut gzip": (head(evidence, lines, 20, packed) + gzip.compress(b"x" * 99)[:20], {400}),
        "100,000 nested values": (head(evidence, one, len(deep)) + deep, {422}),
        "two million bad lines": (head(evidence, lines, len(many)) + many, {422}),
        "8 MiB of blank lines": (head(evidence, lines, 8 * MIB) + b"\n" * (8 * MIB), {400}),
        "OTLP, 2 GiB in a gzip": (head(logs, binary, len(huge), packed) + huge, {413}),
        "OTLP, a cut message": (head(logs, binary, len(record) - 3) + record[:-3], {400}),
        "OTLP, 80,000 nested values": (head(logs, binary, len(values)) + values, {400}),
        "OTLP, a million open groups": (head(logs, binary, len(groups)) + groups, {400}),
        "OTLP, text that is a number": (head(logs, binary, 3) + b"\x0a\x01\x08", {400}),
        "OTLP, 100,000 nested objects": (head(logs, one, len(objects)) + objects, {400}),
        # Each is a record of another event: ignored, and nothing is kept of it.
        "OTLP, two million empty records": (head(logs, binary, len(empty)) + empty, {200}),
    }


def status(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass
        answer = connection.recv(4096)
        match = re.match(rb"HTTP/1.1 (\d+) ", answer)
        return int(match[1]) if match else 0


def resident(port: int) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return float(re.search(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exporter")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        connection = sqlite3.connect(folder / "evidence.db")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                           " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
        connection.commit()
        connection.close()
        (folder / "exporter.yml").write_text("stores: [{ path: evidence.db, receive: true }]\n")
        port = free_port()
        process = start(options.exporter, folder, port)
        before, wrong = resident(port), []
        for what, (request, allowed) in cases().items():
            begin = time.monotonic()
            found = status(port, request)
            grown = resident(port) - before
            line = f"{what}: {found} in {time.monotonic() - begin:.2f} s, {grown / MIB:+.0f} MiB"
            print(line)
            if found not in allowed or grown > GROWTH:
                wrong.append(line)
        process.terminate()
        assert process.wait() == 0
        connection = sqlite3.connect(folder / "evidence.db")
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        rows = connection.execute("SELECT count(*) FROM evidence").fetchone()[0]
        connection.close()
        assert not wrong, wrong
        assert (tables, rows) == (["evidence", "sqlite_sequence"], 0), (tables, rows)


if __name__ == "__main__":
    main()
