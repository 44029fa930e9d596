#!/usr/bin/env python3
"""Checks what promtool does not: the form of the alerts, their runbooks, tests and routes.

    check_rules.py
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import promql
import yaml
from check_names import ALERTS, rules, template_queries

SECTIONS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
RECEIVERS = {"critical": "pager", "warning": "tickets", "info": "none", "none": "dead-mans-switch"}
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
# Comparisons have no sense in these two.
WITHOUT_COMPARISON = {"ReflexiveExporterAbsent", "ReflexiveWatchdog"}
# Rules whose alerts rest on rows of evidence. The others are about the exporter, Prometheus and files.
ABOUT_ROWS = {"confidence.yml", "drops.yml", "evidence.yml", "gates.yml", "qsr.yml", "rmm.yml"}
COUNTERS = ("_total", "_bucket", "_sum", "_count")


def minutes(duration: str) -> float:
    """The length of a `for` in minutes."""
    number, unit = re.fullmatch(r"(\d+)([smhd])", duration).groups()
    return int(number) * {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}[unit]


def evidence(file: str, rule: dict) -> Iterator[str]:
    """The link to the rows: to this store, with every name encoded, and none without the address."""
    url = rule["annotations"].get("evidence_url")
    if (url is not None) != (file in ABOUT_ROWS):
        yield "no evidence_url" if url is None else "an evidence_url, but it is about no rows"
    if url is None:
        return
    if not (url.startswith("{{ with $externalLabels.reflexive_evidence_url }}{{ . }}")
            and url.endswith("{{- end }}")):
        yield "its evidence_url does not depend on the external label"
    if "?store={{ urlquery $labels.store }}" not in url:
        yield "its evidence_url names no store"
    for name in ("agent", "gate", "subject"):
        if f"&{name}=" in url and f"&{name}={{{{ urlquery $labels.{name} }}}}" not in url:
            yield f"its evidence_url does not encode the {name}"


def form(rule: dict, text: str) -> Iterator[str]:
    """Name, severity, annotations, `for`; `text` is the rule's file."""
    if not re.fullmatch(r"Reflexive([A-Z][a-z]+)+", rule["alert"]):
        yield "its name is not Reflexive + CamelCase"
    if rule["labels"].get("severity") not in RECEIVERS:
        yield f"severity {rule['labels'].get('severity')}"
    if any("$value" in str(value) for value in rule["labels"].values()):
        yield "a value in a label"
    annotations = rule["annotations"]
    for key in ("summary", "description", "dashboard_url", "runbook_url"):
        if not annotations.get(key):
            yield f"no {key}"
    if "{{" in annotations["summary"] or not annotations["summary"].endswith("."):
        yield "its summary is not one sentence for the whole group"
    if not annotations["runbook_url"].endswith(f"/{rule['alert']}.md"):
        yield "its runbook_url is not the one of its name"
    before = text.split(f"alert: {rule['alert']}\n")[0].splitlines()[-12:]
    if "for" not in rule:
        if not any(line.strip().startswith("# no for: ") for line in before):
            yield "neither `for` nor a comment `# no for: why`"
    elif minutes(rule["for"]) < 5:
        yield f"for {rule['for']}: under 5m"


def expression(rule: dict) -> Iterator[str]:
    """Comparisons, counters and ranges of the expression."""
    tokens = promql.tokens(rule["expr"])
    words = {token.text for token in tokens}
    if not words & COMPARISONS and rule["alert"] not in WITHOUT_COMPARISON:
        yield "no comparison"
    if words & {"topk", "bottomk"}:
        yield "topk"
    for selector in promql.selectors(rule["expr"]):
        counter = selector.metric.endswith(COUNTERS)
        if counter and selector.range is None and "offset" not in words:
            yield f"{selector.metric}: a bare counter"
        if not counter and selector.function in {"rate", "increase"}:
            yield f"{selector.metric}: {selector.function} of a gauge"
        if selector.range and minutes(selector.range) < 4 * 0.25:
            yield f"{selector.metric}[{selector.range}]: under four scrapes"


