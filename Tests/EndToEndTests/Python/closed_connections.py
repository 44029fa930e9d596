"""Opens connections, holds them for a while, closes them, and scrapes at once."""

from __future__ import annotations

import argparse
import time

import raw_http


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    parser.add_argument("seconds", type=float)
    arguments = parser.parse_args()
    clients = [raw_http.connect(arguments.url) for _ in range(arguments.count)]
    time.sleep(arguments.seconds)
    for client in clients:
        client.close()
    status, seconds = raw_http.scrape(arguments.url)
    print(f"scrape: {status} after {seconds:.3f} s")
    if status != 200 or seconds >= 1:
        raise SystemExit(f"the scrape took {seconds:.3f} s, with status {status}")


if __name__ == "__main__":
    main()
