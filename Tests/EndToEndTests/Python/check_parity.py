"""Compares `check` with the expressions of the alert rules, in promtool, on random stores.

An exporter serves the stores once; what it serves is the input of `promtool test rules`, and what `check`
calls breached is what the expressions have to return at that instant. No sample lies within 1 % of a
window's old edge. Usage: check_parity.py EXPORTER STORES [SEED]
"""

from __future__ import annotations

import json
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field

import yaml

from database import iso
from prometheus_run import free_port
from server_process import serving

RULES = pathlib.Path(__file__).resolve().parents[3] / "alerts" / "rules"
GROUP = 250
"""Stores that one exporter serves."""
EVALUATED = 60
"""Seconds: promtool's clock begins at 0."""
NEVER = "9999-01-01T00:00:00Z"
"""A range without rows: into it only unbroken streaks reach."""


@dataclass
class Comparison:
    """An alert rule, and the verdicts that say the same."""

    file: str
    alert: str
    kind: str
    indicator: str
    since: str
    labels: dict[str, str] = field(default_factory=dict)

    def expression(self) -> str:
        """What the rules with the labels ask for, of which one holds."""
        groups = yaml.safe_load((RULES / self.file).read_text())["groups"]
        found = [rule["expr"] for group in groups for rule in group["rules"]
                 if rule.get("alert") == self.alert
                 and all(rule["labels"].get(name) == value for name, value in self.labels.items())
                 and "new15m{" not in rule["expr"]]
        assert found, (self.alert, self.labels)
        names = "store" if self.kind == "store" else f"store, {self.kind}"
        return " or ".join(f"group by ({names}) ({each})" for each in found)


COMPARISONS = [
    Comparison("qsr.yml", "ReflexiveQsrLow", "agent", "qsr", "1h", {"window": "1h"}),
    Comparison("qsr.yml", "ReflexiveQsrLow", "agent", "qsr", "24h", {"window": "24h"}),
    Comparison("qsr.yml", "ReflexiveStoreQsrLow", "store", "qsr", "1h", {"window": "1h"}),
    Comparison("qsr.yml", "ReflexiveStoreQsrLow", "store", "qsr", "24h", {"window": "24h"}),
    Comparison("rmm.yml", "ReflexiveRmmLow", "subject", "rmm", "24h"),
    Comparison("gates.yml", "ReflexiveThresholdStalled", "gate", "threshold", "1h"),
    Comparison("gates.yml", "ReflexiveConsistencyStreak", "gate", "consistency_streak", NEVER),
    Comparison("drops.yml", "ReflexiveQsrDrop", "agent", "drop", "24h", {"severity": "critical"}),
]


class RandomStore:
    """A store and its objectives, the same for the same seed."""

    def __init__(self, seed: int, now: float) -> None:
        self.rng, self.now = random.Random(seed), now
        chance = self.rng.random
        self.objectives: dict = {
            "min_samples": self.rng.choice([1, 3, 5, 8]), "qsr": self.rng.choice([0.5, 0.6, 0.7]),
            "consistency_streak": self.rng.choice([1, 3, 4]), "evidence_silence": "30d",
            "threshold_staleness": self.rng.choice(["1h", "24h"]),
            "drop": self.rng.choice([False, {"false_alarm_runs": 100, "normal_runs": 60}]),
        }
        if chance() < 0.3:
            self.objectives["agents"] = {"a": {"qsr": 0.8}}
            self.objectives["gates"] = {"g": {"consistency": 0.7, "consistency_streak": 2}}
            self.objectives["subjects"] = {"a": {"rmm": 0.4}}

    def age(self) -> float:
        """Seconds; some lie ahead, none near an edge."""
        while True:
            span = self.rng.choice([3600, 86_400, 3 * 86_400])
            age = self.rng.uniform(-1000, span)
            # Rows up to 5 minutes ahead of the clock say when a gate last evaluated.
            edges = [(3600, 72), (86_400, 1728), (0, 100), (-300, 100)]
            if all(abs(age - edge) > distance for edge, distance in edges):
                return age

    def score(self, level: float) -> float:
        """Near a level, and some right at a limit."""
        if self.rng.random() < 0.1:
            return self.rng.choice([0.5, 0.6, 0.7, 0.75, 0.9])
        return round(min(1.0, max(0.0, self.rng.gauss(level, 0.08))), 2)

    def rows(self) -> list[tuple[str, object, str | None]]:
        """Runs and decisions whose quality changes once."""
        rows: list[tuple[str, object, str | None]] = []
        levels = [self.rng.choice([0.9, 0.75, 0.6, 0.4]), self.rng.choice([0.9, 0.6, 0.3])]
        count, thresholds = self.rng.choice([0, 4, 30, 120]), {}
        for number in range(count):
            level = levels[number * 2 // max(count, 1)]
            time_text = iso(self.now - self.age()) if self.rng.random() < 0.95 else None
            name = self.rng.choice("abc") if self.rng.random() < 0.97 else None
            payload: dict = {"output_quality": self.score(level)}
            if self.rng.random() < 0.5:
                payload["rmm_score"] = self.score(level)
            if self.rng.random() < 0.05:
                payload["output_quality"] = self.rng.choice(["high", None, 1.5, True])
            if self.rng.random() < 0.6:
                rows.append(("metacognitive_agent_execution", payload | {"agent": name}, time_text))
                continue
            gate = self.rng.choice("gh")
            needed = self.rng.random() < 0.3
            if self.rng.random() < 0.2:
                thresholds[gate] = self.score(0.5)
            payload |= {"gate": gate, "current_threshold": thresholds.setdefault(gate, 0.5),
                        "self_assessment": {"consistency": self.score(level),
                                            "calibration_needed": needed}}
            rows.append(("quality_gate_evaluation", payload, time_text))
        return rows

    def write(self, path: pathlib.Path) -> None:
        """The database."""
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA synchronous = off")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, "
                           "payload TEXT, ts TEXT)")
        connection.executemany(
            "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)",
            [(event, json.dumps(payload), at) for event, payload, at in self.rows()])
        connection.commit()
        connection.close()


