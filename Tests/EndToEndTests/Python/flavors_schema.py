"""Databases with more in them than the table, which must not matter."""

from __future__ import annotations

import sqlite3
from typing import Any

from database import Database, iso
from flavors import Plot, flavor, seed_rows

NEWER_VIEW = "CREATE VIEW latest AS SELECT group_concat(event ORDER BY id) FROM evidence"
"""SQLite can parse this from 3.44 on."""


def _finish(plot: Plot, *statements: str) -> dict[str, Any]:
    """Adds to the finished database what a writer with functions of its own may add."""
    connection = sqlite3.connect(plot.path)
    connection.create_function("writers", 1, lambda value: value, deterministic=True)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return {}


@flavor
def indexes_and_views(plot: Plot) -> dict[str, Any]:
    seed_rows(plot, Database(plot.path, journal="wal"), lambda time: {"ts": iso(time)})
    return _finish(
        plot,
        "CREATE INDEX by_agent ON evidence(json_extract(payload, '$.agent'))",
        "CREATE INDEX by_writer ON evidence(writers(payload))",
        "CREATE VIEW low AS SELECT writers(payload) FROM evidence",
        "CREATE TABLE audit(id)",
        "CREATE TRIGGER log AFTER INSERT ON evidence BEGIN"
        " INSERT INTO audit VALUES (writers(new.id)); END",
    )


@flavor
def generated_columns(plot: Plot) -> dict[str, Any]:
    """`ts` is computed from the payload by SQLite, `secret` by the writer alone."""
    db = Database(plot.path, columns="kept TEXT, ts TEXT AS (json_extract(payload, '$.timestamp'))")
    seed_rows(plot, db, lambda time: {"kept": iso(time)})
    return _finish(plot, "ALTER TABLE evidence ADD COLUMN secret AS (writers(payload))")


@flavor
def newer_schema(plot: Plot) -> dict[str, Any]:
    seed_rows(plot, Database(plot.path, journal="wal"), lambda time: {"ts": iso(time)})
    return _finish(
        plot,
        "PRAGMA writable_schema = ON",
        f"INSERT INTO sqlite_master VALUES ('view', 'latest', 'latest', 0, '{NEWER_VIEW}')",
        "PRAGMA schema_version = 4321",
    )


@flavor
def many_tables(plot: Plot) -> dict[str, Any]:
    seed_rows(plot, Database(plot.path), lambda time: {"ts": iso(time)})
    return _finish(plot, *(f"CREATE TABLE t{n}(a, b UNIQUE)" for n in range(10_000)))


@flavor
def limits_met(plot: Plot) -> dict[str, Any]:
    """Scores at their limits, and outside [0, 1] by a rounding error."""
    db = Database(plot.path)
    for time in plot.times(300):
        score = plot.rng.choice([0.6, 0.1 + 0.2 + 0.3, 0.6])
        db.execution(time, score, agent="Equal", rmm_score=plot.rng.choice([0.75, 0.3 + 0.45]))
        outside = plot.rng.choice([1 + 2.3e-16, -1e-9, 1.000000001, -1e-17, 1.0000000011, -1.1e-9])
        db.execution(time, outside, agent="Outside")
        db.evaluation(time, gate="Near", consistency=plot.rng.choice([0.7 + 0.2, 0.9, 0.8999]))
    db.close()
    return {}
