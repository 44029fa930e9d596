#!/usr/bin/env python3
"""Follows the link of every alert to its rows, and compares them with the rows of the oracle.

    alert_links.py BINARY

A real Prometheus evaluates the shipped rules over stores in which each rule about rows has a reason
to fire. The exporter is served below a prefix.
"""

from __future__ import annotations

import json
import pathlib
import re
import sqlite3
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

import evidence
from config import Config
from drops import Settings, watch

ALERTS = pathlib.Path(__file__).resolve().parents[3] / "alerts"
sys.path.insert(0, str(ALERTS / "tests"))
from evidence_writer import SCHEMA, text_of  # noqa: E402  (its folder is known only now)
from sandbox import Receiver, Sandbox, free_port, get, wait  # noqa: E402

HOUR, DAY, WEEK = 3600, 86_400, 604_800
PREFIX = "/reflexive"
EXECUTION, EVALUATION = "metacognitive_agent_execution", "quality_gate_evaluation"
# Alerts about rows that must be seen; for others about rows, promtool's tests say what the link is.
WANTED = {
    "ReflexiveQsrLow", "ReflexiveStoreQsrLow", "ReflexiveQsrDrop", "ReflexiveConsistencyStreak",
    "ReflexiveConsistencyDrop", "ReflexiveRmmLow", "ReflexiveRmmFalling", "ReflexiveRmmDrop",
    "ReflexiveThresholdStalled", "ReflexiveThresholdSettled", "ReflexiveThresholdCollapsed",
    "ReflexiveGateIdle", "ReflexiveCalibrationRatioHigh", "ReflexiveOverconfident",
    "ReflexiveEvidenceStopped", "ReflexiveAgentSilent", "ReflexiveEvidenceRejected",
    "ReflexiveRunsUnscored", "ReflexiveEvidenceFromFuture",
}

Row = tuple[str, str, str]


def run(agent: str, score: float | None, moment: float, **fields: object) -> Row:
    payload = {"agent": agent} | ({} if score is None else {"output_quality": score}) | fields
    return EXECUTION, json.dumps(payload), text_of(moment)


def decision(gate: str, consistency: float | None, moment: float, threshold: float = 0.5,
             needed: bool = False, score: float = 0.8, confidence: float = 0.8) -> Row:
    payload = {"gate": gate, "output_quality": score, "current_threshold": threshold,
               "self_assessment": {"consistency": consistency, "confidence": confidence,
                                   "calibration_needed": needed}}
    return EVALUATION, json.dumps(payload), text_of(moment)


def history(now: float) -> list[Row]:
    """Rows under which every window and every state has something in it and something beside it."""
    rows: list[Row] = []
    hours = lambda count: [now - HOUR * index for index in range(count, 0, -1)]
    for moment in hours(30):
        rows.append(run("Low & slow", 0.4, moment, rmm_score=0.5))
        rows.append(run("Low & slow", None, moment))
        rows.append(run("Fine", 0.9, moment - 2 * DAY))
    for index in range(60):
        rows.append(run("Low & slow", 0.3 + index % 7 / 20, now - 58 * index - 3, rmm_score=0.6))
    rows.append((EXECUTION, json.dumps({"agent": "Low & slow", "output_quality": 0.1}), "no time"))
    rows.append(run("Low & slow", 0.2, now + HOUR, rmm_score=0.1))
    rows += [run("Fallen", 0.85, now - 3 * DAY + 60 * index, rmm_score=0.9) for index in range(300)]
    rows += [decision("Sinking", 0.97, now - 3 * DAY + 60 * index) for index in range(300)]
    for index in range(40):
        moment = now - 50 * (40 - index)
        rows.append(run("Fallen", 0.3, moment, rmm_score=0.2))
        rows.append(decision("Sinking", 0.5, moment))
        rows.append(decision("Fine", 0.95, moment))
    rows += [decision("Streaky", 0.95 if index < 10 else 0.6, now - 40 * (20 - index))
             for index in range(16)]
    rows.insert(-2, decision("Streaky", None, now - 300))
    for step in range(72):
        rows.append(run("Falling", 0.9, now - WEEK - HOUR + 2.4 * HOUR * step,
                        rmm_score=0.95 - step * 0.0024))
    for gate, needed in (("Stalled", True), ("Settled", False)):
        rows.append(decision(gate, 0.95, now - 4 * DAY, 0.7))
        rows.append(decision(gate, 0.95, now - 3 * DAY, 0.6))
        rows += [decision(gate, 0.95, moment, 0.6, needed) for moment in hours(30)]
    rows += [decision("Idle", 0.95, now - 3 * DAY + index, 0.6 + index / 10) for index in range(3)]
    rows += [decision("Collapsed", 0.95, now - DAY * (8 - day), 0.9 - day / 10) for day in range(8)]
    return rows


