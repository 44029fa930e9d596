"""A collector of expected series, and the shapes that several indicators share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from allowed import EXACT, MEAN, SCORE, TIME, Allowed, Clock, SeriesKey, Tolerance, key, one_of
from config import Config
from contract import DECIMALS, FUTURE_TOLERANCE, SCORE_BUCKETS

Sample = tuple[float | None, float]
"""An evidence time, if it is readable, and a score."""


class Page:
    """The expected series of one store."""

    def __init__(self, store: str, clock: Clock, config: Config) -> None:
        self.store, self.clock, self.config = store, clock, config
        self.series: dict[SeriesKey, Allowed] = {}

    def put(self, name: str, allowed: Allowed | None, **labels: str) -> None:
        if allowed is not None:
            self.series[key(f"reflexive_{name}", store=self.store, **labels)] = allowed

    def value(
        self, name: str, value: float | None, tolerance: Tolerance = SCORE, **labels: str
    ) -> None:
        """A value that does not depend on the time of the scrape; None if it is not served."""
        self.put(name, one_of([value], tolerance), **labels)

    def count(self, name: str, value: int | float, **labels: str) -> None:
        self.value(name, value, EXACT, **labels)

    def newest(self, name: str, times: Iterable[float | None], **labels: str) -> None:
        """A `*_timestamp_seconds` of evidence: the greatest time not over 5 minutes ahead."""
        readable = [time for time in times if time is not None]
        moments = self.clock.instants(time - FUTURE_TOLERANCE for time in readable)
        newest = [
            max((time for time in readable if time <= now + FUTURE_TOLERANCE), default=None)
            for now in moments
        ]
        self.put(name, one_of(newest, TIME), **labels)

    def histogram(self, name: str, scores: Iterable[float], **labels: str) -> None:
        """Served "from the first score on"."""
        scores = list(scores)
        if not scores:
            return
        for le in SCORE_BUCKETS:
            inside = sum(score <= float(le) for score in scores)
            self.count(f"{name}_bucket", inside, le=le, **labels)
        self.count(f"{name}_count", len(scores), **labels)
        self.value(f"{name}_sum", math.fsum(scores), **labels)

    def windowed(
        self,
        name: str,
        samples: Iterable[Sample],
        indicator: Callable[[list[float]], float],
        tolerance: Tolerance = SCORE,
        **labels: str,
    ) -> None:
        """An indicator of the scores in each window; not served where a window has none."""
        samples = list(samples)
        every = [score for _, score in samples]
        self.value(name, indicator(every) if every else None, tolerance, window="all", **labels)
        timed = [(time, score) for time, score in samples if time is not None]
        for label, window in self.config.windows.items():
            values = []
            for old, new in self.clock.spans((time for time, _ in timed), window):
                inside = [score for time, score in timed if old < time <= new]
                values.append(indicator(inside) if inside else None)
            self.put(name, one_of(values, tolerance), window=label, **labels)

    def average(self, name: str, samples: Iterable[Sample], **labels: str) -> None:
        self.windowed(name, samples, mean, MEAN, **labels)

    def samples(self, name: str, samples: Iterable[Sample], **labels: str) -> None:
        self.windowed(name, samples, len, EXACT, **labels)


def mean(scores: list[float]) -> float:
    """Rounded, so that the mean of equal scores is that score."""
    return round(math.fsum(scores) / len(scores), DECIMALS)


def latest(values: Iterable[float | None]) -> float | None:
    """The value of the highest id that has one, of values in the order of ids."""
    return next((value for value in reversed(list(values)) if value is not None), None)
