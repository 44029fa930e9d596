"""Writes evidence as agents do: plain SQLite, one JSON payload a row, at a steady pace."""

from __future__ import annotations

import datetime
import json
import pathlib
import random
import sqlite3
import threading
import time
from dataclasses import dataclass, field

SCHEMA = """
CREATE TABLE IF NOT EXISTS evidence (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, payload TEXT, ts TEXT)
"""


def text_of(moment: float) -> str:
    """Evidence time as text, in UTC."""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat()


def execution(agent: str, score: float, moment: float) -> tuple[str, str, str]:
    """The row of an agent's execution."""
    payload = {"agent": agent, "output_quality": round(score, 4), "rmm_score": 0.85}
    return "metacognitive_agent_execution", json.dumps(payload), text_of(moment)


def evaluation(gate: str, score: float, consistency: float, moment: float) -> tuple[str, str, str]:
    """The row of a gate's evaluation; its threshold follows the score a little."""
    threshold = round(0.5 + (score - 0.8) / 10, 6)
    payload = {
        "gate": gate,
        "output_quality": round(score, 4),
        "self_assessment": {
            "consistency": consistency,
            "confidence": 0.8,
            "calibration_needed": score < threshold,
        },
        "current_threshold": threshold,
        "rmm_score": 0.85,
    }
    return "quality_gate_evaluation", json.dumps(payload), text_of(moment)


@dataclass
class Agent:
    """How an agent works at present: its mean score, and how often it runs a second."""

    score: float = 0.85
    rate: float = 1


@dataclass
class Writer:
    """Agents and gates that keep writing to one database, on a thread of their own."""

    path: pathlib.Path
    agents: dict[str, Agent]
    gates: list[str]
    random: random.Random = field(default_factory=lambda: random.Random(7))
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Creates the table and begins to write."""
        with sqlite3.connect(self.path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(SCHEMA)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ends the writing."""
        self.stopping.set()
        self.thread.join()

    def insert(self, rows: list[tuple[str, str, str]]) -> None:
        """Commits rows in one transaction."""
        connection = sqlite3.connect(self.path)
        with connection:
            connection.executemany(
                "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)", rows)
        connection.close()

    def runs(self, agent: str) -> list[tuple[int, float]]:
        """The ids and scores of an agent's executions so far."""
        connection = sqlite3.connect(self.path)
        rows = connection.execute(
            "SELECT id, json_extract(payload, '$.output_quality') FROM evidence"
            " WHERE json_extract(payload, '$.agent') = ? ORDER BY id", (agent,)).fetchall()
        connection.close()
        return rows

    def near(self, score: float) -> float:
        """A score close to the given one."""
        return min(1.0, max(0.0, self.random.gauss(score, 0.03)))

    def history(self, days: float, runs_a_day: int, runs_last_hour: dict[str, int]) -> None:
        """A healthy past: so many runs a day and agent, and so many within the last hour."""
        now = time.time()
        rows = []
        for step in range(int(days * runs_a_day)):
            moment = now - days * 86400 + step * (86400 / runs_a_day)
            if moment < now - 3600:
                rows += [execution(a, self.near(0.85), moment) for a in self.agents]
                rows += [evaluation(g, self.near(0.8), 0.97, moment) for g in self.gates]
        for agent, runs in runs_last_hour.items():
            for step in range(runs):
                rows.append(execution(agent, self.near(0.85), now - 3000 + step * 2900 / runs))
        rows.sort(key=lambda row: row[2])
        self.insert(rows)

    def run(self) -> None:
        """Ten times a second, as many runs as are due."""
        due = {agent: 0.0 for agent in self.agents}
        last = time.time()
        while not self.stopping.wait(0.1):
            now = time.time()
            rows = []
            for name, agent in self.agents.items():
                due[name] += agent.rate * (now - last)
                for _ in range(int(due[name])):
                    rows.append(execution(name, self.near(agent.score), now))
                due[name] %= 1
            for gate in self.gates:
                if self.random.random() < 0.2:
                    rows.append(evaluation(gate, self.near(0.8), 0.97, now))
            last = now
            if rows:
                self.insert(rows)
