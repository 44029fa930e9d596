#!/usr/bin/env python3
"""Draws docs/demo.svg from a Prometheus that scrapes the demo and has the rules in alerts/.

    make run                                          # the demo
    prometheus --config.file=alerts/prometheus.yml    # for half an hour
    docs/demo_chart.py http://localhost:9090 25 > docs/demo.svg

The last argument is how many minutes to show.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.parse
import urllib.request
from html import escape

WIDTH, LEFT, RIGHT, TOP, PANEL, GAP = 860, 46, 150, 44, 170, 56
STEP = 10
COLORS = ["#1d4ed8", "#0f766e", "#a16207", "#be185d"]
QUALITY = "rate(reflexive_qsr_score_sum[2m]) / rate(reflexive_qsr_score_count[2m])"
STREAK = "reflexive_gate_low_consistency_streak"
ALERTS = 'ALERTS{alertstate="firing", alertname!="ReflexiveWatchdog"}'
Series = tuple[dict[str, str], list[tuple[float, float]]]


def ask(url: str, query: str, start: float, end: float) -> list[Series]:
    """The series of a range query."""
    arguments = urllib.parse.urlencode({"query": query, "start": start, "end": end, "step": STEP})
    with urllib.request.urlopen(f"{url}/api/v1/query_range?{arguments}") as answer:
        found = json.load(answer)["data"]["result"]
    return [(one["metric"], [(at, float(value)) for at, value in one["values"]]) for one in found]


class Panel:
    """One chart: where times and values lie."""

    def __init__(self, top: float, start: float, end: float, low: float, high: float) -> None:
        self.top, self.start, self.end, self.low, self.high = top, start, end, low, high

    def x(self, at: float) -> float:
        return LEFT + (at - self.start) / (self.end - self.start) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.top + (self.high - value) / (self.high - self.low) * PANEL

    def frame(self, title: str, ticks: list[float]) -> list[str]:
        """The title, a line and a number for each tick, and the time below."""
        parts = [f'<text x="{LEFT}" y="{self.top - 14}" font-weight="bold">{escape(title)}</text>']
        for tick in ticks:
            y = self.y(tick)
            parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
            parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
        for minute in range(int(self.start // 300 + 1) * 300, int(self.end) + 1, 300):
            label = time.strftime("%H:%M", time.gmtime(minute))
            parts.append(f'<text x="{self.x(minute):.1f}" y="{self.top + PANEL + 18}" '
                         f'text-anchor="middle">{label}</text>')
        return parts

    def limit(self, value: float, text: str) -> list[str]:
        y = self.y(value)
        return [f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dc2626" stroke-dasharray="6 4"/>',
                f'<text x="{LEFT + 6}" y="{y - 5:.1f}" fill="#dc2626">{escape(text)}</text>']

    def lines(self, found: list[Series], label: str) -> list[str]:
        parts = []
        for index, (labels, points) in enumerate(sorted(found, key=lambda one: one[0][label])):
            color, y = COLORS[index % len(COLORS)], self.top + 16 + index * 20
            path = "L".join(f"{self.x(at):.1f} {self.y(value):.1f}" for at, value in points)
            parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="1.8"/>')
            parts.append(f'<path d="M{WIDTH - RIGHT + 12} {y - 4}h16" stroke="{color}" '
                         f'stroke-width="3"/><text x="{WIDTH - RIGHT + 34}" y="{y}">'
                         f"{escape(labels[label])}</text>")
        return parts

    def alerts(self, found: list[Series]) -> list[str]:
        """A band for the time that an alert fired."""
        parts = []
        for labels, points in found:
            left, right = self.x(points[0][0]), self.x(points[-1][0])
            name = f"{labels['alertname']} {labels.get('gate') or labels.get('agent', '')}"
            parts.append(f'<rect x="{left:.1f}" y="{self.top}" width="{max(right - left, 1):.1f}" '
                         f'height="{PANEL}" fill="#dc2626" fill-opacity="0.08">'
                         f"<title>{escape(name)}</title></rect>")
        return parts


def main() -> None:
    url, minutes = sys.argv[1].rstrip("/"), float(sys.argv[2])
    end = time.time() // STEP * STEP
    start = end - minutes * 60
    quality, streak = ask(url, QUALITY, start, end), ask(url, STREAK, start, end)
    alerts = ask(url, ALERTS, start, end)
    upper = Panel(TOP, start, end, 0, 1)
    highest = max(value for _, points in streak for _, value in points)
    lower = Panel(TOP + PANEL + GAP, start, end, 0, max(highest, 4) * 1.1)
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 1000) if highest / size <= 6)
    height = TOP + 2 * PANEL + GAP + 34
    streaks = [one for one in alerts if one[0]["alertname"] == "ReflexiveConsistencyStreak"]
    print("\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#111827">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *upper.alerts([one for one in alerts if one not in streaks]),
        *upper.frame("Mean quality (QSR) of the last two minutes, by agent", [0, 0.25, 0.5, 0.75, 1]),
        *upper.limit(0.6, "objective"), *upper.lines(quality, "agent"),
        *lower.alerts(streaks),
        *lower.frame("Streak of low consistency, by gate; shaded while ReflexiveConsistencyStreak fires",
                     [tick * step for tick in range(int(lower.high // step) + 1)]),
        *lower.limit(3, "breach"), *lower.lines(streak, "gate"), "</svg>"]))


if __name__ == "__main__":
    main()
