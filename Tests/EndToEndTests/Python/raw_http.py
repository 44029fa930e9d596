"""HTTP by hand, for requests that well-behaved clients do not send."""

from __future__ import annotations

import resource
import socket
import statistics
import time
from collections.abc import Callable
from urllib.parse import urlsplit

SCRAPE = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"


def use_all_descriptors() -> int:
    """Raises the soft limit to the hard one and returns it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def connect(url: str, timeout: float = 30) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=timeout)


def is_whole(answer: bytes) -> bool:
    """Whether an answer has come to its end, as its Content-Length says."""
    head, end, body = answer.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    ]
    return bool(end) and bool(lengths) and len(body) >= lengths[0]


def status(answer: bytes) -> int:
    """The status of an answer, or 0 if there is none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[0] == b"HTTP/1.1" else 0


def receive(
    client: socket.socket, is_enough: Callable[[bytes], bool] = is_whole
) -> bytes:
    """What arrives until it is enough or the connection ends."""
    answer = b""
    try:
        while not is_enough(answer):
            piece = client.recv(65536)
            if not piece:
                break
            answer += piece
    except ConnectionResetError:
        pass
    return answer


def is_closed(client: socket.socket, within: float) -> bool:
    """Whether the server closes the connection in that many seconds."""
    client.settimeout(within)
    try:
        while client.recv(65536):
            pass
        return True
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def scrape(url: str) -> tuple[int, float]:
    """A new connection's scrape: its status and how many seconds it took."""
    start = time.monotonic()
    with connect(url) as client:
        client.sendall(SCRAPE)
        answer = receive(client)
    return status(answer) if is_whole(answer) else 0, time.monotonic() - start


def expect_scrapes(url: str, count: int = 9, seconds: float = 1, rounds: int = 5) -> None:
    """Ends the script if a scrape is not answered, or if most take too long.

    A machine that is busy with other things gets some rounds to show one that is fast.
    """
    for _ in range(rounds):
        results = [scrape(url) for _ in range(count)]
        bad = [code for code, _ in results if code != 200]
        if bad:
            raise SystemExit(f"scrapes failed: statuses {bad}")
        median = statistics.median(taken for _, taken in results)
        print(f"scrapes: median {median * 1000:.1f} ms of {count}")
        if median < seconds:
            return
    raise SystemExit(f"scrapes take {median:.3f} s")
