#!/usr/bin/env python3
"""The whole way of a page on this machine, from an agent's run to the rows behind the page.

    play.py EXPORTER [--break drop|stall|flap|silence|garbage] [--once]

A mock of the QSR service scores the runs of agents, gates judge them, both write evidence, an exporter
serves it, and a real Prometheus and Alertmanager with the shipped rules and routes page a webhook. Waits
are sixty times shorter than shipped. Everything listens on this machine alone, on free ports, and ends
with this program.
"""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import tempfile
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Examples"), str(ROOT / "alerts" / "tests")]

from agents import QSRService, Team  # noqa: E402
from sandbox import (  # noqa: E402
    LIBC, PR_SET_PDEATHSIG, Notice, Receiver, Sandbox, free_port, get, wait)


@dataclass(frozen=True)
class Break:
    """Something that goes wrong, and the alert that has to say so."""

    alert: str
    receiver: str
    what: str
    scenario: str = "steady"
    objectives: str = "{}"


BREAKS = {
    "drop": Break("ReflexiveQsrDrop", "pager", "the service scores every run low", "drop"),
    "stall": Break("ReflexiveThresholdStalled", "pager",
                   "gate StuckGate asks for calibration and never moves its threshold",
                   objectives="{gates: {StuckGate: {threshold_staleness: 15s}}}"),
    "flap": Break("ReflexiveConsistencyStreak", "pager",
                  "twenty good answers, then twenty inconsistent ones", "flap"),
    "silence": Break("ReflexiveEvidenceStopped", "tickets", "all agents stop",
                     objectives="{evidence_silence: 15s}"),
    "garbage": Break("ReflexiveRunsUnscored", "tickets", "the service answers what is no score",
                     "garbage"),
}


@dataclass
class Stage:
    """Everything that runs, and what it is told to do."""

    sandbox: Sandbox
    team: Team
    service: QSRService
    fault: str

    @property
    def planned(self) -> Break:
        """What goes wrong."""
        return BREAKS[self.fault]

    def start(self, exporter: str) -> None:
        """Starts every part."""
        port = int(self.service.url.rpartition(":")[2])
        self.sandbox.spawn("mock-qsr", exporter, "mock-qsr", f"--listen-address=127.0.0.1:{port}")
        wait("the mock is ready", lambda: self.service.evaluate("probe", ""), 30)
        self.team.history()
        self.team.start()
        (self.sandbox.root / "exporter.yml").write_text(
            f"stores: [{{path: {self.team.database}, name: sandbox,"
            f" objectives: {self.planned.objectives}}}]\n")
        self.sandbox.start()
        self.sandbox.exporter("exporter", int(self.sandbox.evidence.rpartition(":")[2]),
                              "--config.file=exporter.yml")

    def spoil(self) -> float:
        """Makes it go wrong; answers when."""
        if self.fault == "silence":
            self.team.silent.set()
        if self.fault == "stall":
            self.team.gates["Triage"].is_stuck = True
        self.service.post(f"/-/scenario?name={self.planned.scenario}")
        return time.time()

    def page(self, since: float) -> Notice | None:
        """The page that has to come, once it is there."""
        found = [notice for notice in self.sandbox.receiver.of(self.planned.receiver, since)
                 if notice.labels["alertname"] == self.planned.alert]
        return found[0] if found else None

    def close(self) -> None:
        """Ends every part."""
        self.team.ending.set()
        if self.team.is_alive():
            self.team.join(10)
        self.sandbox.close()


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


def count_down(seconds: int, what: str) -> None:
    """Tells what is going to happen."""
    for left in range(seconds, 0, -1):
        if left == seconds or left % 5 == 0 or left <= 3:
            say(f"  in {left:2} s: {what}")
        time.sleep(1)


def follow(notice: Notice, sandbox: Sandbox) -> str:
    """The link of a page to its rows, and how many rows are listed there."""
    link = notice.annotations["evidence_url"]
    assert link.startswith(sandbox.evidence + "/evidence?"), link
    rows = get(link).decode().count('href="/evidence/')
    assert rows > 0, f"{link} lists no row"
    return f"{link}\n  ({rows} links to rows are there)"


def play(stage: Stage, exporter: str, healthy: int) -> None:
    """From the start to the page."""
    begin = time.monotonic()
    sandbox, planned = stage.sandbox, stage.planned
    stage.start(exporter)
    say(f"pages       {sandbox.evidence}/\nmetrics     {sandbox.evidence}/metrics\n"
        f"prometheus  {sandbox.prometheus}\nalerts      {sandbox.alertmanager}\n"
        f"mock QSR    {stage.service.url}/api/qsr\nlogs        {sandbox.root}\n")
    count_down(healthy, planned.what)
    since = stage.spoil()
    say(f"broken: {planned.what}; {planned.alert} has to come")
    wait(f"{planned.alert} at the webhook {planned.receiver}",
         lambda: tick(stage, since) or stage.page(since), 120)
    notice = stage.page(since)
    assert notice
    say(f"\n{planned.receiver}: {notice.labels['alertname']} ({notice.labels['severity']}), "
        f"{notice.at - since:.0f} s after the break, {time.monotonic() - begin:.0f} s after the start\n"
        f"  {notice.annotations['summary']}\n  {notice.annotations['description']}\n"
        f"  evidence: {follow(notice, sandbox)}\n  runbook: {notice.annotations['runbook_url']}")


def tick(stage: Stage, since: float) -> None:
    """Says every five seconds what fires already."""
    passed = time.time() - since
    if passed % 5 < 0.2:
        names = sorted({labels["alertname"] for labels in stage.sandbox.firing()})
        say(f"  {passed:3.0f} s: firing in Prometheus: {', '.join(names) or 'nothing'}")


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("exporter", type=pathlib.Path, help="the binary")
    parser.add_argument("--break", dest="fault", choices=BREAKS, default="drop")
    parser.add_argument("--once", action="store_true", help="end with the page")
    parser.add_argument("--healthy-seconds", type=int, default=15)
    options = parser.parse_args()
    # Some programs start others with signals blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # `make` that is killed ends it, too.
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="reflexive-sandbox-") as folder:
        root = pathlib.Path(folder)
        service = QSRService(f"http://127.0.0.1:{free_port()}")
        sandbox = Sandbox(options.exporter.resolve(), root, Receiver(set()),
                          evidence=f"http://127.0.0.1:{free_port()}")
        stage = Stage(sandbox, Team(root / "sandbox.db", service), service, options.fault)
        try:
            play(stage, str(options.exporter.resolve()), options.healthy_seconds)
            if not options.once:
                say("\nCtrl-C ends everything.")
                signal.pause()
        except KeyboardInterrupt:
            say("\nending")
        except AssertionError as error:
            say(f"FAILED: {error}")
            return 1
        finally:
            stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
