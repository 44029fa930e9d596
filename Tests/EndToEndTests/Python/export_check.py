"""Takes exports as slow and unlucky clients do."""

from __future__ import annotations

import argparse
import os
import pathlib
import time

import raw_http

ROWS = 40_000


def begin(url: str, format: str) -> tuple[raw_http.socket.socket, bytes]:
    """An export of which only the beginning has been read."""
    client = raw_http.connect(url)
    client.setsockopt(raw_http.socket.SOL_SOCKET, raw_http.socket.SO_RCVBUF, 65536)
    client.sendall(f"GET /api/v1/evidence?format={format} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client, client.recv(65536)


def resident(process: int) -> int:
    """Bytes of memory that a process has."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def memory(url: str, arguments: list[str]) -> None:
    process = int(arguments[0])
    client, _ = begin(url, "ndjson")
    client.close()
    time.sleep(0.5)
    before = resident(process)
    clients = [begin(url, format)[0] for format in ("ndjson", "csv") * 4]
    worst = before
    for _ in range(20):
        time.sleep(0.1)
        worst = max(worst, resident(process))
    read = b""
    while not read.endswith(b"\r\n0\r\n\r\n"):
        read = read[-64:] + clients[0].recv(1 << 20)
        worst = max(worst, resident(process))
    assert f'{{"end":true,"rows":{ROWS}}}'.encode() in read, read
    grown = (worst - before) / (1 << 20)
    assert grown < 16, f"{grown:.1f} MiB for {len(clients)} exports"
    for client in clients:
        client.close()
    print(f"{grown:.1f} MiB for {len(clients)} exports")


def broken(url: str, arguments: list[str]) -> None:
    format, path = arguments
    client, answer = begin(url, format)
    assert raw_http.status(answer) == 200, answer
    # What was the store is no database any more.
    os.rename(path, path + ".gone")
    pathlib.Path(path).write_bytes(b"no database" * 1000)
    try:
        while piece := client.recv(1 << 20):
            answer = answer[-64:] + piece
    except ConnectionResetError:
        pass
    assert not answer.endswith(b"\r\n0\r\n\r\n"), "the transfer ended as a whole one"
    assert b"# end," not in answer and b'"end"' not in answer, answer[-100:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("case", choices=["memory", "broken"])
    parser.add_argument("arguments", nargs="*")
    arguments = parser.parse_args()
    {"memory": memory, "broken": broken}[arguments.case](arguments.url, arguments.arguments)


if __name__ == "__main__":
    main()