def runbook(name: str) -> Iterator[str]:
    """The runbook is there, is about this alert, and has its four parts."""
    path = ALERTS / "runbooks" / f"{name}.md"
    if not path.exists():
        yield "no runbook"
        return
    lines = path.read_text().splitlines()
    if lines[0] != f"# {name}" or [line for line in lines if line.startswith("## ")] != SECTIONS:
        yield f"{path.name} does not have the four parts"
    for link in re.findall(r"\]\((\w+\.md)\)", path.read_text()):
        if not (path.parent / link).exists():
            yield f"{path.name} links to {link}"


def tests() -> dict[str, set[bool]]:
    """For each alert: whether tests see it fire (True) and see it quiet (False)."""
    seen: dict[str, set[bool]] = {}
    for path in (ALERTS / "tests").glob("*.yml"):
        for group in yaml.safe_load(path.read_text())["tests"]:
            for test in group.get("alert_rule_test", []):
                fires = bool(test.get("exp_alerts"))
                seen.setdefault(test["alertname"], set()).add(fires)
            for test in group.get("promql_expr_test", []):
                name = re.search(r'alertname="(\w+)"', test["expr"])
                if name:
                    seen.setdefault(name[1], set()).add(bool(test.get("exp_samples")))
    return seen


def route(rule: dict) -> Iterator[str]:
    """amtool sends the alert to the receiver of its severity."""
    labels = {"alertname": rule["alert"], "job": "j", "instance": "i", "store": "s"}
    labels |= rule["labels"]
    command = ["amtool", "config", "routes", "test", f"--config.file={ALERTS / 'alertmanager.yml'}",
               f"--verify.receivers={RECEIVERS[rule['labels']['severity']]}"]
    command += [f"{label}={value}" for label, value in labels.items()]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        yield f"its route: {done.stdout.strip()} {done.stderr.strip()}"


def inhibition(alerts: dict[str, set[str]]) -> Iterator[str]:
    """Labels in `equal` are on some source and on some target of the rule."""
    config = yaml.safe_load((ALERTS / "alertmanager.yml").read_text())
    for rule in config["inhibit_rules"]:
        for side in ("source_matchers", "target_matchers"):
            for name in re.findall(r'alertname="(\w+)"', " ".join(rule[side])):
                if name not in alerts:
                    yield f"inhibition: no alert {name}"
        for label in rule.get("equal", []):
            if not any(label in labels for labels in alerts.values()):
                yield f"inhibition: no alert has the label {label}"


def main() -> int:
    problems, alerts, seen = [], {}, tests()
    texts = {path.name: path.read_text() for path in (ALERTS / "rules").glob("*.yml")}
    for file, rule in rules():
        if "record" in rule:
            if not re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z0-9_]+", rule["record"]):
                problems.append(f"{rule['record']} is not level:metric:operation")
            continue
        name = rule["alert"]
        alerts.setdefault(name, {"alertname"}).update(rule["labels"])
        for selector in promql.selectors(rule["expr"]):
            alerts[name] |= {label for label, _, _ in selector.matchers}
        alerts[name] |= set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        checks = (form(rule, texts[file]), evidence(file, rule), expression(rule), runbook(name),
                  route(rule))
        problems += [f"{file}: {name}: {problem}" for check in checks for problem in check]
        wanted = {True} if name == "ReflexiveWatchdog" else {True, False}
        if seen.get(name, set()) != wanted:
            problems.append(f"{file}: {name}: its tests do not see it both fire and be quiet")
        for key, text in rule["annotations"].items():
            if "| query" in text and not list(template_queries(text)):
                problems.append(f"{file}: {name}: {key}: a query that nothing checks")
    problems += [f"tests: no alert {name}" for name in seen if name not in alerts]
    problems += inhibition(alerts)
    for path in (ALERTS / "runbooks").glob("*.md"):
        if path.stem not in alerts:
            problems.append(f"runbooks: {path.name} is about no alert")
    print("\n".join(dict.fromkeys(problems)) or f"{len(alerts)} alerts are in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
