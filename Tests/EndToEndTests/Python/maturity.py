"""Reflexive maturity scores, by subject."""

from __future__ import annotations

import math

import drops
from allowed import SLOPE, one_of
from contract import DAY, OTHER
from evidence import Evidence
from series import Page, latest


def add(page: Page, subject: str, rows: list[Evidence]) -> None:
    """The series of one subject, from its rows with a usable `rmm_score` in the order of ids."""
    samples = [(row.time, row.maturity) for row in rows]
    page.average("rmm_average", samples, subject=subject)
    page.samples("rmm_samples", samples, subject=subject)
    limit = page.config.objectives["rmm"]
    if subject != OTHER:
        limit = page.config.limit("subjects", subject, "rmm")
        page.value("rmm_score", latest(row.maturity for row in rows), subject=subject)
        scores = [(row.id, row.time, row.maturity) for row in rows]
        drops.add(page, "rmm", scores, limit, subject=subject)
        _add_progression(page, subject, rows)
    page.value("subject_objective", limit, subject=subject, indicator="rmm")


def _add_progression(page: Page, subject: str, rows: list[Evidence]) -> None:
    points = [(row.time, row.maturity) for row in rows if row.time is not None]
    slopes = []
    for old, new in page.clock.spans((time for time, _ in points), 7 * DAY):
        slopes.append(slope([point for point in points if old < point[0] <= new]))
    page.put("rmm_progression_per_day", one_of(slopes, SLOPE), subject=subject)


def slope(points: list[tuple[float, float]]) -> float | None:
    """The least-squares slope of scores over times in days, from two distinct times on."""
    if len({time for time, _ in points}) < 2:
        return None
    # Unix seconds squared would leave few digits of a double: count from the first time.
    days = [(time - points[0][0]) / DAY for time, _ in points]
    mean_day = math.fsum(days) / len(days)
    mean_score = math.fsum(score for _, score in points) / len(points)
    away = [day - mean_day for day in days]
    products = math.fsum(a * (score - mean_score) for a, (_, score) in zip(away, points))
    return products / math.fsum(a * a for a in away)
