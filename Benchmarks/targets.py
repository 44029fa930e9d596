"""Figures and their targets."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import Bench

Figures = dict[str, float]
"""What one round of an experiment measured, by title."""


@dataclass(frozen=True)
class Target:
    """The bar must hold; the aim is what the exporter wants to be known for.

    `worst` judges the worst round instead of the median.
    """

    bar: float | None
    aim: float
    at_least: bool = False
    worst: bool = False

    def verdict(self, values: list[float]) -> str:
        """✓ for the bar, ✓✓ for the aim, ✗ for neither."""
        value = statistics.median(values)
        if self.worst:
            value = min(values) if self.at_least else max(values)
        if self._reaches(value, self.aim):
            return "✓✓"
        if self.bar is None:
            return "·"
        return "✓" if self._reaches(value, self.bar) else "✗"

    def _reaches(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit

    def limit(self, value: float | None) -> str:
        if value is None:
            return "–"
        return f"{'≥' if self.at_least else '≤'} {number(value)}"


@dataclass(frozen=True)
class Experiment:
    """`measure` is run once a round.

    Figures with a target stand in the table of targets. Those whose title is `row: column`, with a
    column of `columns`, make a table of their own.
    """

    name: str
    title: str
    note: str
    measure: Callable[[Bench], Figures]
    targets: dict[str, Target] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A figure of every round."""

    title: str
    values: list[float]
    target: Target | None = None


def results(experiment: Experiment, rounds: list[Figures]) -> list[Result]:
    """A figure that some rounds lack has the values of those that have it."""
    titles = dict.fromkeys(title for figures in rounds for title in figures)
    return [
        Result(
            title,
            [figures[title] for figures in rounds if title in figures],
            experiment.targets.get(title),
        )
        for title in titles
    ]


def target_table(groups: dict[str, list[Result]]) -> str:
    """- Parameter groups: the results by the title of their section."""
    lines = ["| | measured | bar | aim | |", "| --- | ---: | ---: | ---: | --- |"]
    for title, group in groups.items():
        rows = [target_row(one, one.target) for one in group if one.target]
        lines += [f"| **{title}** | | | | |", *rows] if rows else []
    return "\n".join(lines) + "\n"


def target_row(one: Result, target: Target) -> str:
    bar, aim = target.limit(target.bar), target.limit(target.aim)
    return f"| {one.title} | {cell(one.values)} | {bar} | {aim} | {target.verdict(one.values)} |"


def figure_tables(experiment: Experiment, found: list[Result]) -> str:
    """The table of rows and columns, if there is one, and the list of all other figures."""
    cells: dict[str, dict[str, str]] = {}
    rest = []
    for one in found:
        row, _, column = one.title.rpartition(": ")
        if column in experiment.columns:
            cells.setdefault(row, {})[column] = cell(one.values)
        elif not one.target:
            rest.append(f"| {one.title} | {cell(one.values)} |")
    tables = []
    if cells:
        tables.append(table_head(["", *experiment.columns]))
        for row, columns in cells.items():
            values = [columns.get(column, "") for column in experiment.columns]
            tables.append(f"| {row} | {' | '.join(values)} |")
        tables.append("")
    if rest:
        tables += [table_head(["", "measured"]), *rest, ""]
    return "\n".join(tables)


def table_head(titles: list[str]) -> str:
    return f"| {' | '.join(titles)} |\n| --- |" + " ---: |" * (len(titles) - 1)


def cell(values: list[float]) -> str:
    """The median, with the least and the most in brackets."""
    median, least, most = map(number, (statistics.median(values), min(values), max(values)))
    return median if least == most else f"{median} ({least}–{most})"


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 if abs(value) >= 1 else 3
    while value and digits < 9 and abs(value) * 10**digits < 10:
        digits += 1
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def percentile(values: list[float], share: float) -> float:
    """The least value that `share` of all do not exceed."""
    ascending = sorted(values)
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]
