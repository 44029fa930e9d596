#!/usr/bin/env python3
"""Writes docs/drops.svg: scores that fall and come back, and the evidence of it.

The numbers are those of the detector itself, as the tests' own recomputation has them.
"""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests/Python"))

import drops  # noqa: E402

WIDTH, LEFT, RIGHT = 760, 60, 20
SCORES = (44, 184)
EVIDENCE = (226, 396)
POWERS = (-1, 5)
MEANS = [(160, 0.85), (40, 0.42), (60, 0.85)]
OBJECTIVE, NORMAL = "#1d4ed8", "#c2410c"


def scores() -> list[float]:
    """Beta scores with a standard deviation of 0.12."""
    source = random.Random(7)
    found = []
    for count, mean in MEANS:
        size = mean * (1 - mean) / 0.12**2 - 1
        found += [source.betavariate(mean * size, (1 - mean) * size) for _ in range(count)]
    return found


def states(values: list[float]) -> list[dict[str, float | bool | int | None]]:
    watch = drops.Watch(drops.Settings(objective=0.6))
    found = []
    for row, score in enumerate(values):
        watch.apply((row, None, score))
        state: dict[str, float | bool | int | None] = {"low": watch.epoch.low}
        for name, it in (("objective", watch.objective), ("normal", watch.normal)):
            state |= {name: it.evidence, f"{name}_active": it.active, f"{name}_start": it.start_id}
        found.append(state)
    return found


def x(row: float) -> float:
    return LEFT + row / sum(count for count, _ in MEANS) * (WIDTH - LEFT - RIGHT)


def y_score(score: float) -> float:
    return SCORES[1] - score * (SCORES[1] - SCORES[0])


def y_evidence(evidence: float) -> float:
    low, high = POWERS
    power = min(max(math.log10(max(evidence, 1e-9)), low), high)
    return EVIDENCE[1] - (power - low) / (high - low) * (EVIDENCE[1] - EVIDENCE[0])


def line(places: list[tuple[float, float]], color: str, more: str = "") -> str:
    path = "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in places)
    return f'<path d="{path}" fill="none" stroke="{color}" {more}/>'


def text(left: float, top: float, words: str, more: str = "") -> str:
    return f'<text x="{left:.1f}" y="{top:.1f}" {more}>{words}</text>'


def scores_panel(values: list[float], found: list[dict]) -> list[str]:
    parts = [text(LEFT, 30, "Scores of one agent", 'font-weight="600"')]
    for score in (0, 0.6, 1):
        parts.append(line([(LEFT, y_score(score)), (WIDTH - RIGHT, y_score(score))], "#d4d4d8"))
        parts.append(text(LEFT - 8, y_score(score) + 4, f"{score:g}", 'text-anchor="end"'))
    parts.append(line([(LEFT, y_score(0.6)), (WIDTH - RIGHT, y_score(0.6))], OBJECTIVE))
    parts.append(text(LEFT + 6, y_score(0.6) + 15, "objective", f'fill="{OBJECTIVE}"'))
    limits = [(x(row), y_score(state["low"])) for row, state in enumerate(found)]
    parts.append(line(limits, NORMAL))
    parts.append(text(x(95), y_score(0.66) - 2, "lower limit of normal", f'fill="{NORMAL}"'))
    for row, score in enumerate(values):
        parts.append(f'<circle cx="{x(row):.1f}" cy="{y_score(score):.1f}" r="1.8"/>')
    return parts


def evidence_panel(found: list[dict]) -> list[str]:
    title = "Evidence of a drop: what the bettors own"
    parts = [text(LEFT, 214, title, 'font-weight="600"')]
    for power in range(POWERS[0], POWERS[1] + 1):
        top = y_evidence(10**power)
        parts.append(line([(LEFT, top), (WIDTH - RIGHT, top)], "#d4d4d8"))
        label = f"{10**power:,}" if power >= 0 else f"{10**power:g}"
        parts.append(text(LEFT - 8, top + 4, label, 'text-anchor="end"'))
    enough = y_evidence(10_000)
    parts.append(line([(LEFT, enough), (WIDTH - RIGHT, enough)], "#18181b", 'stroke-width="1.5"'))
    parts.append(text(LEFT + 6, enough - 5, "false_alarm_runs", 'fill="#18181b"'))
    for name, color in (("objective", OBJECTIVE), ("normal", NORMAL)):
        places = [(x(row), y_evidence(state[name])) for row, state in enumerate(found)]
        parts.append(line(places, color, 'stroke-width="1.5"'))
    return parts


def event(row: int, color: str) -> str:
    return line([(x(row), SCORES[0]), (x(row), EVIDENCE[1])], color, 'stroke-dasharray="3 3"')


def draw() -> str:
    values = scores()
    found = states(values)
    parts = [HEAD, *scores_panel(values, found), *evidence_panel(found)]
    for name, color, top in (("normal", NORMAL, 408), ("objective", OBJECTIVE, 424)):
        active = [row for row, state in enumerate(found) if state[f"{name}_active"]]
        begin, end = active[0], active[-1] + 1
        parts += [event(begin, color), event(end, color)]
        fill = f'fill="{color}"'
        parts.append(text(x(begin) - 4, top, f"{name}: found", f'text-anchor="end" {fill}'))
        parts.append(text(x(end) + 4, top, "over", fill))
        print(f"{name}: from {found[begin][f'{name}_start']}, found {begin}, over {end}")
    for row in (0, 50, 100, 150, 200, 250):
        parts.append(text(x(row), 446, f"{row}", 'text-anchor="middle"'))
    parts.append(text(x(25), 446, "runs", 'text-anchor="middle"'))
    return "\n".join([*parts, "</svg>\n"])


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 456" font-size="12"
  font-family="system-ui, sans-serif" fill="#3f3f46">
<title>Scores that fall from 0.85 to 0.42 and come back, and the evidence of a drop</title>
<rect width="{WIDTH}" height="456" fill="#ffffff"/>"""


if __name__ == "__main__":
    (ROOT / "docs/drops.svg").write_text(draw(), "utf-8")
