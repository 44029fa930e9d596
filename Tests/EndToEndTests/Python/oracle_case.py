"""The base of the oracle's own tests."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import Any

from allowed import Allowed, key
from database import Database
from oracle import expected

NOW = 1_700_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR


class OracleTestCase(unittest.TestCase):
    """A fresh database a test, and questions about what the oracle expects of it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name, "s.db"))
        self.config: dict[str, Any] = {}
        self.now: float | tuple[float, float] = NOW

    def database(self, **options: Any) -> Database:
        db = Database(self.path, **options)
        self.addCleanup(db.connection.close)
        return db

    def allowed(self, name: str, **labels: str) -> Allowed | None:
        series = expected(self.path, self.now, store="s", config=self.config)
        return series.get(key(f"reflexive_{name}", store="s", **labels))

    def value(self, name: str, **labels: str) -> float | None:
        """The only value allowed; None if the series must be absent."""
        found = self.allowed(name, **labels)
        if found is None:
            return None
        self.assertFalse(found.optional, found)
        self.assertEqual(len(found.values), 1, found)
        return found.values[0]

    def rejected(self) -> dict[str, float]:
        """Reasons with a count other than 0."""
        series = expected(self.path, self.now, store="s", config=self.config)
        return {
            dict(labels)["reason"]: allowed.values[0]
            for (name, labels), allowed in series.items()
            if name == "reflexive_evidence_rejected_total" and allowed.values[0]
        }
