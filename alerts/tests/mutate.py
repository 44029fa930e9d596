#!/usr/bin/env python3
"""Breaks every rule in turn and counts how often a promtool unit test notices.

For each rule: comparisons, numbers, matchers, aggregations, functions, operators, windows, label
lists, `for`, `keep_firing_for` and the severity are changed one at a time in a copy, and the tests
that load the rule's file are run. Prints the mutants that no test noticed and the share of those
that were noticed.

    mutate.py [--least 0.85] [--rule NAME] [--jobs 2] [--list]
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

import promql

ALERTS = pathlib.Path(__file__).resolve().parent.parent

COMPARISONS = {
    "<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="],
}
OPERATORS = {
    "and": ["or", "unless"], "or": ["and", "unless"], "unless": ["and", "or"],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"],
}
AGGREGATIONS = {
    "sum": ["avg", "max"], "max": ["min", "sum"], "min": ["max", "sum"], "avg": ["sum"],
    "count": ["sum"],
}
FUNCTIONS = {
    "last_over_time": ["max_over_time", "min_over_time"],
    "max_over_time": ["min_over_time"], "min_over_time": ["max_over_time"],
    "avg_over_time": ["max_over_time", "min_over_time"],
    "increase": ["delta", "last_over_time"], "rate": ["last_over_time"],
    "changes": ["resets"], "resets": ["changes"], "deriv": ["last_over_time"],
    "abs": ["-"], "sqrt": ["-"],
}
LABEL_LISTS = {"without": "by", "by": "without", "on": "ignoring", "ignoring": "on"}
MATCHERS = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


@dataclass(frozen=True)
class Mutant:
    """One way to break one rule: which (file, group, rule), what was done, the broken rule."""

    file: str
    group: int
    index: int
    name: str
    kind: str
    what: str
    rule: tuple[tuple[str, object], ...]


def seconds(duration: str) -> float:
    """The length of a Prometheus duration."""
    return sum(float(n) * SECONDS[u] for n, u in re.findall(r"(\d+)(ms|[smhdwy])", duration))


def scaled(duration: str, factor: float) -> str:
    """A duration a few times as long."""
    return f"{round(seconds(duration) * factor * 1000)}ms"


def expressions(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, what, broken expression) for every change to a part of the expression."""
    parts = promql.tokens(text)

    def replace(first: promql.Token, last: promql.Token, by: str) -> str:
        return text[: first.start] + by + text[last.end :]

    inside = ""
    for index, token in enumerate(parts):
        before = parts[index - 1] if index else None
        after = parts[index + 1] if index + 1 < len(parts) else None
        inside = {"{": "matchers", "[": "range", "}": "", "]": ""}.get(token.text, inside)
        if inside == "matchers":
            if token.text in MATCHERS and before and after:
                label = f"{before.text}{token.text}{after.text}"
                yield "matcher", f"{label} negated", replace(token, token, MATCHERS[token.text])
                tail = parts[index + 2]
                last = tail if tail.text == "," else after
                yield "matcher", f"{label} dropped", replace(before, last, "")
        elif token.kind == "duration":
            for factor in (2, 0.5):
                yield "window", f"{token.text} x {factor}", replace(
                    token, token, scaled(token.text, factor))
        elif token.kind == "number":
            value = float(token.text)
            for other in ([value * 1.25, value * 0.8] if value else [1, -1]):
                yield "number", f"{token.text} -> {other:g}", replace(token, token, f"{other:g}")
        elif token.text in COMPARISONS:
            for other in COMPARISONS[token.text]:
                yield "comparison", f"{token.text} -> {other}", replace(token, token, other)
        elif token.text in AGGREGATIONS and after and after.text in {"(", "by", "without"}:
            for other in AGGREGATIONS[token.text]:
                yield "aggregation", f"{token.text} -> {other}", replace(token, token, other)
        elif token.text in FUNCTIONS and after and after.text == "(":
            for other in FUNCTIONS[token.text]:
                yield "function", f"{token.text} -> {other}", replace(token, token, other)
        elif token.text in OPERATORS:
            for other in OPERATORS[token.text]:
                yield "operator", f"{token.text} -> {other}", replace(token, token, other)
        elif token.text in LABEL_LISTS and after and after.text == "(":
            other = LABEL_LISTS[token.text]
            yield "labels", f"{token.text} -> {other}", replace(token, token, other)


def mutants(file: str, document: dict) -> Iterator[Mutant]:
    """Every mutant of every rule in a rule file."""
    for group_index, group in enumerate(document["groups"]):
        for index, rule in enumerate(group["rules"]):
            name = name_of(rule)

            def made(kind: str, what: str, **change: object) -> Mutant:
                changed = {k: v for k, v in (rule | change).items() if v is not None}
                return Mutant(
                    file, group_index, index, name, kind, what, tuple(changed.items()))

            for kind, what, expression in expressions(rule["expr"]):
                yield made(kind, what, expr=expression)
            for key in ("for", "keep_firing_for"):
                if key in rule:
                    yield made(key, f"{key} dropped", **{key: None})
                    for factor in (2, 0.5):
                        yield made(
                            key, f"{key} x {factor}", **{key: scaled(rule[key], factor)})
                elif "alert" in rule:
                    yield made(key, f"{key} added", **{key: "5m"})
            if "labels" in rule:
                labels = dict(rule["labels"])
                labels["severity"] = "warning" if labels["severity"] != "warning" else "critical"
                yield made("severity", f"severity {labels['severity']}", labels=labels)


