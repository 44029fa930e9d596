"""Databases with odd times: out of order, ahead, unreadable, at the edges of windows."""

from __future__ import annotations

from typing import Any

from contract import DAY, EVALUATION, EXECUTION
from database import Database, RawText, Value, iso
from flavors import Plot, flavor

HOUR = 3600.0


@flavor
def out_of_order(plot: Plot) -> dict[str, Any]:
    """Evidence times that do not follow the ids, at whole seconds (so that some are equal)."""
    db = Database(plot.path)
    times = plot.times(400)
    plot.rng.shuffle(times)
    for time in (round(time) for time in times):
        db.execution(time, plot.score(), rmm_score=plot.score())
        needed = plot.rng.random() < 0.1
        threshold = plot.rng.choice([0.5, 0.5, 0.6])
        db.evaluation(time, threshold=threshold, needed=needed, consistency=plot.score())
    db.close()
    return {}


@flavor
def ahead(plot: Plot) -> dict[str, Any]:
    """Rows 2 minutes (fine, though in no bounded window yet) and 2 hours ahead (rejected)."""
    db = Database(plot.path)
    for gate in ("Now", "Soon", "Later", "Mixed"):
        for index in range(12):
            step = {"Now": 0.0, "Soon": 120.0, "Later": 2 * HOUR}.get(gate)
            offset = plot.rng.choice([-HOUR, 120, 2 * HOUR, 3 * DAY]) if step is None else step
            time = plot.now + offset + index * 0.1
            db.evaluation(time, gate=gate, threshold=0.5 + index % 3 / 10, needed=index == 11)
            db.execution(time, plot.score(), agent=gate, rmm_score=plot.score())
    db.insert("note", "not json", ts=iso(plot.now + 2 * HOUR))
    db.insert("note", "not json", ts=iso(plot.now + 120))
    db.close()
    return {}


@flavor
def untimed(plot: Plot) -> dict[str, Any]:
    """Rows without any readable time among others: moves, firsts and latests too."""
    db = Database(plot.path)
    for gate in ("First", "Move", "Never", "Mixed"):
        for index in range(10):
            hidden = {"First": index < 3, "Move": index in (5, 6), "Never": True}.get(gate)
            hidden = plot.rng.random() < 0.5 if hidden is None else hidden
            time = iso(plot.now - (40 - index) * HOUR)
            payload = {
                "gate": gate,
                "output_quality": plot.score(),
                "current_threshold": 0.5 + (0.1 if index >= 5 else 0),
                "self_assessment": {"consistency": 0.2, "calibration_needed": index % 2 == 0},
                "rmm_score": plot.score(),
            }
            db.insert(EVALUATION, payload, ts="" if hidden else time)
            db.insert(EXECUTION, payload | {"agent": gate}, ts=None if hidden else time)
    db.close()
    return {}


@flavor
def window_edges(plot: Plot) -> dict[str, Any]:
    """Evidence within 2 % of the old edges, and nothing else."""
    db = Database(plot.path)
    times = []
    for window in (HOUR, DAY, 7 * DAY):
        times += [plot.now - window * plot.rng.uniform(0.98, 1.02) for _ in range(60)]
    for time in sorted(times):
        db.execution(time, plot.score(), rmm_score=plot.score())
        db.evaluation(time, consistency=plot.score(), threshold=plot.score())
    db.close()
    return {}


