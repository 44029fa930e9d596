#!/usr/bin/env python3
"""Pushes ten times as much as a receiver can write, and scrapes meanwhile.

    receiver_overload.py EXPORTER [--seconds 5] [--p99 0.2]

Some pushes get 429 with Retry-After, every one that got 201 is in the table, agents that write the file
themselves lose no row, and `/metrics` is quick. Prints the numbers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import pathlib
import sqlite3
import tempfile
import threading
import time

from receiver_kill import free_port, start

CLIENTS = 40
ROWS = 2000
CONFIG = """
stores: [{ path: evidence.db, receive: true }]
receiver: { max_bytes: 1MiB, queue_bytes: 2MiB }
"""


class Load:
    """Clients and an agent, and what they met."""

    def __init__(self, port: int, database: pathlib.Path) -> None:
        self.port, self.database = port, database
        self.statuses: dict[int, int] = {}
        self.failed: list[str] = []
        self.own_rows = 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()

    def push(self, client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        line = json.dumps({"event": "pushed", "client": client, "text": "x" * 200})
        body = "\n".join([line] * ROWS).encode()
        while not self.stopped.is_set():
            try:
                connection.request("POST", "/api/v1/evidence", body,
                                   {"Content-Type": "application/x-ndjson"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                # The answer came before the end of the body, and the connection ended.
                connection.close()
                continue
            with self.lock:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                if answer.status in (429, 503) and not 1 <= int(answer.headers["Retry-After"]) <= 60:
                    self.failed.append(f"Retry-After {answer.headers['Retry-After']}")

    def write(self) -> None:
        """An agent with a busy timeout of 5 s."""
        connection = sqlite3.connect(self.database, timeout=5)
        while not self.stopped.is_set():
            try:
                connection.execute("INSERT INTO evidence (event, payload, ts) VALUES"
                                   " ('own', '{}', '2026-11-26T08:00:00Z')")
                connection.commit()
                self.own_rows += 1
            except sqlite3.OperationalError as error:
                self.failed.append(f"an agent's write: {error}")
            time.sleep(0.02)
        connection.close()


def scrape(port: int, stopped, found) -> None:
    """Scrapes in a process of its own: the clients keep theirs busy."""
    waits = []
    while not stopped.is_set():
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        waits.append(time.monotonic() - begin)
        assert text.endswith("\n"), "a page that is cut"
        time.sleep(0.02)
    found.put(waits)


def play(exporter: str, journal: str, seconds: float, limit: float) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        connection = sqlite3.connect(folder / "evidence.db")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                           " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
        connection.commit()
        connection.close()
        (folder / "exporter.yml").write_text(CONFIG)
        port = free_port()
        process = start(exporter, folder, port)
        load = Load(port, folder / "evidence.db")
        threads = [threading.Thread(target=load.push, args=[client]) for client in range(CLIENTS)]
        threads.append(threading.Thread(target=load.write))
        stopped, found = multiprocessing.Event(), multiprocessing.Queue()
        scraper = multiprocessing.Process(target=scrape, args=(port, stopped, found))
        scraper.start()
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stopped.set()
        waits = sorted(found.get(timeout=60))
        scraper.join()
        load.stopped.set()
        for thread in threads:
            thread.join()
        process.terminate()
        process.wait()
        connection = sqlite3.connect(folder / "evidence.db")
        counts = dict(connection.execute("SELECT event, count(*) FROM evidence GROUP BY 1"))
        connection.close()
    p99 = waits[int(len(waits) * 0.99)]
    accepted = load.statuses.get(201, 0) * ROWS
    line = (f"{journal}: answers {dict(sorted(load.statuses.items()))}, "
            f"{counts.get('pushed', 0) / seconds:.0f} rows/s, {load.own_rows} rows of an agent, "
            f"/metrics p50 {waits[len(waits) // 2] * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms, "
            f"worst {waits[-1] * 1e3:.0f} ms of {len(waits)}")
    assert not load.failed, (line, load.failed[:5])
    assert load.statuses.get(429, 0) > 0, line
    assert load.statuses.keys() <= {201, 429, 503}, line
    # A push whose answer was lost may be there, too.
    assert counts.get("pushed", 0) >= accepted > 0 and counts["pushed"] % ROWS == 0, (line, counts)
    assert counts["own"] == load.own_rows > 0, (line, counts)
    assert p99 < limit and waits[-1] < max(limit, 1), line
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exporter")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--p99", type=float, default=0.2, help="seconds that a scrape may take")
    options = parser.parse_args()
    for journal in ("delete", "wal"):
        print(play(options.exporter, journal, options.seconds, options.p99), flush=True)


if __name__ == "__main__":
    main()
