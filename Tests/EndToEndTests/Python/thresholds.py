"""A gate's adaptive threshold: moves, drift and state."""

from __future__ import annotations

from allowed import EXACT, TIME, one_of
from contract import FUTURE_TOLERANCE, MOVE_EPSILON, STATES
from evidence import Evidence
from series import Page, latest


def add(page: Page, gate: str, rows: list[Evidence]) -> None:
    """The series of one gate that is not `_other`, from its evaluations in the order of ids."""
    with_threshold = [row for row in rows if row.threshold is not None]
    moved = moves(with_threshold)
    page.value("gate_threshold", latest(row.threshold for row in rows), gate=gate)
    page.count("gate_threshold_moves_total", len(moved), gate=gate)
    _add_last_move(page, gate, moved, with_threshold)
    _add_drift(page, gate, with_threshold)
    _add_state(page, gate, rows, moved, with_threshold)


def moves(with_threshold: list[Evidence]) -> list[Evidence]:
    """The evaluations whose threshold differs from that of the one before which has any."""
    return [
        after
        for before, after in zip(with_threshold, with_threshold[1:])
        if abs(after.threshold - before.threshold) > MOVE_EPSILON
    ]


def last_move_time(moved: list[Evidence], thresholds: list[Evidence], now: float) -> float | None:
    """The latest move (by id) with a readable time; before any such move, the first such threshold.

    The greatest evidence time is not what counts here: a move has its own definition. But it is a
    `*_timestamp_seconds`, so times over 5 minutes ahead count as not there.
    """

    def usable(row: Evidence) -> bool:
        return row.time is not None and row.time <= now + FUTURE_TOLERANCE

    timed = [row.time for row in moved if usable(row)]
    if timed:
        return timed[-1]
    return next((row.time for row in thresholds if usable(row)), None)


def _add_last_move(
    page: Page, gate: str, moved: list[Evidence], thresholds: list[Evidence]
) -> None:
    turns = (row.time - FUTURE_TOLERANCE for row in thresholds if row.time is not None)
    times = [last_move_time(moved, thresholds, now) for now in page.clock.instants(turns)]
    name = "gate_threshold_last_move_timestamp_seconds"
    page.put(name, one_of(times, TIME), gate=gate)


def _add_drift(page: Page, gate: str, thresholds: list[Evidence]) -> None:
    """The row before the window is the last one with a usable threshold."""
    if not thresholds:
        return
    last, first = thresholds[-1].threshold, thresholds[0].threshold
    page.value("gate_threshold_drift", last - first, gate=gate, window="all")
    timed = [row for row in thresholds if row.time is not None]
    for label, window in page.config.windows.items():
        drifts = []
        for old, new in page.clock.spans((row.time for row in timed), window):
            before = [row.threshold for row in timed if row.time <= old]
            served = any(old < row.time <= new for row in timed)
            drifts.append(last - (before[-1] if before else first) if served else None)
        page.put("gate_threshold_drift", one_of(drifts), gate=gate, window=label)


def state(
    rows: list[Evidence],
    moved: list[Evidence],
    thresholds: list[Evidence],
    staleness: float,
    now: float,
) -> str | None:
    """The first of the four states that holds; None without a last move timestamp."""
    last = last_move_time(moved, thresholds, now)
    if last is None:
        return None

    def in_span(time: float | None) -> bool:
        return time is not None and now - staleness < time <= now + FUTURE_TOLERANCE

    if not any(in_span(row.time) for row in rows):
        return "idle"
    if in_span(last):
        return "moving"
    # Read by id alone: the last move and the first threshold count here with any time or none.
    mark = (moved[-1] if moved else thresholds[0]).id
    return "stalled" if any(row.calibration_needed and row.id > mark for row in rows) else "settled"


def _add_state(
    page: Page, gate: str, rows: list[Evidence], moved: list[Evidence], thresholds: list[Evidence]
) -> None:
    staleness = page.config.limit("gates", gate, "threshold_staleness_seconds")
    times = [row.time for row in rows if row.time is not None]
    turns = [time - FUTURE_TOLERANCE for time in times] + [time + staleness for time in times]
    states = [
        state(rows, moved, thresholds, staleness, now) for now in page.clock.instants(turns)
    ]
    for label in STATES:
        values = [None if found is None else float(found == label) for found in states]
        page.put("gate_threshold_state", one_of(values, EXACT), gate=gate, state=label)
