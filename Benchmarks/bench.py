"""The databases and server commands that the experiments use."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from plan_queries import QUERIES
from toolchain import ROOT


@dataclass(frozen=True)
class Database:
    path: Path
    rows: int
    average: float
    """SQLite's answer to the first of the four queries."""


@dataclass
class Programs:
    """What is measured. `promhttp` and `query_exporter` are None if they are not available."""

    exporter: Path
    python: Path
    promhttp: Path | None
    query_exporter: Path | None

    @cached_property
    def has_checkpoint(self) -> bool:
        """Whether this exporter can keep its state over a restart."""
        text = subprocess.run(
            [self.exporter, "serve", "--help"], capture_output=True, text=True, check=True
        ).stdout
        return "--state.path" in text

    def serve(self, *stores: Path | str, state: Path | None = None) -> list[str]:
        """The exporter, which keeps its state in the directory `state`, or keeps none."""
        command = [str(self.exporter), "serve", "--web.listen-address", "{address}"]
        if self.has_checkpoint:
            command.append(f"--state.path={state or 'none'}")
        for store in stores:
            command += ["--store", str(store)]
        return command

    def flask(self, store: Path) -> list[str]:
        return [str(self.python), str(ROOT / "Benchmarks/flask_peer.py"), str(store), "{address}"]

    def query_exporter_of(self, store: Path) -> list[str]:
        """Its configuration is written beside the database."""
        return self.query_exporter_at(
            f"sqlite:///{store}", QUERIES, store.with_suffix(".query-exporter.yaml")
        )

    def query_exporter_at(
        self, address: str, queries: dict[str, str], configuration: Path
    ) -> list[str]:
        configuration.write_text(query_exporter_configuration(address, queries))
        return [
            str(self.query_exporter), "--host", "{host}", "--port", "{port}",
            "--log-level", "critical", "--config", str(configuration),
        ]


@dataclass
class Bench:
    """One run. The databases are the smallest first."""

    directory: Path
    databases: list[Database]
    programs: Programs
    quick: bool
    round: int = 0
    end: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    )

    @property
    def million(self) -> Database:
        """The largest database of up to a million rows."""
        return [one for one in self.databases if one.rows <= 1_000_000][-1]

    @property
    def largest(self) -> Database:
        return self.databases[-1]

    def fresh(self, name: str) -> Path:
        """A path in the run's directory where no file is."""
        path = self.directory / name
        path.unlink(missing_ok=True)
        return path


def set_journal(path: Path, mode: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.close()


def query_exporter_configuration(address: str, queries: dict[str, str]) -> str:
    """The four queries, run at every scrape: no query has an interval."""
    lines = ["databases:", "  evidence:", f"    dsn: {address}", "metrics:"]
    for name in queries:
        lines += [f"  {name}:", "    type: gauge", "    labels: [back]"]
    lines.append("queries:")
    for name, query in queries.items():
        lines += [
            f"  {name}:", "    databases: [evidence]", f"    metrics: [{name}]", "    sql: >-",
            f"      WITH plan(value) AS ({' '.join(query.split())})",
            f"      SELECT value AS {name}, CAST(row_number() OVER () - 1 AS TEXT) AS back",
            "      FROM plan",
        ]
    return "\n".join(lines) + "\n"