def page(exporter: str, config: pathlib.Path) -> str:
    """What an exporter serves of the stores."""
    address = f"127.0.0.1:{free_port()}"
    command = [exporter, "serve", "--state.path", "none", "--web.listen-address", address,
               "--config.file", str(config)]  # fmt: skip
    with serving(command, f"http://{address}/-/ready", config.with_suffix(".log")):
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=60) as answer:
            return answer.read().decode()


def series(text: str, names: set[str], now: float) -> list[dict[str, str]]:
    """The samples as input of promtool. Times are moved to its clock."""
    found = []
    for line in text.splitlines():
        name = re.split(r"[{ ]", line, maxsplit=1)[0]
        if name not in names:
            continue
        labelled, value = line.rsplit(" ", 1)
        if name.endswith("timestamp_seconds"):
            value = repr(float(value) - now + EVALUATED)
        found.append({"series": labelled, "values": f"{value} {value}"})
    return found


def verdicts(exporter: str, config: pathlib.Path, since: str) -> list[dict]:
    """What `check` says of all stores."""
    result = subprocess.run(
        [exporter, "check", "--config.file", config, "--since", since, "--output", "json"],
        capture_output=True, text=True, check=False)
    assert result.stdout, result.stderr
    report = json.loads(result.stdout)
    assert not report["errors"], report["errors"]
    return report["verdicts"]


def breached(found: list[dict], kind: str, indicator: str) -> set[tuple[str, str]]:
    """The subjects with such a verdict."""
    return {(each["store"], each["subject"]) for each in found
            if (each["subject_kind"], each["indicator"], each["state"])
            == (kind, indicator, "breached")}


def samples(subjects: set[tuple[str, str]], kind: str) -> list[dict]:
    """As promtool expects them."""
    def labels(store: str, name: str) -> str:
        pairs = {"store": store} if kind == "store" else {kind: name, "store": store}
        return "{" + ", ".join(f"{key}={json.dumps(value)}" for key, value in sorted(pairs.items())) + "}"
    return [{"labels": labels(*subject), "value": 1} for subject in sorted(subjects)]


