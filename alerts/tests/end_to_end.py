#!/usr/bin/env python3
"""Plays the daemon's life against a real Prometheus and Alertmanager, and counts the pages.

    end_to_end.py BINARY [--work DIR] [--healthy-seconds 120] [--skip-panels]

BINARY is the daemon. Scrapes and evaluations happen each second; see sandbox.py for what else is
quicker than shipped. Stages build on each other and print what they saw.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse
import urllib.request
from dataclasses import dataclass

from evidence_writer import Agent, Writer, evaluation
from sandbox import ALERTS, Notice, Receiver, Sandbox, free_port, get, wait

GRAFANA = ALERTS.parent / "grafana"
CONFIG = """
stores:
  - path: {path}
    name: maestro
    receive: true
{objectives}
"""


@dataclass
class Scenario:
    """The processes, the writer, and what the stages need to know."""

    sandbox: Sandbox
    writer: Writer
    port: int
    healthy: float

    @property
    def receiver(self) -> Receiver:
        """Who gets the notifications."""
        return self.sandbox.receiver

    def configure(self, objectives: str = "") -> None:
        """Writes the exporter's configuration."""
        text = CONFIG.format(path=self.writer.path, objectives=objectives)
        (self.sandbox.root / "exporter.yml").write_text(text)

    def exporter(self) -> None:
        """Starts the exporter."""
        self.sandbox.exporter("exporter", self.port, "--config.file=exporter.yml")

    def pages(self, since: float, status: str = "firing") -> list[Notice]:
        """The pages since then."""
        return self.receiver.of("pager", since, status)

    def page(self, since: float, status: str = "firing", **labels: str) -> list[Notice]:
        """The pages since then with these labels."""
        return [notice for notice in self.pages(since, status)
                if labels.items() <= notice.labels.items()]


def links_work(notice: Notice) -> None:
    """The dashboard (with the variables of the link) and the runbook are there."""
    name = notice.labels["alertname"]
    runbook = get(notice.annotations["runbook_url"]).decode()
    assert runbook.startswith(f"# {name}\n"), runbook[:80]
    # An exporter that is down is about no rows.
    link = notice.annotations.get("evidence_url")
    assert bool(link) == ("indicator" in notice.labels), notice
    assert not link or get(link), notice
    url = notice.annotations["dashboard_url"]
    get(url)
    parts = urllib.parse.urlparse(url)
    uid = parts.path.rpartition("/")[2]
    files = [json.loads(path.read_text()) for path in (GRAFANA / "dashboards").glob("*.json")]
    dashboard = next(each for each in files if each["uid"] == uid)
    known = {f"var-{variable['name']}" for variable in dashboard["templating"]["list"]}
    chosen = dict(urllib.parse.parse_qsl(parts.query))
    assert chosen.keys() <= known, (chosen, known)
    for key, value in chosen.items():
        assert notice.labels[key.removeprefix("var-")] == value, (key, value, notice.labels)


def healthy_traffic(scenario: Scenario) -> str:
    """(a) Healthy traffic: nothing fires, and the dead man's switch is fed."""
    start = time.time()
    while time.time() < start + scenario.healthy:
        firing = scenario.sandbox.firing()
        assert not firing, firing
        time.sleep(1)
    assert not scenario.pages(0), scenario.pages(0)
    assert not scenario.receiver.of("tickets"), scenario.receiver.of("tickets")
    assert scenario.receiver.of("dead-mans-switch"), "no watchdog"
    health = {rule["lastError"] for group in json.loads(get(
        f"{scenario.sandbox.prometheus}/api/v1/rules"))["data"]["groups"]
        for rule in group["rules"] if rule.get("lastError")}
    assert not health, health
    return f"nothing fired in {scenario.healthy:g} s; the watchdog arrives"


def quality_drops(scenario: Scenario) -> str:
    """(b) One agent's quality drops: it, and only it, is paged within 30 s, with its first bad run."""
    start = time.time()
    runs = scenario.writer.runs("Summarizer")
    scenario.writer.agents["Summarizer"] = Agent(score=0.3, rate=2)
    wanted = {"alertname": "ReflexiveQsrDrop", "severity": "critical", "indicator": "qsr",
              "job": "reflexive-exporter", "instance": f"127.0.0.1:{scenario.port}",
              "store": "maestro", "agent": "Summarizer"}
    delay = wait("the page", lambda: scenario.page(start, **wanted), 30)
    page = scenario.page(start, **wanted)[0]
    assert page.labels == wanted, page.labels
    links_work(page)
    text = page.annotations["description"]
    assert "?" not in text, text
    ids = [id for id, _ in scenario.writer.runs("Summarizer")]
    first = next(id for id, score in scenario.writer.runs("Summarizer")[len(runs):] if score < 0.6)
    named = int(re.search(r"the first is evidence (\d+)", text)[1])
    assert abs(ids.index(named) - ids.index(first)) <= 5, (text, first)
    wait("the low mean is held back", lambda: any(
        labels["alertname"] == "ReflexiveQsrLow" and labels["window"] == "1h"
        for labels in scenario.sandbox.held_back()), 240)
    assert len(scenario.pages(start)) == 1, scenario.pages(start)
    tickets = scenario.receiver.of("tickets", start)
    assert not tickets, tickets
    return f"paged after {delay:.1f} s (the first bad run is {first}): {text}"


