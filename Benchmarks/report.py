"""The table by size: every figure as median (least–most) over the rounds, and its targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from measure import ExporterScrapes, Round, Run
from scrapes import Scrapes
from targets import Result, Target, cell

Figure = Callable[[Round], float]


@dataclass(frozen=True)
class Line:
    """A row of the table: a figure of each round."""

    title: str
    figure: Figure


def exporter(round: Round) -> ExporterScrapes:
    if round.exporter.only_exporter is None:
        raise RuntimeError("the exporter was not scraped in OpenMetrics")
    return round.exporter.only_exporter


def other(round: Round) -> Run:
    if round.query_exporter is None:
        raise RuntimeError("query-exporter was not measured")
    return round.query_exporter


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
    *scrape_lines("exporter, OpenMetrics + gzip", lambda r: exporter(r).openmetrics),
    Line("exporter, text: CPU of a lone scrape, ms", lambda r: exporter(r).lone_text_ms),
    Line(
        "exporter, OpenMetrics + gzip: CPU of a lone scrape, ms",
        lambda r: exporter(r).lone_openmetrics_ms,
    ),
    *scrape_lines("Flask, text", lambda r: r.peer.text),
]
QUERY_EXPORTER = [
    Line("query-exporter: start to first good scrape, s", lambda r: other(r).start.first_scrape_s),
    Line("query-exporter: resident after the scrapes, MiB", lambda r: other(r).memory.resident),
    *scrape_lines("query-exporter, text", lambda r: other(r).text),
]


def table(rounds: list[list[Round]]) -> str:
    """- Parameter rounds: of each round, what was measured at each size, the smallest first."""
    sizes = [size.rows for size in rounds[0]]
    lines = [
        "| | " + " | ".join(f"{rows:,} rows" for rows in sizes) + " |",
        "| --- |" + " ---: |" * len(sizes),
    ]
    others = QUERY_EXPORTER if rounds[0][0].query_exporter else []
    for line in START + MEMORY + SCRAPES + others:
        columns = [
            [line.figure(all_sizes[place]) for all_sizes in rounds] for place in range(len(sizes))
        ]
        lines.append(row(line.title, columns))
    return "\n".join(lines) + "\n"


def row(title: str, columns: list[list[float]]) -> str:
    return f"| {title} | " + " | ".join(map(cell, columns)) + " |"


def targets(rounds: list[list[Round]]) -> list[Result]:
    """The ratios that have a target."""
    small, large = rounds[0][0].rows, rounds[0][-1].rows
    found = []
    for place, size in enumerate(rounds[0]):
        if size.rows >= min(large, 1_000_000):
            values = [all_sizes[place] for all_sizes in rounds]
            found += size_targets(values)
    for title, figure, target in FLATNESS:
        values = [figure(all_sizes[-1]) / figure(all_sizes[0]) for all_sizes in rounds]
        found.append(Result(f"{title}, {large:,} rows / {small:,} rows", values, target))
    return found


def size_targets(rounds: list[Round]) -> list[Result]:
    return [
        Result(f"{title}, {rounds[0].rows:,} rows", [figure(one) for one in rounds], target)
        for title, figure, target in AT_SIZE
    ]


AT_SIZE: list[tuple[str, Figure, Target]] = [
    (
        "catch-up / one SQLite AVG, CPU",
        lambda r: r.exporter.start.cpu_s / r.average_cpu_s,
        Target(1.5, 1),
    ),
    (
        "Flask's CPU a scrape / exporter's lone one (text)",
        lambda r: r.peer.text.cpu_ms / exporter(r).lone_text_ms,
        Target(1_000, 10_000, at_least=True),
    ),
    (
        "Flask's CPU a scrape / exporter's lone one (OpenMetrics + gzip)",
        lambda r: r.peer.text.cpu_ms / exporter(r).lone_openmetrics_ms,
        Target(1_000, 10_000, at_least=True),
    ),
    (
        "resident after the scrapes, MB",
        lambda r: r.exporter.memory.resident * 2**20 / 1e6,
        Target(35, 20),
    ),
    (
        "resident after the scrapes, exporter / Flask",
        lambda r: r.exporter.memory.resident / r.peer.memory.resident,
        Target(1, 20 / 35),
    ),
]
FLATNESS: list[tuple[str, Figure, Target]] = [
    ("CPU of a lone scrape, text", lambda r: exporter(r).lone_text_ms, Target(1.2, 1.05)),
    (
        "CPU of a lone scrape, OpenMetrics + gzip",
        lambda r: exporter(r).lone_openmetrics_ms,
        Target(1.2, 1.05),
    ),
    ("resident after the scrapes", lambda r: r.exporter.memory.resident, Target(1.1, 1.02)),
]
