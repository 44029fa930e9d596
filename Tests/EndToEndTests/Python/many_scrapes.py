"""Sends many scrapes at once, each on its own connection. Every one must get a whole answer."""

from __future__ import annotations

import argparse
import collections
import selectors
import threading
import time

import raw_http


def answers(url: str, count: int) -> collections.Counter[int]:
    """Connects all, then asks all, then reads all at once; the statuses of whole answers."""
    clients = [raw_http.connect(url) for _ in range(count)]
    received = {client: b"" for client in clients}
    selector = selectors.DefaultSelector()
    for client in clients:
        client.sendall(raw_http.SCRAPE)
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ)
    deadline = time.monotonic() + 60
    while selector.get_map() and time.monotonic() < deadline:
        for key, _ in selector.select(timeout=1):
            client = key.fileobj
            try:
                piece = client.recv(1 << 20)
            except ConnectionResetError:
                piece = b""
            received[client] += piece
            if not piece or raw_http.is_whole(received[client]):
                selector.unregister(client)
    return collections.Counter(
        raw_http.status(answer) if raw_http.is_whole(answer) else 0
        for answer in received.values()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    raw_http.use_all_descriptors()
    found: dict[int, int] = {}
    start = time.monotonic()
    crowd = threading.Thread(
        target=lambda: found.update(answers(arguments.url, arguments.count))
    )
    crowd.start()
    raw_http.expect_scrapes(arguments.url)
    crowd.join()
    print(f"statuses {found} in {time.monotonic() - start:.2f} s")
    if found != {200: arguments.count}:
        raise SystemExit(f"not all were answered: {found}")


if __name__ == "__main__":
    main()
