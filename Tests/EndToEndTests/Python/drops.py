"""Drops of one agent, gate or subject, score by score, as design/drops.md has them.

The order of every sum and product is the exporter's, so that states are equal to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from allowed import EXACT, TIME
from contract import DECIMALS
from series import Page

BETS = (1 / 16, 1 / 4, 1 / 2, 15 / 16)
LEAST, MOST = 0.001, 0.999
LN10 = 2.302585092994046
MISS = 10 / 9
STREAK_PRIOR, STREAK_COUNTED, STREAK_MOST = 10, 3, 0.9
MOST_WEALTH = 1e300

Row = tuple[int, float | None, float]
"""An id, its evidence time if it is readable, and a usable score."""


@dataclass(frozen=True)
class Settings:
    objective: float
    min_samples: int = 5
    false_alarm_runs: float = 10_000.0
    tolerance: float = 0.05
    recovery_runs: float = 50.0
    normal_runs: int = 500


@dataclass
class Stretch:
    """Scores on one side of a level, since they last came back to it."""

    depth: float = 0.0
    count: int = 0
    sum: float = 0.0
    id: int | None = None
    time: float | None = None

    def add(self, excess: float, row: Row) -> None:
        if self.depth == 0:
            self.count, self.sum, (self.id, self.time, _) = 0, 0.0, row
        self.depth = max(0.0, self.depth + excess)
        self.count += 1
        self.sum += row[2]

    def lasts(self, min_samples: int) -> bool:
        return self.depth > 0 and self.count >= min_samples


def nothing_won() -> list[float]:
    return [0.0] * len(BETS)


def mean(wealth: list[float]) -> float:
    return (((wealth[0] + wealth[1]) + wealth[2]) + wealth[3]) / 4


def bet(wealth: list[float], gain: float) -> list[float]:
    return [min(MOST_WEALTH, own * (1 + share * gain)) for own, share in zip(wealth, BETS)]


@dataclass
class Reference:
    """Drops against the objective, or against normal."""

    active: bool = False
    drops: int = 0
    evidence: float = 0.0
    wealth: list[float] = field(default_factory=nothing_won)
    near: Stretch = field(default_factory=Stretch)
    far: Stretch = field(default_factory=Stretch)
    limit: float = 0.0
    middle: float = 0.0
    count: int = 0
    sum: float = 0.0
    start_id: int | None = None
    start_time: float | None = None
    rise: Stretch = field(default_factory=Stretch)
    runs_active: int = 0

    def clear(self) -> None:
        self.wealth, self.near, self.far = nothing_won(), Stretch(), Stretch()

    def end(self) -> None:
        self.active, self.evidence = False, 0.0
        self.clear()


@dataclass
class Epoch:
    """What normal is learned from."""

    count: int = 0
    sum: float = 0.0
    spread: float = 1 / 4
    weight: float = 0.0
    weighted: float = 0.0
    penalty: float = 0.0
    low: float = 0.0
    high: float = 1.0

    @property
    def centre(self) -> float:
        return (self.sum + 1 / 2) / (self.count + 1)

    def learn(self, score: float, tolerance: float) -> None:
        share = min(1 / 2, math.sqrt(2 * LN10 / self.spread))
        square = (score - self.centre) * (score - self.centre)
        self.weight += share
        self.weighted += share * score
        self.penalty += square * (share * share / (2 * (1 - share)))
        self.count += 1
        self.sum += score
        self.spread += square
        below = (self.weighted - LN10 - self.penalty) / self.weight
        above = (self.weighted + LN10 + self.penalty) / self.weight
        self.low = max(self.low, min(below, self.centre - tolerance))
        self.high = min(self.high, max(above, self.centre + tolerance))


@dataclass
class Streaks:
    """How much of a low score is handed on to the next."""

    pairs: int = 0
    low: int = 0
    lowlow: int = 0
    run: int = 0
    rho: float = 0.0
    last: float | None = None

    def below(self, level: float) -> float:
        if self.last is None or self.last >= level:
            return level
        return level - self.rho * (level - self.last)

    def above(self, level: float) -> float:
        if self.last is None or self.last <= level:
            return level
        return level + self.rho * (self.last - level)

    def add(self, score: float, is_low: bool, counted: bool) -> None:
        if counted and self.last is not None and self.run <= STREAK_COUNTED:
            self.pairs += 1
            self.low += self.run > 0
            self.lowlow += self.run > 0 and is_low
            share = self.low / self.pairs
            after = (self.lowlow + STREAK_PRIOR * share) / (self.low + STREAK_PRIOR)
            if share < 1:
                self.rho = min(STREAK_MOST, max(0.0, (after - share) / (1 - share)))
        self.run = self.run + 1 if is_low else 0
        self.last = score


class Watch:
    """Both questions for one agent, gate or subject."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.objective, self.normal = Reference(), Reference()
        self.epoch, self.epochs = Epoch(), 1
        self.streaks = Streaks()
        self.rise = nothing_won()

    @property
    def _normal_threshold(self) -> float:
        return self.settings.false_alarm_runs * MISS

    def apply(self, row: Row) -> None:
        settings, normal, score = self.settings, self.normal, row[2]
        threshold = settings.false_alarm_runs
        self._judge(self.objective, settings.objective, threshold, 0.0, row)
        before = normal.active
        slack = settings.tolerance / 2
        self._judge(normal, self.epoch.low, self._normal_threshold, slack, row)
        if normal.active and normal.runs_active >= settings.normal_runs:
            normal.end()
            self._begin_epoch()
        is_low = score < self.epoch.centre
        if not before and not normal.active:
            self._look_for_rise(score)
            self.epoch.learn(score, settings.tolerance)
        self.streaks.add(score, is_low, counted=not normal.active)

    def _judge(
        self, it: Reference, reference: float, threshold: float, slack: float, row: Row
    ) -> None:
        if it.active:
            self._look_for_end(it, row)
        elif reference >= LEAST:
            self._look_for_drop(it, min(reference, MOST), threshold, slack, row)

    def _look_for_drop(
        self, it: Reference, limit: float, threshold: float, slack: float, row: Row
    ) -> None:
        score, least = row[2], self.settings.min_samples
        expected = self.streaks.below(limit)
        joined = [own + 1 for own in it.wealth]
        it.wealth = bet(joined, (expected - score) / (1 - expected))
        it.evidence = mean(it.wealth)
        it.near.add(limit - score, row)
        it.far.add((limit - slack) - score, row)
        if it.evidence < threshold or not it.near.lasts(least):
            return
        start = it.far if it.far.lasts(least) else it.near
        it.drops += 1
        it.active, it.limit, it.runs_active, it.rise.depth = True, limit, 0, 0.0
        it.start_id, it.start_time = start.id, start.time
        it.count, it.sum = start.count, start.sum
        it.middle = (limit + it.sum / it.count) / 2
        it.clear()

    def _look_for_end(self, it: Reference, row: Row) -> None:
        score = row[2]
        expected = self.streaks.above(it.middle)
        it.wealth = bet([max(own, 1.0) for own in it.wealth], (score - expected) / expected)
        it.count += 1
        it.sum += score
        it.runs_active += 1
        it.rise.add(score - it.middle, row)
        is_back = it.rise.sum >= it.limit * it.rise.count
        if mean(it.wealth) >= self.settings.recovery_runs and is_back:
            it.end()

    def _look_for_rise(self, score: float) -> None:
        if self.epoch.high > MOST:
            return
        expected = self.streaks.above(self.epoch.high)
        self.rise = bet([own + 1 for own in self.rise], (score - expected) / expected)
        if mean(self.rise) >= self._normal_threshold:
            self._begin_epoch()
            self.normal.evidence = 0.0
            self.normal.clear()

    def _begin_epoch(self) -> None:
        self.epoch, self.rise = Epoch(), nothing_won()
        self.epochs += 1


