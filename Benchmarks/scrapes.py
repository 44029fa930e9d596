"""Scrapes of several servers in turn, and what they cost."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass

from server import Answer, Server


@dataclass(frozen=True)
class Format:
    """What a scrape asks for, and the media type that must come back."""

    accept: str
    encoding: str
    media_type: str


TEXT = Format("text/plain;version=0.0.4", "identity", "text/plain")
OPENMETRICS = Format(
    # What Prometheus 2.42 sends.
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "gzip",
    "application/openmetrics-text",
)
TURN = 3
"""Scrapes that a server gets before the next has its turn."""
MOST_SCRAPES = 400
MOST_CPU = 2.0
"""Seconds of processor time after which a server gets no more turns."""


LONE_SCRAPES = 20
LONE_PAUSE = 0.25
"""Seconds before a lone scrape, after which no page is left to be served a second time."""


@dataclass(frozen=True)
class Scrapes:
    """What `count` scrapes cost."""

    count: int
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    bytes: int


def scrape_in_turn(servers: list[Server], form: Format) -> list[Scrapes]:
    """Lets the servers take turns, so that whatever else the machine does falls on all of them."""
    series = [Series(server, form) for server in servers]
    while waiting := [one for one in series if not one.is_over]:
        for one in waiting:
            one.take_turn()
    return [one.scrapes() for one in series]


def scrape_alone(servers: list[Server], form: Format) -> list[float]:
    """Milliseconds of processor time that each server's scrape costs when no other is near."""
    costs = [0.0] * len(servers)
    for _ in range(LONE_SCRAPES):
        time.sleep(LONE_PAUSE)
        for place, server in enumerate(servers):
            cpu = server.cpu()
            check(server.get("/metrics", form.accept, form.encoding), form)
            costs[place] += server.cpu() - cpu
    return [1000 * cost / LONE_SCRAPES for cost in costs]


class Series:
    """The scrapes of one server."""

    def __init__(self, server: Server, form: Format) -> None:
        self._server = server
        self._form = form
        self._walls: list[float] = []
        self._cpu = 0.0
        self._bytes = 0

    @property
    def is_over(self) -> bool:
        return len(self._walls) >= MOST_SCRAPES or self._cpu >= MOST_CPU

    def take_turn(self) -> None:
        cpu = self._server.cpu()
        for _ in range(TURN):
            start = time.perf_counter()
            answer = self._server.get("/metrics", self._form.accept, self._form.encoding)
            self._walls.append(time.perf_counter() - start)
            check(answer, self._form)
            self._bytes = len(answer.body)
        self._cpu += self._server.cpu() - cpu

    def scrapes(self) -> Scrapes:
        walls = sorted(1000 * wall for wall in self._walls)
        return Scrapes(
            count=len(walls),
            cpu_ms=1000 * self._cpu / len(walls),
            p50_ms=statistics.median(walls),
            p99_ms=walls[math.ceil(0.99 * len(walls)) - 1],
            bytes=self._bytes,
        )


def check(answer: Answer, form: Format) -> None:
    """Fails unless the answer is good, and in the format and encoding that were asked for."""
    encoding = answer.headers.get("content-encoding", "identity")
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if (answer.status, media_type, encoding) != (200, form.media_type, form.encoding):
        raise RuntimeError(f"a scrape failed: {answer.status} {answer.headers}")
