"""Writes evidence that reflexive-exporter reads: one row for each run, at its end."""

import datetime
import json
import sqlite3
import sys


class ReflexiveStore:
    """Appends to the table `evidence`, and creates it if there is none."""

    def __init__(self, path="evidence.db"):
        # Waits up to 5 s for other writers. With isolation_level=None, each INSERT is committed at once.
        self.connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
        # The time column is ts in some databases and timestamp in others.
        names = {row[1] for row in self.connection.execute("PRAGMA table_info(evidence)")}
        self.columns = ["event", "payload"] + sorted(names & {"ts", "timestamp"})

    def record(self, payload):
        """Appends one row. A NaN is not JSON: it raises ValueError, and nothing is written."""
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        text = json.dumps({"timestamp": now, **payload}, allow_nan=False)
        values = [payload["event"], text] + [now] * (len(self.columns) - 2)
        marks = ", ".join("?" for _ in values)
        self.connection.execute(
            f"INSERT INTO evidence ({', '.join(self.columns)}) VALUES ({marks})", values)


if __name__ == "__main__":
    store = ReflexiveStore(*sys.argv[1:])
    store.record({"event": "metacognitive_agent_execution", "agent": "Shortener",
                  "output_quality": 0.78})
    store.record({"event": "quality_gate_evaluation", "gate": "ReleaseGate", "output_quality": 0.78,
                  "self_assessment": {"consistency": 0.97, "confidence": 0.85,
                                      "calibration_needed": False}, "current_threshold": 0.5})
