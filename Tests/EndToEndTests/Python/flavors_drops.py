"""Databases in which quality falls, comes back, or stays down."""

from __future__ import annotations

from typing import Any

from database import Database, iso
from flavors import Plot, flavor

MEANS = {
    "Fallen": [0.85] * 120 + [0.3] * 60,
    "Back": [0.85] * 90 + [0.3] * 40 + [0.9] * 50,
    "Accepted": [0.8] * 60 + [0.5] * 120,
    "Better": [0.5] * 60 + [0.9] * 80 + [0.5] * 40,
    "Steady": [0.75] * 180,
    "Never": [0.2] * 180,
}
"""The mean of each score of an agent, which a gate and a subject of its name have, too."""


def _scores(plot: Plot, means: list[float]) -> list[float | None]:
    """Smooth, of 0 and 1, or in few grades, with runs between them that have no score."""
    shape = plot.rng.choice(["smooth", "binary", "grades", "exact"])
    found: list[float | None] = []
    for mean in means:
        if plot.rng.random() < 0.05:
            found.append(None)
        if shape == "binary":
            found.append(float(plot.rng.random() < mean))
        elif shape == "exact":
            found.append(mean)
        else:
            score = plot.rng.betavariate(8 * mean, 8 * (1 - mean))
            found.append(score if shape == "smooth" else round(4 * score) / 4)
    return found


def _rows(plot: Plot) -> None:
    db = Database(plot.path)
    scores = {name: _scores(plot, means) for name, means in MEANS.items()}
    for place in range(max(map(len, scores.values()))):
        for name in plot.rng.sample(list(scores), len(scores)):
            if place < len(scores[name]):
                # Ids have gaps, and some of the rows in which a drop begins have no time.
                time = plot.now - plot.rng.uniform(0, 9 * 86400)
                ts = iso(time) if plot.rng.random() < 0.8 else "?"
                score = scores[name][place]
                payload = {"agent": name, "output_quality": score, "rmm_score": score}
                db.insert("metacognitive_agent_execution", payload, ts=ts)
                assessment = {"consistency": score}
                payload = {"gate": name, "self_assessment": assessment}
                db.insert("quality_gate_evaluation", payload, ts=ts)
    db.run("DELETE FROM evidence WHERE id % 11 = 0")
    db.close()


@flavor
def drops(plot: Plot) -> dict[str, Any]:
    _rows(plot)
    return {}


@flavor
def drops_soon(plot: Plot) -> dict[str, Any]:
    """With settings of its own, objectives at which nothing is judged, and those nobody reaches."""
    _rows(plot)
    drop = {"false_alarm_runs": 150, "tolerance": 0.02, "recovery_runs": 5, "normal_runs": 25}
    objectives = {
        "min_samples": plot.rng.choice([1, 12]),
        "drop": drop,
        "agents": {"Never": {"qsr": 0}, "Steady": {"qsr": 1}, "Back": {"qsr": 0.8}},
        "gates": {"Never": {"consistency": 0.001}, "Steady": {"consistency": 0.0009}},
        "subjects": {"Fallen": {"rmm": 0.2}},
    }
    return {"objectives": objectives}


@flavor
def drops_off(plot: Plot) -> dict[str, Any]:
    _rows(plot)
    return {"objectives": {"drop": False}}