def promtool(test: dict, folder: pathlib.Path) -> str:
    """Runs one test; answers what disagrees."""
    file = folder / "test.yml"
    file.write_text(json.dumps(test))
    result = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True,
                            check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def compare(exporter: str, seeds: range, folder: pathlib.Path) -> dict[str, int]:
    """Compares a group of stores; answers how many are breached, by rule."""
    now = time.time()
    configuration = {"stores": [], "limits": {"label_values": 2 + seeds.start // GROUP % 2 * 5}}
    for seed in seeds:
        store = RandomStore(seed, now)
        path = folder / f"s{seed}.db"
        store.write(path)
        configuration["stores"].append({"path": str(path), "objectives": store.objectives})
    config = folder / "exporter.yml"
    config.write_text(json.dumps(configuration))
    text = page(exporter, config)
    found = {since: verdicts(exporter, config, since)
             for since in sorted({each.since for each in COMPARISONS})}
    expressions = [each.expression() for each in COMPARISONS]
    names = set(re.findall(r"\breflexive_\w+", " ".join(expressions)))
    counts, tests = {}, []
    for each, expression in zip(COMPARISONS, expressions):
        subjects = breached(found[each.since], each.kind, each.indicator)
        if each.indicator == "drop":
            # The rule says nothing of an agent that has no run with a readable time.
            told = set(re.findall(r'reflexive_agent_last_execution\w+\{store="(\w+)",agent="(\w+)"', text))
            subjects &= told
        counts[f"{each.indicator} {each.kind} {each.since}"] = len(subjects)
        tests.append({"expr": expression, "eval_time": f"{EVALUATED}s",
                      "exp_samples": samples(subjects, each.kind)})
    problem = promtool(
        {"evaluation_interval": "1m",
         "tests": [{"interval": "1m", "input_series": series(text, names, now),
                    "promql_expr_test": tests}]}, folder)
    assert not problem, f"stores {seeds}:\n{problem[:4000]}"
    twins(text, found["24h"])
    return counts


def twins(text: str, found: list[dict]) -> None:
    """Drops of gates and subjects: breached where the alert fires, unless normal alone is left behind."""
    for kind, prefix in (("gate", "reflexive_gate_consistency"), ("subject", "reflexive_rmm")):
        active = {(store, name): reference for store, name, reference in re.findall(
            prefix + rf'_drop_active\{{store="(\w+)",{kind}="([^"]+)",reference="(\w+)"\}} 1\b', text)}
        dropped = breached(found, kind, "drop")
        assert dropped <= set(active), (kind, dropped - set(active))
        for subject in set(active) - dropped:
            assert active[subject] == "normal", (kind, subject)


def hand(folder: pathlib.Path, exporter: str) -> None:
    """`rejected`, and the streak that is over, in numbers set by hand."""
    now = time.time()

    def state(rows: list[tuple[str, dict | str]], indicator: str) -> tuple[str, object]:
        path = folder / f"hand{time.monotonic_ns()}.db"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event, "
                               "payload, ts)")
            connection.executemany(
                "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)",
                [(event, payload if isinstance(payload, str) else json.dumps(payload), iso(now - 600))
                 for event, payload in rows])
        connection.close()
        result = subprocess.run(
            [exporter, "check", "--store", path, "--since", "1h", "--indicator", indicator,
             "--output", "json"], capture_output=True, text=True, check=False)
        (verdict,) = json.loads(result.stdout)["verdicts"]
        return verdict["state"], verdict["value"]

    def fires(rule: str, file: str, inputs: dict[str, str]) -> bool:
        problem = promtool(
            {"rule_files": [str(RULES / file)], "evaluation_interval": "1m", "tests": [
                {"interval": "1m",
                 "input_series": [{"series": name, "values": values} for name, values in inputs.items()],
                 "promql_expr_test": [{
                     "expr": f'group(ALERTS{{alertname="{rule}"}})', "eval_time": "45m",
                     "exp_samples": [{"labels": "{}", "value": 1}]}]}]}, folder)
        return not problem

    good = ("note", {})
    bad = ("note", "{")
    for total, rejected, expected in ((600, 5, False), (600, 6, False), (600, 7, True), (9, 4, False)):
        rows = [bad] * rejected + [good] * (total - rejected)
        found, value = state(rows, "rejected")
        assert (found == "breached") == expected, (total, rejected, found, value)
        # The same rows, all within the alert's half hour.
        told = fires("ReflexiveEvidenceRejected", "evidence.yml", {
            'reflexive_evidence_rows_total{job="j",instance="i",store="s",event="note"}':
                f"0x20 {total}x30",
            'reflexive_evidence_rejected_total{job="j",instance="i",store="s",reason="invalid_json"}':
                f"0x20 {rejected}x30",
            'reflexive_objective{job="j",instance="i",store="s",indicator="min_samples"}': "5x50",
        })
        assert told == expected, ("ReflexiveEvidenceRejected", total, rejected, told)
    for low, expected in ((2, False), (3, True)):
        rows = [("quality_gate_evaluation", {"gate": "g", "self_assessment": {"consistency": each}})
                for each in [0.95] + [0.5] * low + [0.95]]
        found, value = state(rows, "consistency_streak")
        assert (found == "breached") == expected and value == low, (found, value)
        gate = 'job="j",instance="i",store="s",gate="g"'
        told = fires("ReflexiveConsistencyStreak", "gates.yml", {
            f"reflexive_gate_low_consistency_breaches_total{{{gate}}}": f"0x36 {int(low >= 3)}x20",
            f"reflexive_gate_low_consistency_streak{{{gate}}}": "0x60",
            f'reflexive_gate_objective{{{gate},indicator="consistency_streak"}}': "3x60",
        })
        assert told == expected, ("ReflexiveConsistencyStreak", low, told)


def main() -> None:
    """Runs it."""
    exporter, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    begin, sums = time.monotonic(), {}
    for start in range(first, first + count, GROUP):
        with tempfile.TemporaryDirectory() as folder:
            seeds = range(start, min(start + GROUP, first + count))
            for name, number in compare(exporter, seeds, pathlib.Path(folder)).items():
                sums[name] = sums.get(name, 0) + number
    with tempfile.TemporaryDirectory() as folder:
        hand(pathlib.Path(folder), exporter)
    assert all(sums.values()), sums
    print(f"{count} random stores agree in {time.monotonic() - begin:.0f} s; breached: "
          + ", ".join(f"{name} {number}" for name, number in sums.items()))


if __name__ == "__main__":
    main()
