"""The plot: CPU of a scrape against the rows of the table, both axes logarithmic."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

from measure import Round
from report import exporter, other
from targets import number

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 50, 50
Point = tuple[float, float]

LINES: list[tuple[str, str, Callable[[Round], float]]] = [
    ("Flask", "#c2410c", lambda r: r.peer.text.cpu_ms),
    ("query-exporter", "#a16207", lambda r: other(r).text.cpu_ms),
    ("exporter, gzip", "#1d4ed8", lambda r: exporter(r).lone_openmetrics_ms),
    ("exporter, text", "#0f766e", lambda r: exporter(r).lone_text_ms),
]


def draw(rounds: list[list[Round]]) -> str:
    """An SVG. Each point is the median of the rounds, with a bar from the least to the most."""
    with_other = rounds[0][0].query_exporter is not None
    lines = [one for one in LINES if with_other or one[0] != "query-exporter"]
    sizes = [size.rows for size in rounds[0]]
    found = {
        name: [[figure(one[place]) for one in rounds] for place in range(len(sizes))]
        for name, _, figure in lines
    }
    everything = [value for columns in found.values() for values in columns for value in values]
    axes = Axes(sizes, everything)
    parts = [HEAD, *axes.grid()]
    ends = []
    for name, color, _ in lines:
        medians = [statistics.median(values) for values in found[name]]
        parts.append(curve(axes, sizes, medians, found[name], color))
        ends.append((axes.y(medians[-1]), name, color, medians[-1]))
    return "\n".join([*parts, *labels(axes.x(sizes[-1]), ends), "</svg>\n"])


class Axes:
    """Places on the picture for rows and milliseconds, whole powers of ten at the edges."""

    def __init__(self, rows: list[int], values: list[float]) -> None:
        self._rows = (math.log10(min(rows)), math.log10(max(rows)) or 1)
        self._powers = (
            math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        )
        self._sizes = rows

    def x(self, rows: float) -> float:
        low, high = self._rows
        share = (math.log10(rows) - low) / (high - low) if high > low else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self._powers
        share = (math.log10(value) - low) / max(high - low, 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> list[str]:
        parts = []
        for power in range(self._powers[0], self._powers[1] + 1):
            y = self.y(10**power)
            parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#d4d4d8"/>')
            text = f"{number(10**power)} ms"
            parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
        for rows in self._sizes:
            place = f'x="{self.x(rows):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle"'
            parts.append(f"<text {place}>{rows:,}</text>")
        return parts


def curve(
    axes: Axes, sizes: list[int], medians: list[float], columns: list[list[float]], color: str
) -> str:
    places = [(axes.x(rows), axes.y(value)) for rows, value in zip(sizes, medians, strict=True)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    spread = "".join(
        f"M{axes.x(rows):.1f} {axes.y(min(values)):.1f}V{axes.y(max(values)):.1f}"
        for rows, values in zip(sizes, columns, strict=True)
    )
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    return (
        f'<g stroke="{color}" fill="{color}"><path d="{path}" fill="none" stroke-width="2"/>'
        f'<path d="{spread}" fill="none"/>{dots}</g>'
    )


def labels(x: float, ends: list[tuple[float, str, str, float]]) -> list[str]:
    """The lines' names at their right ends, moved down where they would touch."""
    parts, lowest = [], -math.inf
    for y, name, color, value in sorted(ends):
        lowest = max(y + 4, lowest + 15)
        text = f"{name} {number(value)}"
        parts.append(f'<text x="{x + 10:.1f}" y="{lowest:.1f}" fill="{color}">{text}</text>')
    return parts


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12"
  font-family="system-ui, sans-serif" fill="#3f3f46">
<title>Processor time of one scrape against the rows of the evidence table</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>
<text x="{LEFT}" y="24" font-size="15" font-weight="600" fill="#18181b">CPU of one scrape, by rows \
of evidence</text>"""
