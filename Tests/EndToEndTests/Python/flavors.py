"""Databases as the seed's agents write them: clean, in every schema, with moving indicators."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contract import DAY, EVALUATION, EXECUTION
from database import Database, Value, iso


@dataclass
class Plot:
    """Where and with what chance a flavor builds its database."""

    path: str
    rng: random.Random
    now: float

    def times(self, count: int, span: float = 10 * DAY) -> list[float]:
        """Ascending times within `span` before now."""
        return sorted(self.now - self.rng.uniform(0, span) for _ in range(count))

    def score(self) -> float:
        return self.rng.betavariate(6, 2)


Flavor = Callable[[Plot], dict[str, Any]]
FLAVORS: dict[str, Flavor] = {}


def flavor(build: Flavor) -> Flavor:
    """Registers a builder, which returns a configuration (without `stores`)."""
    FLAVORS[build.__name__] = build
    return build


class SeedGate:
    """The seed's adaptive threshold: a moving average that follows low scores."""

    def __init__(self, name: str) -> None:
        self.name, self.threshold = name, 0.5

    def payload(self, time: float, plot: Plot) -> dict[str, Any]:
        score = plot.score()
        needed = score < self.threshold
        if needed:
            self.threshold = 0.7 * self.threshold + 0.3 * score
        assessment = {
            "consistency": plot.rng.uniform(0.8, 1),
            "confidence": plot.rng.random(),
            "calibration_needed": needed,
        }
        return {
            "event": EVALUATION,
            "gate": self.name,
            "output_quality": score,
            "self_assessment": assessment,
            "current_threshold": self.threshold,
            "timestamp": iso(time),
        }


def seed_rows(
    plot: Plot, db: Database, columns: Callable[[float], dict[str, Value]], count: int = 600
) -> None:
    """Executions and evaluations of a few agents and gates, by the seed's rule."""
    gates = [SeedGate("ResearchGate"), SeedGate("ReleaseGate")]
    agents = ["CodeSummarizer", "DataIngest", "Planner"]
    for time in plot.times(count):
        if plot.rng.random() < 0.5:
            payload = {
                "event": EXECUTION,
                "agent": plot.rng.choice(agents),
                "output_quality": plot.score(),
                "detail": {"notes": ["ok", None, 1.5]},
                "timestamp": iso(time),
            }
        else:
            payload = plot.rng.choice(gates).payload(time, plot)
        if plot.rng.random() < 0.3:
            payload["rmm_score"] = plot.score()
        db.insert(payload["event"], payload, **columns(time))
    db.close()


@flavor
def clean(plot: Plot) -> dict[str, Any]:
    seed_rows(plot, Database(plot.path, journal="wal"), lambda time: {"ts": iso(time)})
    return {}


@flavor
def clean_rollback(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path, columns="timestamp TEXT NOT NULL")
    seed_rows(plot, db, lambda time: {"timestamp": iso(time)})
    return {}


@flavor
def both_time_columns(plot: Plot) -> dict[str, Any]:
    """`ts` counts first, `timestamp` where `ts` is NULL or not readable."""
    db = Database(plot.path, columns="timestamp TEXT, note BLOB DEFAULT x'00', ts TEXT")

    def columns(time: float) -> dict[str, Value]:
        ts: Value = plot.rng.choice([iso(time), None, "yesterday", b"2024-01-01T00:00:00"])
        return {"ts": ts, "timestamp": iso(time - 1000)}

    seed_rows(plot, db, columns)
    return {}


@flavor
def no_time_column(plot: Plot) -> dict[str, Any]:
    seed_rows(plot, Database(plot.path, columns=""), lambda time: {})
    return {}


@flavor
def upper_case_column(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path, columns="extra INTEGER DEFAULT 7, TimeStamp TEXT")
    seed_rows(plot, db, lambda time: {"timestamp": iso(time, "Z", " ")})
    return {}


@flavor
def utf16(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path, encoding="UTF-16le")
    db.execution(plot.now - 50, 0.5, agent="é\u0301😀")
    db.insert("événement", '{"rmm_score": 0.5, "agent": "naïf"}', ts=iso(plot.now - 40))
    seed_rows(plot, db, lambda time: {"ts": iso(time)}, count=50)
    return {}


@flavor
def empty(plot: Plot) -> dict[str, Any]:
    Database(plot.path).close()
    return {}


@flavor
def no_autoincrement(plot: Plot) -> dict[str, Any]:
    """Gaps, deleted rows, a deleted tail whose ids were used again."""
    db = Database(plot.path, autoincrement=False, journal="wal")
    for time in plot.times(200):
        db.execution(time, plot.score(), agent=plot.rng.choice("AB"))
    db.run("DELETE FROM evidence WHERE id % 7 = 0 OR id > 190")
    for time in plot.times(20, 3600):
        db.execution(time, plot.score(), agent="C")
    db.close()
    return {}


@flavor
def negative_ids(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path)
    ids = plot.rng.sample(range(-(10**6), 10**6), 80)
    for id in [*sorted(ids), -(2**63), 2**62]:
        time = plot.now - plot.rng.uniform(0, 8 * DAY)
        payload = {"agent": "A", "output_quality": plot.score(), "rmm_score": plot.score()}
        db.insert(EXECUTION, payload, ts=iso(time), id=id)
    db.close()
    return {}