def loaded(folder: str) -> dict[str, dict]:
    """The YAML files of a folder, without annotations.

    Annotations are not what is broken here, and expanding them is most of what a test costs.
    """
    documents = {}
    for path in sorted((ALERTS / folder).glob("*.yml")):
        document = documents[path.name] = yaml.safe_load(path.read_text())
        for group in document.get("groups", []):
            for rule in group["rules"]:
                rule.pop("annotations", None)
        for group in document.get("tests", []):
            for test in group.get("alert_rule_test", []):
                for alert in test.get("exp_alerts", []):
                    alert.pop("exp_annotations", None)
    return documents


def name_of(rule: dict) -> str:
    """The rule's name."""
    return rule.get("alert") or rule["record"]


class Suite:
    """The tests that speak of a rule or of what is made from it, and the rules these tests need."""

    def __init__(self) -> None:
        self.rules = loaded("rules")
        self.tests = loaded("tests")

    def about(self, file: str, name: str) -> list[dict]:
        """The test documents about a rule, each with only the groups that name it."""
        users = {
            name_of(rule)
            for group in self.rules[file]["groups"]
            for rule in group["rules"]
            if name_of(rule) == name or name in rule["expr"]
        }
        found = []
        for document in self.tests.values():
            if f"../rules/{file}" in document["rule_files"]:
                groups = [g for g in document["tests"] if any(user in repr(g) for user in users)]
                found.append(dict(document, tests=groups))
        return found

    def broken(self, mutant: Mutant, tests: list[dict]) -> dict:
        """The rule file with the mutant in place, without the rules that no test needs."""
        text = repr(tests)
        needed = lambda rule: name_of(rule) in text or "record" in rule
        groups = []
        for place, group in enumerate(self.rules[mutant.file]["groups"]):
            rules = [
                dict(mutant.rule) if (place, index) == (mutant.group, mutant.index) else rule
                for index, rule in enumerate(group["rules"])
            ]
            groups.append(dict(group, rules=list(filter(needed, rules))))
        return {"groups": [group for group in groups if group["rules"]]}

    def passes(self, rules: dict, file: str, tests: list[dict]) -> bool:
        """Whether promtool accepts the rules and every test passes."""
        with tempfile.TemporaryDirectory(prefix="mutant-") as directory:
            root = pathlib.Path(directory)
            (root / "rules").mkdir()
            (root / "tests").mkdir()
            (root / "rules" / file).write_text(yaml.safe_dump(rules))
            for index, document in enumerate(tests):
                path = root / "tests" / f"{index}.yml"
                path.write_text(yaml.safe_dump(document))
                command = ["promtool", "test", "rules", str(path)]
                if subprocess.run(command, capture_output=True, timeout=300).returncode:
                    return False
        return True

    def notices(self, mutant: Mutant) -> bool:
        """Whether a unit test fails with the mutant in place (or Prometheus refuses it)."""
        tests = self.about(mutant.file, mutant.name)
        return not self.passes(self.broken(mutant, tests), mutant.file, tests)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--least", type=float, default=0.85, help="share that must be noticed")
    parser.add_argument("--rule", help="only rules whose name contains this")
    parser.add_argument("--jobs", type=int, default=2, help="tests run at the same time")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    options = parser.parse_args()

    suite = Suite()
    chosen = [
        mutant
        for file, document in suite.rules.items()
        for mutant in mutants(file, document)
        if not options.rule or options.rule in mutant.name
    ]
    if options.list:
        for mutant in chosen:
            print(f"{mutant.name}: {mutant.kind}: {mutant.what}")
        return 0
    for mutant in {mutant.name: mutant for mutant in chosen}.values():
        tests = suite.about(mutant.file, mutant.name)
        if not suite.passes(suite.rules[mutant.file], mutant.file, tests):
            print(f"{mutant.name}: its tests fail with the rule whole")
            return 1

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(suite.notices, chosen))
    by_kind: dict[str, list[bool]] = collections.defaultdict(list)
    for mutant, result in zip(chosen, results):
        by_kind[mutant.kind].append(result)
        if not result:
            print(f"not noticed: {mutant.file} {mutant.name}: {mutant.kind}: {mutant.what}")
    for kind, list_ in sorted(by_kind.items()):
        print(f"{kind:16} {sum(list_):4} of {len(list_):4} noticed")
    share = sum(results) / len(results)
    print(f"{sum(results)} of {len(results)} broken rules noticed: {share:.1%}")
    return 0 if share >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