_BASES = ("2024-02-29", "2023-02-28", "1999-12-31", "0001-01-01", "9999-12-31", "1970-01-01")
_WRONG = (
    "2023-02-29T00:00:00", "2024-02-30T00:00:00", "1900-02-29T00:00:00", "2024-13-01T00:00:00",
    "2024-00-10T00:00:00", "2024-04-31T00:00:00", "2024-04-00T00:00:00", "0000-01-01T00:00:00",
    "2024-01-01T24:00:00", "2024-01-01T23:60:00", "2024-01-01T23:59:60", "2024-01-01t00:00:00",
    "2024-01-01T00:00:00z", "2024-01-01T00:00:00 Z", " 2024-01-01T00:00:00",
    "2024-01-01T00:00:00 ", "2024-01-01T00:00:00\n", "2024-01-01T00:00", "2024-01-01",
    "2024-01-01T00:00:00.", "2024-01-01T00:00:00.1234567891", "2024-01-01T00:00:00,5",
    "2024-01-01T00:00:00+01", "2024-01-01T00:00:00+1:00", "2024-01-01T00:00:00+01:60",
    "2024-01-01T00:00:00+01:00Z", "2024-01-01T00:00:00−01:00", "24-01-01T00:00:00",
    "20240101T000000", "2024-1-1T00:00:00", "+2024-01-01T00:00:00", "12024-01-01T00:00:00",
    "２０２４-01-01T00:00:00", "2024-01-01  00:00:00", "1e9", "+1", "1.", ".5", "0x10", "١٢٣",
    "1_000", "- 1", "--1", "", "-", "NaN", "inf", "9" * 400, "1700000000 ", "1700000000\0",
    "2024-01-01T00:00:00\0",
)  # fmt: skip
_UNIX = ("0", "-0", "-1", "1700000000", "1700000000.25", "0001700000000.500", "-62135596800")


def time_texts(plot: Plot) -> list[str]:
    """Times of every readable form, and wrong ones."""
    texts = [*_WRONG, *_UNIX, f"{plot.now - 100:.6f}", iso(plot.now - 50, "Z")]
    for base in _BASES:
        for separator in "T ":
            zone = plot.rng.choice(["", "Z", "+00:00", "-00:00", "+0530", "-23:59", "+23:59"])
            fraction = plot.rng.choice(["", ".0", ".5", ".123456", ".123456789"])
            texts.append(f"{base}{separator}23:59:59{fraction}{zone}")
    return texts


def _time_row(db: Database, number: int, ts: Value, payload_time: Any = None) -> None:
    # An event of its own for each row shows its time in reflexive_evidence_last_timestamp_seconds.
    payload = {"rmm_score": 0.5, "agent": "A", "timestamp": payload_time}
    db.insert(f"event {number:03}", payload, ts=ts)
    db.insert(EXECUTION, {"agent": "A", "output_quality": 0.5, "timestamp": payload_time}, ts=ts)


@flavor
def times_text(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path)
    for number, text in enumerate(time_texts(plot)):
        _time_row(db, number, text)
    db.close()
    return {}


@flavor
def times_untyped(plot: Plot) -> dict[str, Any]:
    """A column without affinity keeps INTEGER, REAL and BLOB as they are."""
    db = Database(plot.path, columns="ts")
    values: list[Value] = [0, -1, 1700000000, 1700000000.5, -0.0, 1e9, 2**40, -(2**40), None]
    values += [b"1700000000", iso(plot.now).encode(), RawText(b"2024-01-01T00:00:00\xff")]
    values += [plot.now - 10, int(plot.now) - 20, float("inf"), 5e-324, "1700000000", RawText(b"")]
    for number, value in enumerate(values):
        _time_row(db, number, value)
    db.close()
    return {}


@flavor
def times_payload(plot: Plot) -> dict[str, Any]:
    """The payload's own time counts after the columns; a numeric text is not readable there."""
    db = Database(plot.path)
    values: list[Any] = [*time_texts(plot), 1700000000, 1700000000.25, -1, True, [], {}, 1e300]
    values += [float("nan"), float("inf"), plot.now - 30, "2024-01-01T00:00:00\ud83d"]
    for number, value in enumerate(values):
        _time_row(db, number, plot.rng.choice([None, "", "2024-02-30T00:00:00"]), value)
    db.insert("overflow", '{"timestamp": 1e999}', ts=None)
    db.insert("column first", {"timestamp": 5}, ts="7")
    db.close()
    return {}
