#!/usr/bin/env python3
"""Agents whose runs a QSR service scores and gates judge, written with the example's writer.

    PYTHONPATH=Examples agents.py DATABASE QSR_URL

Standard library alone. It begins with seven good days and then works until it is ended.
"""

from __future__ import annotations

import json
import pathlib
import random
import sys
import threading
import time
import urllib.error
import urllib.request

from evidence_writer import ReflexiveStore

DAY = 86_400


class QSRService:
    """A client of the mock, with the standard library."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, body: object = None) -> bytes:
        """The body of an answer of 200."""
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read()

    def evaluate(self, agent: str, output: str) -> dict | None:
        """What the service says, if it says a score."""
        try:
            answer = json.loads(self.post("/api/qsr", {"agent": agent, "output": output}))
            score = answer["quality_score"]
            # True and False are numbers to Python.
            return answer if not isinstance(score, bool) and 0 <= score <= 1 else None
        except (ValueError, TypeError, KeyError, urllib.error.URLError):
            return None


class Gate:
    """A gate whose threshold follows low scores, unless it is stuck."""

    def __init__(self, name: str) -> None:
        self.name, self.threshold, self.is_stuck = name, 0.5, False

    def payload(self, answer: dict) -> dict:
        """What it decides on an answer."""
        score = answer["quality_score"]
        needed = self.is_stuck or score < self.threshold
        if needed and not self.is_stuck:
            self.threshold = 0.7 * self.threshold + 0.3 * score
        return {"event": "quality_gate_evaluation", "gate": self.name, "output_quality": score,
                "self_assessment": {"consistency": answer.get("consistency", 1.0),
                                    "confidence": answer.get("confidence", 0.0),
                                    "calibration_needed": needed},
                "current_threshold": self.threshold}


class Team(threading.Thread):
    """Agents whose runs are scored, judged and recorded, one after the other."""

    def __init__(self, database: pathlib.Path, service: QSRService) -> None:
        super().__init__(daemon=True)
        self.database, self.service = database, service
        self.agents = ["Summarizer", "Triage"]
        self.gates = {"Summarizer": Gate("ReleaseGate"), "Triage": Gate("StuckGate")}
        self.ending, self.silent = threading.Event(), threading.Event()

    def history(self) -> None:
        """Seven good days, with a run of each agent in each quarter of an hour."""
        store, numbers, now = ReflexiveStore(self.database), random.Random(7), time.time()
        store.connection.execute("BEGIN")
        for moment in range(int(now) - 7 * DAY, int(now) - 60, 900):
            at = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))}
            for agent in self.agents:
                answer = {"quality_score": round(numbers.uniform(0.7, 0.9), 4),
                          "consistency": round(numbers.uniform(0.93, 0.99), 4), "confidence": 0.85}
                self.write(store, agent, answer, at)
        store.connection.execute("COMMIT")
        # The time of a row is that of its column.
        store.connection.execute("UPDATE evidence SET ts = json_extract(payload, '$.timestamp')")

    def write(self, store: ReflexiveStore, agent: str, answer: dict | None, at: dict) -> None:
        """A run, and what its gate says of it."""
        row = {"event": "metacognitive_agent_execution", "agent": agent, "rmm_score": 0.85}
        if answer is None:
            store.record(row | {"detail": {"error": "unscored"}} | at)
            return
        store.record(row | {"output_quality": answer["quality_score"]} | at)
        store.record(self.gates[agent].payload(answer) | at)

    def run(self) -> None:
        """Four runs a second of each agent."""
        store = ReflexiveStore(self.database)
        while not self.ending.wait(0.25):
            if self.silent.is_set():
                continue
            for agent in self.agents:
                self.write(store, agent, self.service.evaluate(agent, "a summary"), {})


def main() -> None:
    """Works until it is ended."""
    database, url = pathlib.Path(sys.argv[1]), sys.argv[2]
    team = Team(database, QSRService(url))
    if not database.exists():
        team.history()
    team.start()
    team.join()


if __name__ == "__main__":
    main()
