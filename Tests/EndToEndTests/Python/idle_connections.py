"""Opens many connections with no request or half of one, and scrapes beside them."""

from __future__ import annotations

import argparse

import raw_http


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    count = min(arguments.count, raw_http.use_all_descriptors() - 200)
    print(f"{count} connections, of {arguments.count} that were asked for")
    clients = []
    for number in range(count):
        client = raw_http.connect(arguments.url)
        try:
            if number % 3 == 1:
                client.sendall(raw_http.SCRAPE[:20])
            elif number % 3 == 2:
                client.sendall(raw_http.SCRAPE)
        except (BrokenPipeError, ConnectionResetError):
            pass
        clients.append(client)
        if number % 2000 == 1999:
            raw_http.expect_scrapes(arguments.url, count=3)
    raw_http.expect_scrapes(arguments.url)


if __name__ == "__main__":
    main()
