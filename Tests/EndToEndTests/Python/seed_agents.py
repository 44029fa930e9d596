"""The seed agents: the Python agents that the exporter was first written for.

They compute and record what the originals do, statement by statement, on a mock of the scoring
service. The originals disagree on the name of the time column; it is repaired in one of two ways.
The client, the store and the path of the database are arguments instead of environment variables.
"""

from __future__ import annotations

import datetime
import json
import random
import sqlite3
import warnings

# The originals call `utcnow()`, which later versions of Python deprecate.
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*utcnow.*")

SCHEMA = """
CREATE TABLE evidence (
id INTEGER PRIMARY KEY AUTOINCREMENT,
event TEXT NOT NULL,
payload TEXT NOT NULL,
{column} TEXT NOT NULL
);
"""
COLUMNS = {"insert": "ts", "schema": "timestamp"}
"""The time column by repair: the INSERT names the schema's column, or the schema the INSERT's."""


def create(path: str, repair: str, journal: str) -> None:
    """Creates the database once."""
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA journal_mode = {journal}")
    conn.execute(SCHEMA.format(column=COLUMNS[repair]))
    conn.commit()
    conn.close()


class HelixQSRClient:
    """Stands in for the scoring service: the same scores for the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def evaluate(self, result: str) -> tuple[float, dict[str, float]]:
        score = round(self._random.betavariate(5, 2), 4)
        detail = {
            "consistency": round(self._random.uniform(0.85, 1), 4),
            "confidence": round(self._random.uniform(0.5, 1), 4),
        }
        return score, detail


class ReflexiveStore:
    """Opens and closes a connection for every record, as the originals do."""

    def __init__(self, db_path: str, column: str, timeout: float = 5.0) -> None:
        self.db_path = db_path
        self.timeout = timeout
        self.statement = f"INSERT INTO evidence (event, payload, {column}) VALUES (?,?,?)"

    def record(self, payload: dict) -> None:
        conn = sqlite3.connect(self.db_path, timeout=self.timeout)
        self.insert(conn, payload)
        conn.commit()
        conn.close()

    def insert(self, conn: sqlite3.Connection, payload: dict) -> None:
        conn.execute(
            self.statement,
            (payload["event"], json.dumps(payload), datetime.datetime.utcnow().isoformat()),
        )


class OpenReflexiveStore(ReflexiveStore):
    """A variant that keeps its connection, as a long-lived agent might."""

    def __init__(self, db_path: str, column: str, timeout: float = 5.0) -> None:
        super().__init__(db_path, column, timeout)
        self.conn = sqlite3.connect(db_path, timeout=timeout)

    def record(self, payload: dict) -> None:
        self.insert(self.conn, payload)
        self.conn.commit()


class CodeSummarizerAgent:
    """The agent that the others wrap."""

    def run(self, text: str) -> str:
        return text[:40]


class MetacognitiveCodeSummarizer(CodeSummarizerAgent):
    def __init__(self, qsr: HelixQSRClient, store: ReflexiveStore) -> None:
        self.qsr = qsr
        self.store = store
        self.adaptations = 0

    def adapt_strategy(self, detail: dict) -> None:
        self.adaptations += 1

    def run(self, *run_args, **run_kwargs) -> str:
        result = super().run(*run_args, **run_kwargs)
        qsr_score, qsr_detail = self.qsr.evaluate(result)
        self.store.record({
            "event": "metacognitive_agent_execution",
            "agent": self.__class__.__name__,
            "output_quality": qsr_score,
            "detail": qsr_detail,
            "timestamp": datetime.datetime.utcnow().isoformat(),
        })
        if qsr_score < 0.6:
            self.adapt_strategy(qsr_detail)
        return result


class ResearchGate:
    def __init__(
        self, qsr: HelixQSRClient, store: ReflexiveStore, name: str = "ResearchGate"
    ) -> None:
        self.name = name
        self.qsr = qsr
        self.store = store
        self.threshold = 0.5

    def evaluate(self, agent_output: str) -> dict:
        primary_score, primary_detail = self.qsr.evaluate(agent_output)
        self_assessment = {
            "consistency": primary_detail.get("consistency", 1.0),
            "confidence": primary_detail.get("confidence", 0.0),
            "calibration_needed": primary_score < self.threshold,
        }
        if self_assessment["calibration_needed"]:
            self.threshold = 0.7 * self.threshold + 0.3 * primary_score
        self.store.record({
            "event": "quality_gate_evaluation",
            "gate": self.name,
            "output_quality": primary_score,
            "self_assessment": self_assessment,
            "current_threshold": self.threshold,
            "timestamp": datetime.datetime.utcnow().isoformat(),
        })
        return {
            "quality_score": primary_score,
            "self_assessment": self_assessment,
            "threshold": self.threshold,
        }
