"""Builds an evidence database the way that agents in the wild may have built it."""

from __future__ import annotations

import datetime
import json
import sqlite3
from typing import Any

from contract import EVALUATION, EXECUTION

Value = int | float | str | bytes | None


class RawText(bytes):
    """Bytes stored as TEXT, whether or not they are UTF-8."""


def iso(time: float, zone: str = "", separator: str = "T") -> str:
    """As Python's `datetime.utcnow().isoformat()` writes it."""
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time)
    return moment.isoformat(sep=separator) + zone


class Database:
    """A new file with an `evidence` table."""

    def __init__(
        self,
        path: str,
        *,
        columns: str = "ts TEXT",
        journal: str = "delete",
        autoincrement: bool = True,
        encoding: str = "UTF-8",
    ) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute(f"PRAGMA encoding = '{encoding}'")
        self.connection.execute(f"PRAGMA journal_mode = {journal}")
        id = "id INTEGER PRIMARY KEY" + (" AUTOINCREMENT" if autoincrement else "")
        rest = f", {columns}" if columns else ""
        self.connection.execute(f"CREATE TABLE evidence ({id}, event TEXT, payload TEXT{rest})")

    def insert(self, event: Value, payload: Any, **columns: Value) -> None:
        """Inserts a row; a `dict` payload is written by `json.dumps`. `id` is a column too."""
        text = json.dumps(payload) if isinstance(payload, dict) else payload
        values = {"event": event, "payload": text, **columns}
        places = ["CAST(? AS TEXT)" if isinstance(v, RawText) else "?" for v in values.values()]
        self.connection.execute(
            f"INSERT INTO evidence ({', '.join(values)}) VALUES ({', '.join(places)})",
            [bytes(v) if isinstance(v, RawText) else v for v in values.values()],
        )

    def execution(
        self, time: float, score: Any, agent: Any = "CodeSummarizer", **more: Any
    ) -> None:
        """An execution as the seed records it; `more` goes into the payload."""
        payload = {"event": EXECUTION, "agent": agent, "output_quality": score, **more}
        self.insert(EXECUTION, payload | {"timestamp": iso(time)}, ts=iso(time))

    def evaluation(
        self,
        time: float,
        *,
        gate: Any = "ResearchGate",
        score: Any = 0.8,
        consistency: Any = 0.95,
        needed: Any = False,
        threshold: Any = 0.5,
    ) -> None:
        """An evaluation as the seed records it."""
        assessment = {"consistency": consistency, "confidence": 0.8, "calibration_needed": needed}
        payload = {
            "event": EVALUATION,
            "gate": gate,
            "output_quality": score,
            "self_assessment": assessment,
            "current_threshold": threshold,
            "timestamp": iso(time),
        }
        self.insert(EVALUATION, payload, ts=iso(time))

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def close(self) -> None:
        self.connection.commit()
        self.connection.close()
