"""Databases with odd names, and with many of them."""

from __future__ import annotations

from typing import Any

from contract import DAY, EVALUATION, EXECUTION
from database import Database, RawText, iso
from flavors import Plot, flavor

NAMES = (
    'say "hi"', "back\\slash", "line\nbreak", "carriage\rreturn", "both\r\n", "tab\there", "a,b",
    "{}", "a=b", "}", "# HELP", "\x1b[31mred\x1b[0m", "\x7f\x01\x1f", "😀", "é", "e\u0301", "Å",
    "\u212b", " ", " lead", "trail ", "unknown", "_other", "Unknown", "+Inf", "NaN", "\u202edab",
    "\ufeff", "\u2028", "\u0085", "\x1c", "\xa0", "nul\0in", "\0", "\ud83d", "x\ude00y",
    "\ude00\ud83d", "<script>", "\u0301", '"\u0301', "x" * 256, "x" * 257,
    "é" * 128, "é" * 129, "\0" * 85, "\0" * 86, "n" * 300,
)  # fmt: skip


@flavor
def names(plot: Plot) -> dict[str, Any]:
    """Names that break escaping, folding or comparison somewhere."""
    db = Database(plot.path)
    values: list[Any] = [*NAMES, "", None, 5, True, [], {}, EXECUTION, EVALUATION]
    for name in values * 2:
        time = plot.now - plot.rng.uniform(0, DAY)
        db.execution(time, plot.score(), agent=name, rmm_score=plot.score())
        db.evaluation(time, gate=name, consistency=0.1, threshold=plot.score())
        db.insert("review", {"gate": name, "rmm_score": plot.score()}, ts=iso(time))
        if isinstance(name, str):
            event = RawText(name.encode("utf-8", "surrogatepass"))
            db.insert(event, {"rmm_score": plot.score()}, ts=iso(time))
    db.close()
    return {}


def _many(plot: Plot, count: int) -> None:
    db = Database(plot.path, journal="wal")
    for index in range(3 * count):
        number = plot.rng.randrange(count) if index > count // 2 else index
        time = plot.now - plot.rng.uniform(0, 9 * DAY)
        score = plot.score() if plot.rng.random() < 0.8 else "none"
        db.execution(time, score, agent=f"agent {number}", rmm_score=score)
        db.evaluation(time, gate=f"gate {number}", score=score, consistency=0.1, needed=True)
        db.insert(f"event {number}", {"rmm_score": score}, ts=iso(time))
        if index % 10 == 0:
            db.execution(time, score, agent="")
            db.insert(None, {"rmm_score": score}, ts=iso(time))
    db.close()


@flavor
def many_names(plot: Plot) -> dict[str, Any]:
    _many(plot, 20)
    limits = {"qsr": 0.7, "agents": {"agent 0": {"qsr": 0.2}}}
    return {"limits": {"label_values": 7}, "objectives": limits}


@flavor
def many_names_by_default(plot: Plot) -> dict[str, Any]:
    _many(plot, 530)
    return {}