@flavor
def only_negative_ids(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path, autoincrement=False)
    for id in (-9, -4):
        db.insert(EXECUTION, {"output_quality": 0.25}, ts=iso(plot.now - 60), id=id)
    db.close()
    return {}


@flavor
def old_only(plot: Plot) -> dict[str, Any]:
    """Every bounded window is empty."""
    db = Database(plot.path)
    for time in plot.times(100, DAY):
        db.execution(time - 400 * DAY, plot.score(), rmm_score=plot.score())
        db.evaluation(time - 400 * DAY, score=plot.score(), needed=True)
    db.close()
    return {}


@flavor
def streaks(plot: Plot) -> dict[str, Any]:
    """Low consistencies with holes, exactly at the objective, with overrides."""
    db = Database(plot.path)
    choices: list[Any] = [0.5, 0.5, 0.89, 0.8999999999, 0.9, 0.95, None, "low", 1.5, float("nan")]
    for time in plot.times(500):
        gate = plot.rng.choice(["ResearchGate", "Strict", "Long", "Once"])
        db.evaluation(time, gate=gate, consistency=plot.rng.choice(choices))
    db.close()
    gates = {
        "Strict": {"consistency": 0.95},
        "Long": {"consistency_streak": 5},
        "Once": {"consistency": 0.6, "consistency_streak": 1},
        "Nobody": {"consistency": 0.1},
    }
    return {"objectives": {"consistency_streak": 2, "gates": gates}}


@flavor
def thresholds(plot: Plot) -> dict[str, Any]:
    """Moves around 1e-9, missing thresholds, and every one of the states."""
    db = Database(plot.path)
    for name in ("Tiny", "Jumpy", "Rare"):
        threshold, step = 0.5, 0.01 if name == "Jumpy" else 1e-9
        for time in plot.times(80):
            threshold += step * plot.rng.choice([0, 0, 0.5, 1, 2, -2])
            value = None if name == "Rare" and plot.rng.random() < 0.7 else threshold
            db.evaluation(time, gate=name, threshold=value, needed=plot.rng.random() < 0.2)
    hours = 3600.0
    states = {
        "idle": [(50, 0.5, True), (49, 0.6, True)],
        "moving": [(50, 0.5, False), (2, 0.6, True)],
        "first_seen": [(2, 0.5, True)],
        "stalled": [(50, 0.5, True), (49, 0.6, True), (2, 0.6, True)],
        "stalled_unmoved": [(50, 0.5, False), (2, 0.5, True)],
        "settled": [(50, 0.5, True), (49, 0.6, True), (2, 0.6, False)],
        "settled_unmoved": [(50, 0.5, True), (2, 0.5, False)],
        "slow": [(50, 0.5, False), (49, 0.6, True)],
        "without": [(2, None, True)],
    }
    for gate, rows in states.items():
        for age, threshold, needed in rows:
            db.evaluation(plot.now - age * hours, gate=gate, threshold=threshold, needed=needed)
    db.close()
    return {"objectives": {"gates": {"slow": {"threshold_staleness": "72h"}}}}


@flavor
def maturity(plot: Plot) -> dict[str, Any]:
    """Subjects with slopes, with one time only, with several scores at one time."""
    db = Database(plot.path)
    for time in plot.times(300):
        rise = 0.5 + 0.04 * (time - plot.now) / DAY + plot.rng.uniform(-0.05, 0.05)
        db.execution(time, plot.score(), agent="Rising", rmm_score=rise)
        payload = {"gate": plot.rng.choice(["G", "", None, 5]), "rmm_score": plot.score()}
        db.insert(plot.rng.choice(["review", EVALUATION, None]), payload, ts=iso(time))
    for score in (0.1, 0.9, 0.4):
        db.insert("review", {"agent": "Once", "rmm_score": score}, ts=iso(plot.now - 100))
    db.insert("review", {"agent": "Untimed", "rmm_score": 0.5}, ts="?")
    db.close()
    return {"objectives": {"rmm": 0.5, "subjects": {"Rising": {"rmm": 0.8}}}, "windows": ["1h"]}


@flavor
def retired(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path)
    for name, age in (("Old", 5), ("Older", 9), ("Fresh", 1)):
        for _ in range(5):
            db.execution(plot.now - age * DAY, plot.score(), agent=name, rmm_score=plot.score())
            db.evaluation(plot.now - age * DAY, gate=name, consistency=0.1)
    db.execution(plot.now - 60, None, agent="Old")
    db.insert("note", {"agent": "Older"}, ts=iso(plot.now))
    db.close()
    return {"retire_after": "3d"}


@flavor
def own_limits(plot: Plot) -> dict[str, Any]:
    """Windows, objectives and overrides other than the default ones."""
    seed_rows(plot, Database(plot.path), lambda time: {"ts": iso(time)}, count=900)
    objectives = {
        "qsr": 0.7,
        "consistency": 0.85,
        "threshold_staleness": "1h30m",
        "min_samples": 1,
        "evidence_silence": "2h",
        "clarity": 0.25,
        "agents": {"CodeSummarizer": {"qsr": 0.8}},
        "gates": {"ReleaseGate": {"consistency": 0.97, "threshold_staleness": "36h"}},
        "subjects": {"Planner": {"rmm": 0.1}},
    }
    return {"windows": ["90m", "36h", "2w"], "objectives": objectives}