def recovers(scenario: Scenario) -> str:
    """(c) Recovery: resolved arrives within 30 s of 60 good runs."""
    start = time.time()
    scenario.writer.agents["Summarizer"] = Agent(rate=2)
    delay = wait("resolved", lambda: scenario.page(
        start, "resolved", alertname="ReflexiveQsrDrop", agent="Summarizer"), 60 / 2 + 30)
    # The means of windows follow only after many good runs.
    scenario.writer.agents["Summarizer"] = Agent(rate=60)
    wait("its slower alerts end", lambda: not [
        labels for labels in scenario.sandbox.firing() if labels.get("agent") == "Summarizer"], 120)
    scenario.writer.agents["Summarizer"] = Agent()
    return f"resolved after {delay:.1f} s, some {2 * delay:.0f} good runs"


def bursts(scenario: Scenario) -> str:
    """(d) Three bad consistencies between two scrapes: paged, for an old gate and for a new one."""
    wait("the store has been followed for two minutes, as a new gate's breach must be news",
         lambda: scenario.sandbox.query("reflexive_evidence_rows_total offset 2m"), 150)
    delays = []
    for gate in ("Research", "Fresh"):
        start = time.time()
        scenario.writer.insert([
            evaluation(gate, 0.8, consistency, start) for consistency in (0.5, 0.5, 0.5, 0.97)])
        delays.append(wait(f"the page of {gate}", lambda: scenario.page(
            start, alertname="ReflexiveConsistencyStreak", gate=gate), 30))
        page = scenario.page(start, alertname="ReflexiveConsistencyStreak", gate=gate)[0]
        links_work(page)
        streak = scenario.sandbox.query(
            f'max_over_time(reflexive_gate_low_consistency_streak{{gate="{gate}"}}[1m])')
        assert all(float(series["value"][1]) < 3 for series in streak), streak
    scenario.writer.gates.append("Fresh")
    return f"paged after {delays[0]:.1f} s and {delays[1]:.1f} s, though no scrape saw a streak"


def killed(scenario: Scenario) -> str:
    """(e) The exporter is killed: one page, and the quality alerts are held back."""
    firing = {labels["alertname"] for labels in scenario.sandbox.firing()}
    assert "ReflexiveConsistencyStreak" in firing, firing
    start = time.time()
    scenario.sandbox.end("exporter", signal.SIGKILL)
    delay = wait("the page", lambda: scenario.page(start, alertname="ReflexiveExporterDown"), 30)
    wait("quality is held back", lambda: {"ReflexiveConsistencyStreak"} <= {
        labels["alertname"] for labels in scenario.sandbox.held_back()}, 10)
    time.sleep(15)
    names = [notice.labels["alertname"] for notice in scenario.pages(start)]
    assert names == ["ReflexiveExporterDown"], names
    links_work(scenario.pages(start)[0])
    again = time.time()
    scenario.exporter()
    wait("resolved", lambda: scenario.page(
        again, "resolved", alertname="ReflexiveExporterDown"), 30)
    return f"one page after {delay:.1f} s; resolved after the start"


def restarts(scenario: Scenario) -> str:
    """(f) The exporter is restarted five times: no page, no ticket."""
    start = time.time()
    seen = {json.dumps(labels, sort_keys=True) for labels in scenario.sandbox.firing()}
    for _ in range(5):
        scenario.sandbox.end("exporter")
        scenario.exporter()
        time.sleep(3)
    time.sleep(15)
    new = [labels for labels in scenario.sandbox.firing()
           if json.dumps(labels, sort_keys=True) not in seen]
    assert not new, new
    assert not scenario.pages(start), scenario.pages(start)
    assert not scenario.receiver.of("tickets", start), scenario.receiver.of("tickets", start)
    return "nothing new fired"