def rounded(total: float, count: int) -> float:
    """A mean as it is served."""
    return round(total / count, DECIMALS)


def watch(rows: Iterable[Row], settings: Settings) -> Watch:
    """The watch after `rows`, in the order of their ids."""
    found = Watch(settings)
    for row in rows:
        found.apply(row)
    return found


def add(page: Page, prefix: str, rows: list[Row], objective: float, **labels: str) -> None:
    """The series of one agent, gate or subject that is not `_other`; none where drops are off.

    `prefix` is `qsr`, `gate_consistency` or `rmm`, `rows` those with a usable score.
    """
    config = page.config
    if config.drop is None:
        return
    min_samples = int(config.objectives["min_samples"])
    found = watch(rows, Settings(objective, min_samples=min_samples, **config.drop))
    if found.epoch.count:
        page.value(f"{prefix}_normal", rounded(found.epoch.sum, found.epoch.count), **labels)
    references = {
        "objective": (found.objective, objective),
        "normal": (found.normal, found.epoch.low),
    }
    for name, (it, reference) in references.items():
        with_reference = labels | {"reference": name}
        page.count(f"{prefix}_drops_total", it.drops, **with_reference)
        if not rows:
            continue
        page.count(f"{prefix}_drop_active", int(it.active), **with_reference)
        page.value(f"{prefix}_drop_evidence", it.evidence, EXACT, **with_reference)
        limit = it.limit if it.active else min(reference, MOST)
        if limit >= LEAST:
            page.value(f"{prefix}_drop_limit", limit, EXACT, **with_reference)
        if it.active:
            _add_active(page, f"{prefix}_drop", it, **with_reference)


def _add_active(page: Page, prefix: str, it: Reference, **labels: str) -> None:
    page.value(f"{prefix}_mean", rounded(it.sum, it.count), **labels)
    page.count(f"{prefix}_samples", it.count, **labels)
    page.value(f"{prefix}_start_timestamp_seconds", it.start_time, TIME, **labels)
    page.count(f"{prefix}_start_id", it.start_id, **labels)
