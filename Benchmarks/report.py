"""The table: every figure as median (least–most) over the rounds."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from measure import Round, Scrapes

Figure = Callable[[Round], float]


@dataclass(frozen=True)
class Line:
    """A row of the table: a figure of each round."""

    title: str
    figure: Figure


def openmetrics(round: Round) -> Scrapes:
    if round.exporter.openmetrics is None:
        raise RuntimeError("the exporter was not scraped in OpenMetrics")
    return round.exporter.openmetrics


def scrape_lines(who: str, scrapes: Callable[[Round], Scrapes]) -> list[Line]:
    return [
        Line(f"{who}: CPU a scrape, ms", lambda r: scrapes(r).cpu_ms),
        Line(f"{who}: p50, ms", lambda r: scrapes(r).p50_ms),
        Line(f"{who}: p99, ms", lambda r: scrapes(r).p99_ms),
        Line(f"{who}: scrapes a round", lambda r: scrapes(r).count),
        Line(f"{who}: bytes a page", lambda r: scrapes(r).bytes),
    ]


START = [
    Line("exporter: start to first good scrape, s", lambda r: r.exporter.start.first_scrape_s),
    Line("exporter: CPU until caught up, s", lambda r: r.exporter.start.cpu_s),
    Line("exporter: rows caught up a CPU second", lambda r: r.rows / r.exporter.start.cpu_s),
    Line("Flask: start to first good scrape, s", lambda r: r.peer.start.first_scrape_s),
    Line("SQLite: one AVG(json_extract(…)), CPU s", lambda r: r.average_cpu_s),
    Line(
        "ratio: exporter's catch-up / one AVG, CPU",
        lambda r: r.exporter.start.cpu_s / r.average_cpu_s,
    ),
]
MEMORY = [
    Line("exporter: resident, caught up, MiB", lambda r: r.exporter.start.memory.resident),
    Line("exporter: peak until caught up, MiB", lambda r: r.exporter.start.memory.peak),
    Line("exporter: resident after the scrapes, MiB", lambda r: r.exporter.memory.resident),
    Line("exporter: peak after the scrapes, MiB", lambda r: r.exporter.memory.peak),
    Line("Flask: resident after the scrapes, MiB", lambda r: r.peer.memory.resident),
]
SCRAPES = [
    Line("exporter: samples a page", lambda r: r.exporter.start.samples),
    *scrape_lines("exporter, text", lambda r: r.exporter.text),
    *scrape_lines("exporter, OpenMetrics + gzip", openmetrics),
    *scrape_lines("Flask, text", lambda r: r.peer.text),
    Line(
        "ratio: Flask / exporter (text), CPU a scrape",
        lambda r: r.peer.text.cpu_ms / r.exporter.text.cpu_ms,
    ),
    Line(
        "ratio: Flask / exporter (OpenMetrics + gzip), CPU a scrape",
        lambda r: r.peer.text.cpu_ms / openmetrics(r).cpu_ms,
    ),
]
GROWTH: list[tuple[str, Figure]] = [
    ("exporter, CPU a scrape, text", lambda r: r.exporter.text.cpu_ms),
    ("exporter, CPU a scrape, OpenMetrics + gzip", lambda r: openmetrics(r).cpu_ms),
    ("exporter, resident, caught up", lambda r: r.exporter.start.memory.resident),
    ("exporter, peak after the scrapes", lambda r: r.exporter.memory.peak),
    ("Flask, CPU a scrape", lambda r: r.peer.text.cpu_ms),
]


def table(rounds: list[list[Round]]) -> str:
    """- Parameter rounds: of each round, what was measured at each size, the smallest first."""
    sizes = [size.rows for size in rounds[0]]
    lines = [
        "| | " + " | ".join(f"{rows:,} rows" for rows in sizes) + " |",
        "| --- |" + " ---: |" * len(sizes),
    ]
    for line in START + MEMORY + SCRAPES:
        columns = [
            [line.figure(all_sizes[place]) for all_sizes in rounds] for place in range(len(sizes))
        ]
        lines.append(row(line.title, columns))
    for title, figure in GROWTH:
        columns = [
            [figure(all_sizes[place]) / figure(all_sizes[0]) for all_sizes in rounds]
            for place in range(len(sizes))
        ]
        lines.append(row(f"ratio to {sizes[0]:,} rows: {title}", columns))
    return "\n".join(lines) + "\n"


def row(title: str, columns: list[list[float]]) -> str:
    return f"| {title} | " + " | ".join(map(cell, columns)) + " |"


def cell(values: list[float]) -> str:
    median, least, most = map(number, (statistics.median(values), min(values), max(values)))
    return median if least == most else f"{median} ({least}–{most})"


def number(value: float) -> str:
    """Three digits that count, and never an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 if value >= 1 else 3}f}".rstrip("0").rstrip(".")
