"""The values a series may have, and the moments that make them differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract import EDGE_TOLERANCE

SeriesKey = tuple[str, tuple[tuple[str, str], ...]]
"""A sample's name and its labels, sorted."""


def key(name: str, **labels: str) -> SeriesKey:
    return name, tuple(sorted(labels.items()))


@dataclass(frozen=True)
class Clock:
    """The exporter's `now` lies in [start, end]: just before and just after the scrape."""

    start: float
    end: float

    def instants(self, turns: Iterable[float]) -> list[float]:
        """Moments that show every value: both ends, and those of `turns` that lie between."""
        inside = {turn for turn in turns if self.start < turn <= self.end}
        return sorted({self.start, self.end} | inside)

    def spans(self, times: Iterable[float], window: float) -> Iterator[tuple[float, float]]:
        """Every (old edge, new edge] that a window may have, as far as the `times` in it differ.

        The new edge is `now`; the old one lies anywhere within 1 % of the window of `now − window`.
        """
        times = list(times)
        oldest = self.start - window * (1 + EDGE_TOLERANCE)
        latest = self.end - window * (1 - EDGE_TOLERANCE)
        old_edges = sorted({oldest} | {time for time in times if oldest < time <= latest})
        for new_edge in self.instants(times):
            for old_edge in old_edges:
                yield old_edge, new_edge


@dataclass(frozen=True)
class Tolerance:
    relative: float = 1e-9
    absolute: float = 1e-9


EXACT = Tolerance(0, 0)
SCORE = Tolerance()
MEAN = Tolerance(0, 1.5e-9)
"""Means have 9 decimals, and a value in the middle of two may be rounded either way."""
TIME = Tolerance(4e-16, 2e-6)
"""Times are kept to at least a microsecond; a double keeps 16 digits."""
SLOPE = Tolerance(1e-6, 1e-9)
"""A sum of squares of times loses digits that a mean does not."""


@dataclass(frozen=True)
class Allowed:
    """A series must have one of `values`. If `optional`, it may be absent."""

    values: tuple[float, ...]
    optional: bool = False
    tolerance: Tolerance = SCORE

    def accepts(self, value: float | None) -> bool:
        if value is None:
            return self.optional
        relative, absolute = self.tolerance.relative, self.tolerance.absolute
        return any(
            math.isclose(value, allowed, rel_tol=relative, abs_tol=absolute)
            for allowed in self.values
        )

    def __str__(self) -> str:
        shown = sorted(set(self.values))
        text = " or ".join(repr(value) for value in shown[:3])
        if len(shown) > 3:
            text = f"one of {len(shown)} values from {shown[0]!r} to {shown[-1]!r}"
        return text + (" or absent" if self.optional else "")


def one_of(values: Iterable[float | None], tolerance: Tolerance = SCORE) -> Allowed | None:
    """Allows what was computed for each moment (None: absent then); None if it is always absent."""
    values = list(values)
    present = tuple(dict.fromkeys(value for value in values if value is not None))
    return Allowed(present, None in values, tolerance) if present else None
