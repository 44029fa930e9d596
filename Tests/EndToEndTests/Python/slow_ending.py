"""Reads a scrape slowly from a server that is told to stop; it must come whole."""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import time

import raw_http


def scrape(url: str, pid: int) -> tuple[int, int]:
    """The bytes of the answer's body, and how many were announced."""
    client = raw_http.connect(url)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
    client.sendall(raw_http.SCRAPE)
    answer = client.recv(2048)
    os.kill(pid, signal.SIGTERM)
    while piece := client.recv(1 << 16):
        answer += piece
        time.sleep(0.001)
    head, _, body = answer.partition(b"\r\n\r\n")
    said = re.search(rb"(?i)content-length: *(\d+)", head)
    assert said, head
    return len(body), int(said[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("pid", type=int)
    arguments = parser.parse_args()
    got, said = scrape(arguments.url, arguments.pid)
    assert said > 12 << 20, f"{said} bytes may fit the sockets: the server had no need to wait"
    assert got == said, f"{got} of {said} bytes"


if __name__ == "__main__":
    main()
