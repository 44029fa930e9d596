"""Evidence databases of any size: the same rows for the same size, seed and end."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

SCHEMA = """
CREATE TABLE evidence (
id INTEGER PRIMARY KEY AUTOINCREMENT,
event TEXT NOT NULL,
payload TEXT NOT NULL,
ts TEXT NOT NULL
);
"""
SPAN = timedelta(days=10)
AGENTS = [
    f"Metacognitive{task}"
    for task in (
        "CodeSummarizer", "DataIngestAgent", "TestWriter", "Reviewer",
        "Translator", "Planner", "Retriever", "ReportBuilder",
    )
]
GATES = ["ResearchGate", "ReleaseGate", "SafetyGate", "StyleGate"]
REMARKS = [
    "all claims are backed by the cited passages",
    "two statements could not be traced to a source",
    "the summary leaves out the error handling of the second module",
    "names and units agree with the original text",
    "the wording is close to the source; shorter sentences would help",
]

Row = tuple[str, str, str]
"""The columns event, payload and ts."""


def create(
    path: Path,
    rows: int,
    *,
    end: datetime,
    seed: int = 0,
    agents: list[str] = AGENTS,
    gates: list[str] = GATES,
) -> None:
    """Creates a database with `rows` rows, spread evenly over the ten days before `end` (UTC).

    It is left in rollback-journal mode, which Python's sqlite3 gives to the seed agents.
    """
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(SCHEMA)
    connection.executemany(
        "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, ?)",
        evidence(rows, end=end, seed=seed, agents=agents, gates=gates),
    )
    connection.commit()
    connection.close()


def evidence(
    rows: int, *, end: datetime, seed: int, agents: list[str] = AGENTS, gates: list[str] = GATES
) -> Iterator[Row]:
    """Executions and evaluations in turns, with the payloads that the seed agents record."""
    chance = random.Random(seed)
    thresholds = dict.fromkeys(gates, 0.5)
    step = SPAN / max(rows, 1)
    for number in range(rows):
        time = (end - SPAN + (number + 1) * step).isoformat()
        if number % 2 == 0:
            payload = execution(chance, agents)
        else:
            payload = evaluation(chance, thresholds)
        payload["timestamp"] = time
        yield payload["event"], json.dumps(payload), time


def execution(chance: random.Random, agents: list[str]) -> dict:
    """One run of an agent. Every second one has an RMM score."""
    payload = {
        "event": "metacognitive_agent_execution",
        "agent": chance.choice(agents),
        "output_quality": score(chance),
        "detail": detail(chance) | {"remarks": chance.choice(REMARKS)},
    }
    if chance.random() < 0.5:
        payload["rmm_score"] = round(chance.uniform(0.6, 1), 4)
    return payload


def evaluation(chance: random.Random, thresholds: dict[str, float]) -> dict:
    """One decision of a gate, which adapts its threshold as the seed agents' gate does."""
    gate, quality = chance.choice(list(thresholds)), score(chance)
    needs_calibration = quality < thresholds[gate]
    if needs_calibration:
        thresholds[gate] = 0.7 * thresholds[gate] + 0.3 * quality
    return {
        "event": "quality_gate_evaluation",
        "gate": gate,
        "output_quality": quality,
        "self_assessment": {
            "consistency": round(chance.uniform(0.85, 1), 4),
            "confidence": chance.uniform(0.5, 1),
            "calibration_needed": needs_calibration,
        },
        "current_threshold": thresholds[gate],
        "detail": detail(chance),
    }


def score(chance: random.Random) -> float:
    return round(chance.triangular(0.3, 1, 0.85), 4)


def detail(chance: random.Random) -> dict:
    """What the scoring service returns besides the score; the exporter does not use it."""
    return {
        "model": "qsr-2",
        "tokens": chance.randrange(50, 4000),
        "latency_ms": round(chance.uniform(80, 1500), 1),
        "aspects": [score(chance) for _ in range(chance.randrange(3, 10))],
    }
