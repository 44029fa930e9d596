"""Scores of executions by agent, and self-assessed consistency by gate."""

from __future__ import annotations

import drops
from contract import DECIMALS, OTHER
from evidence import Evidence
from series import Page, latest


def add_agent(page: Page, agent: str, rows: list[Evidence]) -> None:
    """The series of one agent, from its executions in the order of ids."""
    samples = [(row.time, row.quality) for row in rows if row.quality is not None]
    page.histogram("qsr_score", (score for _, score in samples), agent=agent)
    page.average("qsr_average", samples, agent=agent)
    page.samples("qsr_samples", samples, agent=agent)
    page.count("agent_executions_total", len(rows), agent=agent)
    times = (row.time for row in rows)
    page.newest("agent_last_execution_timestamp_seconds", times, agent=agent)
    limit = page.config.objectives["qsr"]
    if agent != OTHER:
        limit = page.config.limit("agents", agent, "qsr")
        page.value("qsr_latest_score", latest(row.quality for row in rows), agent=agent)
        scores = [(row.id, row.time, row.quality) for row in rows if row.quality is not None]
        drops.add(page, "qsr", scores, limit, agent=agent)
    page.value("agent_objective", limit, agent=agent, indicator="qsr")


def add_store(page: Page, rows: list[Evidence]) -> None:
    """The means over all executions, folded ones too."""
    samples = [(row.time, row.quality) for row in rows if row.quality is not None]
    page.average("store_qsr_average", samples)
    page.samples("store_qsr_samples", samples)


def add_gate(page: Page, gate: str, rows: list[Evidence]) -> None:
    """The series of one gate that hold for `_other` too, from its evaluations by id."""
    page.count("gate_evaluations_total", len(rows), gate=gate)
    times = (row.time for row in rows)
    page.newest("gate_last_evaluation_timestamp_seconds", times, gate=gate)
    scores = (row.quality for row in rows if row.quality is not None)
    page.histogram("gate_score", scores, gate=gate)
    consistencies = [(row.time, row.consistency) for row in rows if row.consistency is not None]
    page.average("gate_consistency_average", consistencies, gate=gate)
    thresholds = [(row.time, row.threshold) for row in rows if row.threshold is not None]
    page.average("gate_threshold_average", thresholds, gate=gate)
    needed = sum(row.calibration_needed for row in rows)
    page.count("gate_calibrations_needed_total", needed, gate=gate)
    for indicator in ("consistency", "consistency_streak", "threshold_staleness_seconds"):
        limit = page.config.objectives[indicator]
        if gate != OTHER:
            limit = page.config.limit("gates", gate, indicator)
        page.value("gate_objective", limit, gate=gate, indicator=indicator)


def add_self_assessment(page: Page, gate: str, rows: list[Evidence]) -> None:
    """Latest values and the streak of one gate that is not `_other`."""
    page.value("gate_consistency", latest(row.consistency for row in rows), gate=gate)
    page.value("gate_confidence", latest(row.confidence for row in rows), gate=gate)
    objective = page.config.limit("gates", gate, "consistency")
    length = page.config.limit("gates", gate, "consistency_streak")
    scores = [(row.id, row.time, row.consistency) for row in rows if row.consistency is not None]
    drops.add(page, "gate_consistency", scores, objective, gate=gate)
    streak = breaches = 0
    for row in rows:
        if row.consistency is None:
            continue
        streak = streak + 1 if round(row.consistency, DECIMALS) < objective else 0
        breaches += streak == length
    page.count("gate_low_consistency_streak", streak, gate=gate)
    page.count("gate_low_consistency_breaches_total", breaches, gate=gate)
