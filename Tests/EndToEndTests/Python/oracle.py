"""A slow and obvious recomputation of every series that comes from the rows.

It is written from the sentences of docs/metrics.md and shares nothing with the exporter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import labels
import maturity
import quality
import thresholds
from allowed import EXACT, Allowed, Clock, SeriesKey, one_of
from config import Config, parse
from contract import EVALUATION, EXECUTION, LABELS, OTHER, REASONS
from evidence import Evidence, StoreFacts, read
from labels import LabelTable
from series import Page


def expected(
    db_path: str,
    now: float | tuple[float, float],
    *,
    store: str | None = None,
    config: Config | dict[str, Any] | None = None,
    path: str | None = None,
    first_read: float | None = None,
) -> dict[SeriesKey, Allowed]:
    """Every row-derived series that one store must have at `now`, with the values it may have.

    `now` is the time of the scrape, or the times just before and just after it. `path` is the
    store's path as configured, `store` its name (by default that of the file). `first_read` is when
    the exporter read the rows; evidence 4 to 6 minutes ahead of it is not worth an examination.
    """
    store = store or Path(db_path).stem
    config = config if isinstance(config, Config) else parse(config, store)
    clock = Clock(*now) if isinstance(now, tuple) else Clock(now, now)
    facts, rows = read(db_path, config, clock.start if first_read is None else first_read)
    folded = labels.fold(rows, config.label_values)
    page = Page(store, clock, config)
    _add_evidence(page, rows, folded, facts, path or db_path)
    _add_indicators(page, rows)
    return page.series


def _add_evidence(
    page: Page, rows: list[Evidence], folded: dict[str, LabelTable], facts: StoreFacts, path: str
) -> None:
    events = defaultdict(list, {EXECUTION: [], EVALUATION: []})
    for row in rows:
        events[row.event].append(row)
    for event, members in events.items():
        page.count("evidence_rows_total", len(members), event=event)
        times = (row.time for row in members)
        page.newest("evidence_last_timestamp_seconds", times, event=event)
    rejected = Counter(row.rejection for row in rows)
    for reason in REASONS:
        page.count("evidence_rejected_total", rejected[reason], reason=reason)
    for label in LABELS:
        table = folded[label]
        counts = (table.overflow, table.overflow + table.literal)
        page.put("label_overflow_total", one_of(counts, EXACT), label=label)
    page.count("store_tail_id", max((row.id for row in rows), default=0))
    page.count(
        "store_info", 1, path=path, time_column=facts.time_column, journal_mode=facts.journal_mode
    )
    for indicator, limit in page.config.limits().items():
        page.value("objective", limit, indicator=indicator)


def _add_indicators(page: Page, rows: list[Evidence]) -> None:
    executions = [row for row in rows if row.kind == "execution"]
    evaluations = [row for row in rows if row.kind == "evaluation"]
    scored = [row for row in rows if row.maturity is not None]
    quality.add_store(page, executions)
    _add_each(page, "agent", executions, quality.add_agent)
    _add_each(page, "gate", evaluations, _add_gate)
    _add_each(page, "subject", scored, maturity.add)


def _add_gate(page: Page, gate: str, rows: list[Evidence]) -> None:
    quality.add_gate(page, gate, rows)
    if gate != OTHER:
        quality.add_self_assessment(page, gate, rows)
        thresholds.add(page, gate, rows)


def _add_each(
    page: Page,
    label: str,
    rows: Iterable[Evidence],
    add: Callable[[Page, str, list[Evidence]], None],
) -> None:
    """Adds the series of each value of a label, unless it is retired."""
    groups: defaultdict[str, list[Evidence]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, label)].append(row)
    for value, members in groups.items():
        part = Page(page.store, page.clock, page.config)
        add(part, value, members)
        served = _served(page, members)
        if True not in served:
            continue
        for series, allowed in part.series.items():
            optional = allowed.optional or False in served
            page.series[series] = Allowed(allowed.values, optional, allowed.tolerance)


def _served(page: Page, rows: list[Evidence]) -> set[bool]:
    """Whether `retire_after` leaves a name served, at each moment of the scrape.

    The newest evidence is read as the greatest readable time. Without one nothing says that the
    evidence is old, so the name stays.
    """
    times = [row.time for row in rows if row.time is not None]
    if page.config.retire_after is None or not times:
        return {True}
    newest = max(times)
    retirement = newest + page.config.retire_after
    return {newest >= now - page.config.retire_after for now in page.clock.instants([retirement])}
