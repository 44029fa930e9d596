"""Listens to /api/v1/events over real sockets, as browsers and other programs do."""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator

import raw_http

EXECUTION = "metacognitive_agent_execution"


class Stream:
    """One connection to the events, and what it has received."""

    def __init__(self, url: str, query: str = "", last_id: int | None = None) -> None:
        self.client = raw_http.connect(url, timeout=40)
        resume = f"Last-Event-ID: {last_id}\r\n" if last_id is not None else ""
        self.client.sendall(
            f"GET /api/v1/events{query} HTTP/1.1\r\nHost: x\r\n{resume}\r\n".encode())
        self.buffer = b""
        self.text = b""
        self.ended = False
        self.head = self.until(b"\r\n\r\n")
        self.status = raw_http.status(self.head)

    def until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            piece = self.client.recv(65536)
            if not piece:
                raise EOFError(f"the connection ended before {mark!r}: {self.buffer!r}")
            self.buffer += piece
        found, _, self.buffer = self.buffer.partition(mark)
        return found

    def chunk(self) -> bytes:
        size = int(self.until(b"\r\n"), 16)
        while len(self.buffer) < size + 2:
            piece = self.client.recv(65536)
            if not piece:
                raise EOFError("the connection ended in a chunk")
            self.buffer += piece
        data, self.buffer = self.buffer[:size], self.buffer[size + 2:]
        self.ended = size == 0
        return data

    def events(self) -> Iterator[dict[str, str]]:
        """Each event as its fields; a comment is one without fields."""
        deadline = time.monotonic() + 60
        while not self.ended:
            assert time.monotonic() < deadline, "what was waited for did not come"
            while b"\n\n" not in self.text:
                self.text += self.chunk()
                if self.ended:
                    return
            block, _, self.text = self.text.partition(b"\n\n")
            yield dict(
                line.split(": ", 1) for line in block.decode().split("\n") if line != ":")

    def next(self, kind: str) -> dict[str, str]:
        for event in self.events():
            if event.get("event") == kind:
                return event
        raise EOFError(f"the stream ended without {kind}")

    def close(self) -> None:
        self.client.close()


def append(path: str, count: int, score: float = 0.8) -> None:
    connection = sqlite3.connect(path, timeout=10)
    payload = json.dumps({"agent": "Planner", "output_quality": score})
    connection.executemany(
        "INSERT INTO evidence (event, payload, ts) VALUES "
        "(?, ?, strftime('%Y-%m-%dT%H:%M:%f', 'now'))", [(EXECUTION, payload)] * count)
    connection.commit()
    connection.close()


def eventually(what: str, within: float, ask: Callable[[], bool]) -> None:
    deadline = time.monotonic() + within
    while not ask():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.02)


def cut(url: str, path: str) -> None:
    """A stream that is cut again and again misses no row and repeats none."""
    committed: dict[int, float] = {}
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(path, timeout=10)
        draw = random.Random(1)
        while not stop.is_set():
            for _ in range(draw.choice([1, 1, 1, 2, 30])):
                identity = connection.execute(
                    "INSERT INTO evidence (event, payload, ts) VALUES ('e', '{}', '')").lastrowid
            connection.commit()
            committed[identity] = time.monotonic()
            time.sleep(draw.random() * 0.03)
        connection.close()

    stream = Stream(url)
    start = int(next(event for event in stream.events() if event)["id"])
    writer = threading.Thread(target=write)
    writer.start()
    seen = [start]
    waits = []
    draw = random.Random(2)
    for _ in range(30):
        for event in stream.events():
            if event.get("event") == "evidence":
                row = json.loads(event["data"])
                assert row["id"] == int(event["id"]), event
                seen.append(row["id"])
                if row["id"] in committed and len(seen) > 100:
                    waits.append(time.monotonic() - committed[row["id"]])
                if draw.random() < 0.05:
                    break
        stream.close()
        time.sleep(draw.random() * 0.05)
        stream = Stream(url, last_id=seen[-1])
        assert stream.status == 200, stream.head
    stop.set()
    writer.join()
    newest = max(committed)
    while seen[-1] < newest:
        seen.append(int(stream.next("evidence")["id"]))
    assert seen == list(range(start, newest + 1)), "a row is missing, or came twice"
    # Rows that were written while the stream was cut have waited for it.
    print(f"{len(seen)} rows, 30 cuts; from commit to event {sorted(waits)[len(waits) // 2]:.3f} s")


def fresh(url: str, path: str) -> None:
    """A row is there within a second of its commit."""
    stream = Stream(url)
    next(event for event in stream.events() if event)
    worst = 0.0
    for _ in range(20):
        append(path, 1)
        start = time.monotonic()
        stream.next("evidence")
        worst = max(worst, time.monotonic() - start)
        time.sleep(0.05)
    assert worst < 1, f"{worst:.3f} s"
    print(f"at most {worst:.3f} s")


