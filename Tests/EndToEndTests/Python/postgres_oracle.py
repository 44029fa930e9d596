"""Generated databases in tables with payloads as text, json and jsonb: their series are those of a file.

    postgres_oracle.py --binary .build/debug/reflexive-exporter --seeds 1 2

What a type of column refuses is in neither. Prints a line for each database and type; ends with 1 where
a series differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import postgres_cluster as postgres
from contract import family_of
from differential import exporter
from flavors import FLAVORS
from generate import generate
from page import TEXT, fetch

KINDS = ("text", "json", "jsonb")
IN_FILES_ALONE = {"indexes_and_views", "generated_columns", "newer_schema", "many_tables"}
"""Flavors whose rows are those of another one, in a database with more in it."""
PRINTED_ANEW = {("oversized", "jsonb")}
"""What is too large is judged on the text that the server prints, which is not the one that was written."""

LOAD = """
CREATE FUNCTION load(name text, kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r staging;
BEGIN
  EXECUTE format('CREATE TABLE %I (id bigint PRIMARY KEY, event text, payload %s, ts text)', name, kind);
  EXECUTE format('GRANT SELECT (id, event, payload, ts) ON %I TO reflexive', name);
  FOR r IN SELECT * FROM staging LOOP
    BEGIN
      EXECUTE format('INSERT INTO %I VALUES ($1, $2, $3::%s, $4)', name, kind) USING r.id,
        convert_from(r.event, 'UTF8'), convert_from(r.payload, 'UTF8'), convert_from(r.ts, 'UTF8');
    EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN NULL;
    END;
  END LOOP;
END $$;
"""

Row = tuple[int, bytes | None, bytes | None, bytes | None]


def rows(path: Path) -> list[Row]:
    """(id, event, payload, time), each as the text that it counts as."""
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    columns = [row[1].decode().lower() for row in connection.execute("PRAGMA table_info(evidence)")]
    time_column = next((name for name in ("ts", "timestamp") if name in columns), "NULL")

    def text(column: str) -> str:
        number = f"WHEN typeof({column}) IN ('integer', 'real') THEN CAST({column} AS TEXT)"
        return f"CASE {number} WHEN typeof({column}) = 'text' THEN {column} END"

    found = connection.execute(
        f"SELECT id, {text('event')}, CASE WHEN typeof(payload) IN ('text', 'blob') THEN payload"
        f" ELSE CAST(payload AS TEXT) END, {text(time_column)} FROM evidence ORDER BY id").fetchall()
    connection.close()
    return found


def stage(cluster: postgres.Cluster, found: list[Row]) -> None:
    lines = ["TRUNCATE staging; COPY staging FROM STDIN;"]
    for id, *values in found:
        lines.append("\t".join(
            [str(id), *("\\N" if value is None else f"\\\\x{value.hex()}" for value in values)]))
    cluster.sql("\n".join([*lines, "\\.", ""]))


def keep(path: Path, found: list[Row], ids: set[int]) -> None:
    """A file with these rows alone."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY, event TEXT, payload TEXT, ts TEXT)")
    connection.executemany(
        "INSERT INTO evidence VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT))",
        [row for row in found if row[0] in ids])
    connection.commit()
    connection.close()


def load(
    cluster: postgres.Cluster, work: Path, flavor: str, seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The configuration without its stores, and the stores."""
    path = work / f"{flavor}-{seed}.db"
    document = generate(str(path), seed, flavor, time.time())
    (original,) = document.pop("stores")
    scale = {key: value for key, value in original.items() if key == "score_scale"}
    found = rows(path)
    stage(cluster, found)
    stores = []
    for kind in KINDS:
        if (flavor, kind) in PRINTED_ANEW:
            continue
        name = f"{flavor}_{seed}_{kind}"
        cluster.sql(f"SELECT load('{name}', '{kind}')")
        ids = {int(id) for id in cluster.sql(f"SELECT id FROM {name}").split()}
        keep(work / f"{name}.db", found, ids)
        print(f"{flavor} (seed {seed}) as {kind}: {len(ids)} of {len(found)} rows", flush=True)
        address = {"host": "127.0.0.1", "port": cluster.port, "database": "agents", "user": "reflexive",
                   "table": name}
        stores.append({"name": name, "postgresql": address, **scale})
        stores.append({"name": f"{name}-file", "path": str(work / f"{name}.db"), **scale})
    return document, stores


def compare(page: Any, name: str) -> list[str]:
    """The series of the table that differ from those of the file."""
    series: dict[str, dict[Any, float]] = {name: {}, f"{name}-file": {}}
    for (sample, labels), value in page.values.items():
        family, store = family_of(sample), dict(labels).get("store")
        # What has no family is of PostgreSQL alone.
        if store not in series or family is None or family.source != "rows":
            continue
        if family.name != "reflexive_store_info":
            rest = tuple(label for label in labels if label[0] != "store")
            series[store][sample, rest] = value
    table, file = series.values()
    return [
        f"{key}: {table.get(key)}, in the file {file.get(key)}"
        for key in sorted(table.keys() | file.keys()) if table.get(key) != file.get(key)]


def examine(binary: str, work: Path, document: dict[str, Any], stores: list[dict[str, Any]]) -> int:
    """How many tables have other series than their files."""
    configuration = work / "exporter.json"
    configuration.write_text(json.dumps({"stores": stores, **document}), "utf-8")
    with exporter(binary, configuration, work / "exporter.log") as base:
        page = fetch(f"{base}/metrics", TEXT)
    failed = 0
    for store in stores[::2]:
        found = compare(page, store["name"]) + page.faults
        up = dict(page.values).get(("reflexive_store_up", (("store", store["name"]),)))
        if up != 1:
            found.append(f"up is {up}")
        failed += bool(found)
        for line in found[:8]:
            print(f"FAIL {store['name']}: {line}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    chosen = [name for name in FLAVORS if name not in IN_FILES_ALONE]
    parser.add_argument("--flavor", nargs="*", choices=sorted(FLAVORS), default=chosen)
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="reflexive-oracle-"))
    cluster = postgres.Cluster()
    try:
        cluster.sql("CREATE ROLE reflexive LOGIN;"
                    "CREATE TABLE staging (id bigint, event bytea, payload bytea, ts bytea);" + LOAD)
        groups: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for seed in arguments.seeds:
            for flavor in arguments.flavor:
                document, stores = load(cluster, work, flavor, seed)
                key = f"{json.dumps(document, sort_keys=True)} {seed}"
                groups.setdefault(key, (document, []))[1].extend(stores)
        failed = sum(examine(arguments.binary, work, *group) for group in groups.values())
    finally:
        cluster.close()
    if not failed:
        shutil.rmtree(work)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
