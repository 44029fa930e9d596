#!/usr/bin/env python3
"""Holds rules, dashboards and runbooks against the metrics that are served.

Every metric and label that a rule, an annotation, a dashboard or a runbook names must be in one of
the given expositions (text format), and so must the values of labels that have a closed set of
values. Every metric in the expositions must be used in a rule or a runbook, and shown on a
dashboard.

    check_names.py EXPOSITION...
"""

from __future__ import annotations

import argparse
import collections
import pathlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

import promql

ALERTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ALERTS.parent / "grafana" / "tests"))
import dashboards  # noqa: E402  (its folder is known only now)

TARGET = {"job", "instance"}
# What Prometheus itself makes.
OWN = {
    "up": TARGET,
    "scrape_duration_seconds": TARGET,
    "scrape_samples_scraped": TARGET,
    "ALERTS": TARGET | {"alertname", "alertstate", "severity", "store", "agent", "gate", "subject",
                        "indicator", "window", "state", "reason", "label", "reference"},
}
CLOSED = {"indicator", "state", "reason", "kind", "event", "window", "label", "le", "reference"}
SUFFIXES = ("_bucket", "_sum", "_count")


@dataclass
class Served:
    """What the expositions have: series names with their labels, families, and label values."""

    labels: dict[str, set[str]] = field(default_factory=lambda: collections.defaultdict(set))
    values: dict[tuple[str, str], set[str]] = field(
        default_factory=lambda: collections.defaultdict(set))
    families: set[str] = field(default_factory=set)

    def read(self, text: str) -> None:
        """Adds an exposition in text format."""
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                self.families.add(line.split()[2])
            if not line or line.startswith("#"):
                continue
            name = re.match(r"[a-zA-Z_:][\w:]*", line)[0]
            self.labels[name] |= TARGET
            body = re.match(r"\{((?:[^\"}]|\"(?:\\.|[^\"\\])*\")*)\}", line[len(name):])
            for label, value in re.findall(r'(\w+)="((?:\\.|[^"\\])*)"', body[1] if body else ""):
                self.labels[name].add(label)
                self.values[name, label].add(value)

    def family(self, name: str) -> str:
        """The family of a series name."""
        for suffix in SUFFIXES:
            if name.endswith(suffix) and name.removesuffix(suffix) in self.families:
                return name.removesuffix(suffix)
        return name


@dataclass(frozen=True)
class Use:
    """An expression, where it stands, and in which kind of file."""

    kind: str
    place: str
    expression: str


def rule_files() -> dict[str, dict]:
    """The rule files by name."""
    paths = sorted((ALERTS / "rules").glob("*.yml"))
    return {path.name: yaml.safe_load(path.read_text()) for path in paths}


def rules() -> Iterator[tuple[str, dict]]:
    """Every rule with the name of its file."""
    for name, document in rule_files().items():
        for group in document["groups"]:
            for rule in group["rules"]:
                yield name, rule


def template_queries(text: str) -> Iterator[str]:
    """The queries inside an annotation, with a value in the place of each %q."""
    for query in re.findall(r'printf "((?:\\.|[^"\\])*)"[^|}]*\| query', text):
        yield query.replace("%q", "'x'")


def uses() -> Iterator[Use]:
    """Every expression of rules, annotations, dashboards and runbooks."""
    for file, rule in rules():
        name = rule.get("alert") or rule["record"]
        yield Use("rule", f"{file}: {name}", rule["expr"])
        for key, text in rule.get("annotations", {}).items():
            for query in template_queries(text):
                yield Use("rule", f"{file}: {name}: {key}", query)
    for file, dashboard in dashboards.dashboards().items():
        for query in dashboards.queries(file, dashboard):
            expression = re.sub(r"\$__\w+", "5m", query.expression)
            yield Use("dashboard", f"{file}: {query.place}", expression)
            if query.kind == "variable":
                label = next(v for v in dashboards.variables(dashboard) if v["name"] == query.place)
                _, wanted = dashboards.label_values(label)
                yield Use("dashboard", f"{file}: {query.place}",
                          f"count by ({wanted}) ({expression})")
    for path in sorted((ALERTS / "runbooks").glob("*.md")):
        for block in re.findall(r"```promql\n(.*?)```", path.read_text(), re.DOTALL):
            for query in block.strip().split("\n\n"):
                yield Use("runbook", f"{path.name}", query)


def recorded(served: Served) -> None:
    """Adds the series that recording rules make; they have the labels of what they are made of."""
    for _, rule in rules():
        if "record" in rule:
            for selector in promql.selectors(rule["expr"]):
                served.labels[rule["record"]] |= served.labels.get(selector.metric, set())


def problems(use: Use, served: Served) -> Iterator[str]:
    """The names in an expression that nothing serves."""
    known: set[str] = set()
    for selector in promql.selectors(use.expression):
        labels = served.labels.get(selector.metric)
        if labels is None:
            yield f"{use.place}: no metric {selector.metric or '(any)'}"
            continue
        known |= labels
        for label, operator, value in selector.matchers:
            if label not in labels:
                yield f"{use.place}: {selector.metric} has no label {label}"
            values = served.values.get((selector.metric, label), set())
            if label in CLOSED and operator == "=" and values and "$" not in value and (
                value not in values and value != "x"):
                yield f"{use.place}: {selector.metric} has no {label}={value!r}"
    made = set(re.findall(r'label_replace\(.*?,\s*"(\w+)"', use.expression))
    for kind, labels in promql.label_lists(use.expression):
        for label in labels:
            if label not in known | made:
                yield f"{use.place}: {kind} ({label}), which no metric in it has"


def labels_of_alerts(served: Served) -> Iterator[str]:
    """`$labels.x` in annotations where no metric of the rule has x."""
    for file, rule in rules():
        if "alert" not in rule:
            continue
        known = set(rule["labels"])
        for selector in promql.selectors(rule["expr"]):
            known |= served.labels.get(selector.metric, set())
        for key, text in rule["annotations"].items():
            for label in set(re.findall(r"\$labels\.(\w+)", text)) - known:
                yield f"{file}: {rule['alert']}: {key}: no label {label}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("exposition", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    served = Served()
    for path in options.exposition:
        served.read(path.read_text())
    families = set(served.families)
    served.labels.update({name: set(labels) for name, labels in OWN.items()})
    recorded(served)

    found: list[str] = list(labels_of_alerts(served))
    used: dict[str, set[str]] = collections.defaultdict(set)
    count = 0
    for use in uses():
        count += 1
        found += problems(use, served)
        for selector in promql.selectors(use.expression):
            used[served.family(selector.metric)].add(use.kind)
    for family in sorted(families):
        if family not in used:
            found.append(f"{family} is used nowhere")
        elif "dashboard" not in used[family]:
            found.append(f"{family} is on no dashboard")
    if not any(family.startswith("reflexive_") for family in families):
        found.append("the expositions have no metric of the exporter")
    print("\n".join(dict.fromkeys(found)) or
          f"{count} expressions name only what is served; {len(families)} metrics are all used")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