def live(now: float, turn: int) -> list[Row]:
    """Rows of one second, for the rules about counters."""
    return [
        decision("Stalled", 0.95, now, 0.6, True, score=0.3, confidence=0.95),
        (EXECUTION, "not json", text_of(now)),
        run("Low & slow", "a text", now),
        run("Low & slow", 0.3, now + HOUR + turn),
    ]


def write(path: pathlib.Path, rows: Iterable[Row]) -> None:
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)", rows)


@dataclass
class Oracle:
    """The rows of one store."""

    rows: list[evidence.Evidence]

    def ids(self, **wanted: object) -> list[evidence.Evidence]:
        return [row for row in self.rows
                if all(getattr(row, name) == value for name, value in wanted.items())]

    def expected(self, alert: dict[str, str], query: dict[str, str]) -> list[int]:
        """Ids of the rows that the alert rests on, the newest first."""
        rows = self.of(alert["alertname"].removeprefix("Reflexive"), alert, query)
        return sorted((row.id for row in rows), reverse=True)

    def of(self, name: str, alert: dict[str, str], query: dict[str, str]) -> list:
        until = float(query.get("until", "inf"))
        after, before = int(query.get("after", -1)), int(query.get("before", 1 << 62))
        agents = self.ids(kind="execution", agent=alert.get("agent"))
        gates = self.ids(kind="evaluation", gate=alert.get("gate"))
        within = lambda rows, window: [
            row for row in rows if row.time is not None and until - window < row.time <= until]
        usable = lambda rows, field: [row for row in rows if getattr(row, field) is not None]
        arrived = lambda rows: [row for row in rows if after < row.id < before]
        subjects = [row for row in usable(self.rows, "maturity")
                    if row.subject == alert.get("subject")]
        window = {"1h": HOUR, "24h": DAY}.get(alert.get("window", ""), 0)
        match name:
            case "QsrLow": return within(usable(agents, "quality"), window)
            case "StoreQsrLow":
                return within(usable(self.ids(kind="execution"), "quality"), window)
            case "RmmLow": return within(subjects, DAY)
            case "RmmFalling": return within(subjects, WEEK)
            case "QsrDrop": return drop(usable(agents, "quality"), "quality", 0.6)
            case "ConsistencyDrop": return drop(usable(gates, "consistency"), "consistency", 0.9)
            case "RmmDrop": return drop(subjects, "maturity", 0.75)
            case "ConsistencyStreak": return streak(usable(gates, "consistency"), 0.9)
            case "ThresholdStalled" | "ThresholdSettled":
                moved = next(row for row in gates if row.threshold == gates[-1].threshold)
                return within(gates, until - moved.time)
            case "ThresholdCollapsed": return within(gates, WEEK)
            case "GateIdle": return within(gates, until)
            case "CalibrationRatioHigh" | "Overconfident": return arrived(gates)
            case "AgentSilent": return within(agents, until)
            case "EvidenceStopped": return within(self.rows, until)
            case "EvidenceRejected": return arrived(usable(self.rows, "rejection"))
            case "EvidenceFromFuture": return arrived(self.ids(rejection="future_timestamp"))
            case "RunsUnscored": return arrived(self.ids(kind="execution"))
        raise AssertionError(f"an alert with a link, but no oracle: {name}")


