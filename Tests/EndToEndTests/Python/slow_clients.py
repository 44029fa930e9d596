"""Clients that never finish a request: each is closed after ten seconds, and scrapes go on."""

from __future__ import annotations

import argparse
import time

import raw_http

HEAD_SECONDS = 10
# For a machine that is busy with other things.
GRACE = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    url = parser.parse_args().url
    silent, dripping, sending = (raw_http.connect(url) for _ in range(3))
    start = time.monotonic()
    sending.sendall(b"POST /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    answer = raw_http.receive(sending)
    if raw_http.status(answer) != 405 or not raw_http.is_closed(sending, GRACE):
        raise SystemExit(f"a body that does not come is waited for: {answer}")
    for byte in raw_http.SCRAPE[: HEAD_SECONDS - 1]:
        try:
            dripping.sendall(bytes([byte]))
        except (BrokenPipeError, ConnectionResetError):
            break
        time.sleep(0.9)
    raw_http.expect_scrapes(url, count=3)
    for name, client in [("silent", silent), ("dripping", dripping)]:
        if not raw_http.is_closed(client, HEAD_SECONDS + GRACE):
            raise SystemExit(f"the {name} client is not closed")
        print(f"{name}: closed after {time.monotonic() - start:.1f} s")
    if time.monotonic() - start < HEAD_SECONDS - 1:
        raise SystemExit("closed before its time")


if __name__ == "__main__":
    main()