def limits(scenario: Scenario) -> str:
    """(g) Limits of a store, an agent and a gate are the exporter's configuration alone."""
    start = time.time()
    scenario.configure("""
    objectives:
      qsr: 0.95
      agents: {Router: {qsr: 0.99}, Summarizer: {qsr: 0.1}}
      gates: {Review: {consistency: 0.99, consistency_streak: 2}}
""")
    scenario.sandbox.processes["exporter"].send_signal(signal.SIGHUP)
    for labels in ({"alertname": "ReflexiveQsrDrop", "agent": "Router"},
                   {"alertname": "ReflexiveConsistencyStreak", "gate": "Review"}):
        wait(f"the page {labels}", lambda: scenario.page(start, **labels), 60)
    wait("the ticket of the store", lambda: [
        notice for notice in scenario.receiver.of("tickets", start)
        if notice.labels["alertname"] == "ReflexiveStoreQsrLow"], 60)
    lenient = scenario.page(start, agent="Summarizer")
    assert not lenient, lenient
    return "a reload paged for an agent and a gate, with a ticket for the store; not for the agent " \
        "with a low limit"


def without_drops(scenario: Scenario) -> str:
    """(h) With `drop: false` the mean of an hour pages."""
    start = time.time()
    scenario.configure("""
    objectives: {qsr: 0.95, drop: false}
""")
    scenario.sandbox.processes["exporter"].send_signal(signal.SIGHUP)
    delay = wait("the page", lambda: scenario.page(
        start, alertname="ReflexiveStoreQsrLow", store="maestro", window="1h"), 60)
    return f"paged for the store after {delay:.1f} s"


def push(port: int) -> None:
    """Pushes a row of another event: a store that receives shows when it last did."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/evidence", b'{"event": "note"}',
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201, answer.status


def panels(scenario: Scenario) -> str:
    """(i) Every query of every dashboard has data, with two exporters of one store.

    No store is in PostgreSQL, so the panels of tables have none.
    """
    scenario.configure("""
    objectives: {qsr: 0.95, consistency: 0.99, rmm: 0.9}
""")
    scenario.sandbox.processes["exporter"].send_signal(signal.SIGHUP)
    second = free_port()
    scenario.sandbox.exporter("second", second, "--config.file=exporter.yml")
    for port in (scenario.port, second):
        push(port)
    time.sleep(20)
    done = subprocess.run(
        [sys.executable, GRAFANA / "tests" / "panels.py", scenario.sandbox.prometheus,
         "--range", "60", "--step", "2", "--allow-empty", "of tables"], capture_output=True, text=True)
    print(done.stdout, end="")
    assert done.returncode == 0, done.stderr or "a query gave no data"
    return done.stdout.splitlines()[-1]


STAGES = [healthy_traffic, quality_drops, recovers, bursts, killed, restarts, limits,
          without_drops, panels]


def play(scenario: Scenario, stages: list) -> None:
    """Starts everything and plays the stages."""
    scenario.writer.start()
    scenario.writer.history(8, 24, {"Router": 3000, "Summarizer": 20, "Planner": 20})
    scenario.sandbox.start()
    scenario.configure()
    scenario.exporter()
    for stage in stages:
        print(f"{stage.__doc__.splitlines()[0]}\n    {stage(scenario)}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary", type=pathlib.Path, help="the daemon")
    parser.add_argument("--work", type=pathlib.Path, help="keep databases and logs here")
    parser.add_argument("--healthy-seconds", type=float, default=120)
    parser.add_argument("--skip-panels", action="store_true", help="leave the last stage out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reflexive-alerts-") as directory:
        root = options.work or pathlib.Path(directory)
        root.mkdir(parents=True, exist_ok=True)
        uids = {json.loads(path.read_text())["uid"]
                for path in (GRAFANA / "dashboards").glob("*.json")}
        port = free_port()
        sandbox = Sandbox(options.binary.resolve(), root.resolve(), Receiver(uids),
                          evidence=f"http://127.0.0.1:{port}")
        agents = {"Router": Agent(rate=3), "Summarizer": Agent(), "Planner": Agent()}
        writer = Writer(root.resolve() / "evidence.db", agents, ["Research", "Review"])
        scenario = Scenario(sandbox, writer, port, options.healthy_seconds)
        try:
            play(scenario, STAGES[:-1] if options.skip_panels else STAGES)
        except AssertionError as error:
            print(f"FAILED: {error or 'see above'}")
            traceback.print_exc()
            return 1
        finally:
            if hasattr(writer, "thread"):
                writer.stop()
            sandbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