def drop(rows: list, field: str, objective: float) -> list:
    """The rows of the drop with the lowest mean."""
    found = watch(((row.id, row.time, getattr(row, field)) for row in rows), Settings(objective))
    active = [it for it in (found.objective, found.normal) if it.active]
    worst = min(active, key=lambda it: it.sum / it.count)
    drop_rows = [row for row in rows if row.id >= worst.start_id]
    assert len(drop_rows) == worst.count, (len(drop_rows), worst.count)
    return drop_rows


def streak(rows: list, limit: float) -> list:
    """The low rows at the end."""
    found = []
    for row in reversed(rows):
        if row.consistency >= limit:
            break
        found.append(row)
    return found


def ids(url: str) -> list[int]:
    """The ids of the rows that the page lists."""
    page = get(url if "limit=" in url else url.replace("?", "?limit=1000&", 1)).decode()
    return [int(id) for id in re.findall(
        r'<th[^>]* scope="row"><a href="' + PREFIX + r'/evidence/(\d+)', page)]


def configuration(stores: dict[str, pathlib.Path]) -> str:
    lines = [f"  - {{name: {name}, path: {json.dumps(str(path))}}}" for name, path in stores.items()]
    return "stores:\n" + "\n".join(lines) + "\n"


def play(root: pathlib.Path, binary: pathlib.Path) -> list[str]:
    now = time.time()
    stores = {name: root / f"{name}.db" for name in ("main", "quiet", "unscored")}
    write(stores["main"], history(now))
    write(stores["quiet"], [run("Gone", 0.9, now - 2 * DAY + index) for index in range(5)])
    write(stores["unscored"], [run("Blind", 0.9, now - HOUR)])
    (root / "exporter.yml").write_text(configuration(stores))
    port = free_port()
    address = f"http://127.0.0.1:{port}{PREFIX}"
    sandbox = Sandbox(binary, root, Receiver(set()), evidence=address, prefix=PREFIX)
    try:
        sandbox.start()
        sandbox.exporter("exporter", port, "--config.file=exporter.yml",
                         f"--web.external-url={address}", f"--state.path={root / 'state'}")
        time.sleep(4)
        for turn in range(12):
            write(stores["main"], live(time.time(), turn))
            write(stores["unscored"], [run("Blind", None, time.time())])
            time.sleep(1)
        seen = lambda: {alert["labels"]["alertname"] for alert in alerts(sandbox)}
        wait("every rule about rows", lambda: WANTED <= seen(), 30)
        # The rows of the last evaluation are read by now.
        time.sleep(2)
        return compare(sandbox, stores)
    except AssertionError as error:
        return [str(error), f"missing: {sorted(WANTED - seen())}"]
    finally:
        sandbox.close()


def alerts(sandbox: Sandbox) -> list[dict]:
    return json.loads(get(f"{sandbox.prometheus}/api/v1/alerts"))["data"]["alerts"]


def compare(sandbox: Sandbox, stores: dict[str, pathlib.Path]) -> list[str]:
    oracles = {name: Oracle(evidence.read(str(path), Config(), time.time())[1])
               for name, path in stores.items()}
    problems, count = [], 0
    for alert in alerts(sandbox):
        url = alert["annotations"].get("evidence_url")
        if not url:
            continue
        labels = alert["labels"]
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        expected, found = oracles[labels["store"]].expected(labels, query), ids(url)
        count += 1
        if expected != found or not found:
            problems.append(f"{labels['alertname']} {labels}: {url}: {len(found)} rows {found[:9]}, "
                            f"expected {len(expected)} {expected[:9]}")
    print(f"{count} links lead to the rows of their alerts")
    return problems


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="reflexive-links-") as directory:
        problems = play(pathlib.Path(directory), pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
