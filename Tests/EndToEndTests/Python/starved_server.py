"""Opens more connections than the server has descriptors for, closes them, and scrapes."""

import argparse
import time

import raw_http


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    clients = [raw_http.connect(arguments.url) for _ in range(arguments.count)]
    time.sleep(2)
    for client in clients:
        client.close()
    for _ in range(3):
        code, seconds = raw_http.scrape(arguments.url)
        print(f"{code} after {seconds:.3f} s")
        if code != 200:
            raise SystemExit("the server does not answer any more")


if __name__ == "__main__":
    main()
