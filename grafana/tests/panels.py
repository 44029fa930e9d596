#!/usr/bin/env python3
"""Runs every query of every dashboard against a Prometheus, expanded as Grafana does.

Variables are chosen twice: all values (All), and each variable at a single value. Prints a line a
query with the number of series it gave, and fails where one gave none.

    panels.py URL [--range 300] [--step 5] [--scrape-interval 1] [--allow-empty PATTERN ...]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass

import dashboards


@dataclass
class Prometheus:
    """A Prometheus server, and the part of time that a dashboard shows."""

    url: str
    start: float
    end: float
    step: float

    def get(self, path: str, **parameters: object) -> list:
        """The data of an API call; raises with Prometheus' own words."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}") as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["error"]) from None

    def values(self, selector: str, label: str) -> list[str]:
        """Grafana's `label_values(selector, label)`."""
        found = self.get("series", **{"match[]": selector, "start": self.start, "end": self.end})
        return sorted({series[label] for series in found if label in series})

    def run(self, expression: str, instant: bool) -> int:
        """How many series the query gives that have a number in them."""
        if instant:
            result = self.get("query", query=expression, time=self.end)["result"]
            points = [[series["value"]] for series in result]
        else:
            result = self.get("query_range", query=expression, start=self.start, end=self.end,
                              step=self.step)["result"]
            points = [series["values"] for series in result]
        return sum(any(value != "NaN" for _, value in series) for series in points)


def escaped(value: str) -> str:
    """One value of a multi-value variable, as Grafana's Prometheus data source escapes it."""
    return re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", value.replace("\\", "\\\\\\\\"))


def expand(text: str, chosen: dict[str, str], built_in: dict[str, str]) -> str:
    """The query with its variables replaced."""

    def replacement(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name in built_in:
            return built_in[name]
        return chosen.get(name, match[0])

    return re.sub(r"\$(?:\{(\w+)(?::\w+)?\}|([a-zA-Z_]\w*))", replacement, text)


def choose(dashboard: dict, prometheus: Prometheus, built_in: dict[str, str], single: bool,
           lines: list[tuple[str, str, int]]) -> dict[str, str]:
    """The value of each variable, in order, since each query may use those before it."""
    chosen: dict[str, str] = {}
    for variable in dashboards.variables(dashboard):
        name = variable["name"]
        if variable["type"] == "textbox":
            chosen[name] = variable["query"]
        if variable["type"] != "query":
            continue
        selector, label = dashboards.label_values(variable)
        values = prometheus.values(expand(selector, chosen, built_in), label)
        lines.append((f"variable {name}", f"label_values({selector}, {label})", len(values)))
        current = variable["current"].get("value")
        if not variable["multi"]:
            chosen[name] = current if current in values else (values or [""])[0]
        elif single:
            chosen[name] = escaped((values or [""])[0])
        else:
            chosen[name] = variable["allValue"]
    return chosen


def check(name: str, dashboard: dict, prometheus: Prometheus, interval: float,
          single: bool) -> list[tuple[str, str, int]]:
    """(place, expanded query, number of series) for each query of a dashboard."""
    step = prometheus.step
    built_in = {
        "__interval": f"{step:g}s",
        "__rate_interval": f"{max(step + interval, 4 * interval):g}s",
        "__range": f"{prometheus.end - prometheus.start:.0f}s",
        "__range_s": f"{prometheus.end - prometheus.start:.0f}",
    }
    lines: list[tuple[str, str, int]] = []
    chosen = choose(dashboard, prometheus, built_in, single, lines)
    for query in dashboards.queries(name, dashboard):
        if query.kind == "variable":
            continue
        expression = expand(query.expression, chosen, built_in)
        count = prometheus.run(expression, bool(query.target.get("instant")))
        lines.append((f"{query.kind} {query.place}", expression, count))
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url", help="the Prometheus server, for example http://localhost:9090")
    parser.add_argument("--range", type=float, default=300, help="seconds shown")
    parser.add_argument("--step", type=float, default=5, help="seconds between points")
    parser.add_argument("--scrape-interval", type=float, default=1, help="seconds")
    parser.add_argument("--allow-empty", action="append", default=["^annotation "],
                        help="places that may give nothing; annotations may")
    options = parser.parse_args()
    now = time.time()
    prometheus = Prometheus(options.url.rstrip("/"), now - options.range, now, options.step)
    empty = 0
    for name, dashboard in dashboards.dashboards().items():
        for single in (False, True):
            print(f"{name}, {'single values' if single else 'All'}")
            for place, expression, count in check(
                name, dashboard, prometheus, options.scrape_interval, single):
                allowed = any(re.search(pattern, place) for pattern in options.allow_empty)
                failed = not count and not allowed
                empty += failed
                print(f"  {'NO DATA' if failed else f'{count:7}'}  {place}")
                if failed:
                    print(f"           {expression}")
    print(f"{empty} queries gave no data" if empty else "every query gave data")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