def resync(url: str, path: str) -> None:
    """Up to 1,000 rows that were missed are sent, and of more only how many."""
    append(path, 3000)
    newest = sqlite3.connect(path).execute("SELECT max(id) FROM evidence").fetchone()[0]
    eventually("the rows are read", 10, lambda: tail(url) == newest)
    stream = Stream(url, last_id=newest - 1000)
    assert [int(stream.next("evidence")["id"]) for _ in range(1000)] == list(
        range(newest - 999, newest + 1))
    stream.close()
    for missed in (1001, 2500):
        stream = Stream(url, last_id=newest - missed)
        event = stream.next("resync")
        assert json.loads(event["data"]) == {"missed": missed}, event
        assert int(event["id"]) == newest, event
        append(path, 1)
        newest += 1
        assert int(stream.next("evidence")["id"]) == newest
        stream.close()
    # A burst is sent, or is too long for those who listen; no row of it goes unmentioned.
    stream = Stream(url)
    next(event for event in stream.events() if event)
    append(path, 5000)
    accounted = 0
    for event in stream.events():
        if event.get("event") == "evidence":
            accounted += 1
        elif event.get("event") == "resync":
            accounted += json.loads(event["data"])["missed"]
        if event.get("id") == str(newest + 5000):
            break
    assert accounted == 5000, accounted
    stream.close()


def tail(url: str) -> int:
    client = raw_http.connect(url)
    client.sendall(b"GET /api/v1/stores HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = raw_http.receive(client)
    client.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])["stores"][0]["tail_id"]


def replaced(url: str, path: str) -> None:
    """Who listens to a store that is replaced by another is told so."""
    append(path, 20)
    eventually("the rows are read", 10, lambda: tail(url) == 20)
    stream = Stream(url)
    next(event for event in stream.events() if event)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM evidence")
        connection.execute("DELETE FROM sqlite_sequence")
        connection.executemany(
            "INSERT INTO evidence (event, payload, ts) VALUES ('e', '{}', '')", [()] * 7)
    event = stream.next("resync")
    assert (int(event["id"]), json.loads(event["data"])) == (7, {"missed": 7}), event
    append(path, 1)
    assert int(stream.next("evidence")["id"]) == 8
    # An id that this store has never had is of another one.
    stream = Stream(url, last_id=100_000)
    assert json.loads(stream.next("resync")["data"]) == {"missed": 8}


def verdicts(url: str, path: str) -> None:
    """A state that changes is an event without an id, over the range that was asked for."""
    append(path, 6, score=0.9)
    streams = [Stream(url, "?range=" + name) for name in ("1h", "all")]
    for stream in streams:
        next(event for event in stream.events() if event)
    time.sleep(1.5)
    append(path, 20, score=0.1)
    for stream, name in zip(streams, ("1h", "all")):
        for event in stream.events():
            if event.get("event") != "verdict":
                continue
            assert "id" not in event, event
            verdict = json.loads(event["data"])
            assert verdict["range"] == name, verdict
            if (verdict["indicator"], verdict["state"]) == ("qsr", "breached"):
                break


def comment(url: str, _: str) -> None:
    """A comment comes at least every 15 seconds, whatever happens."""
    stream = Stream(url)
    events = stream.events()
    while next(events) != {}:
        pass
    next(event for event in events if event)
    start = time.monotonic()
    assert next(events) == {}
    assert 13 < time.monotonic() - start < 17, time.monotonic() - start


def seats(url: str, path: str) -> None:
    """64 streams are served and no more, and scrapes go on with all connections taken."""
    streams = [Stream(url) for _ in range(64)]
    assert all(stream.status == 200 for stream in streams)
    refused = Stream(url)
    assert refused.status == 503 and b"retry-after: 15" in refused.head.lower(), refused.head
    assert b"application/problem+json" in refused.head
    idle = [raw_http.connect(url) for _ in range(600)]
    worst = 0.0
    for _ in range(10):
        start = time.monotonic()
        client = raw_http.connect(url)
        client.sendall(raw_http.SCRAPE)
        assert raw_http.status(raw_http.receive(client)) == 200
        client.close()
        worst = max(worst, time.monotonic() - start)
    assert worst < 1, f"{worst:.3f} s"
    append(path, 1)
    for stream in streams:
        stream.next("evidence")
    streams.pop().close()
    eventually("a seat is free", 5, lambda: Stream(url).status == 200)
    for client in idle:
        client.close()
    print(f"a scrape took at most {worst:.3f} s")


def ended(url: str, _: str) -> None:
    """Says when it listens, and reads until the exporter ends the stream as a whole."""
    stream = Stream(url)
    next(event for event in stream.events() if event)
    print("listening", flush=True)
    for _ in stream.events():
        pass
    assert stream.ended


CASES = {
    case.__name__: case
    for case in (cut, fresh, resync, replaced, verdicts, comment, seats, ended)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("case", choices=CASES)
    parser.add_argument("path")
    arguments = parser.parse_args()
    raw_http.use_all_descriptors()
    CASES[arguments.case](arguments.url, arguments.path)


if __name__ == "__main__":
    main()
