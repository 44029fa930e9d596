#!/usr/bin/env python3
"""Compares a page with the recomputation from the table, series by series, both ways.

    compare.py http://127.0.0.1:9464/metrics --db evidence.db --store maestro --config config.json

Prints every difference and exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import page as exposition
from allowed import Allowed, Clock, SeriesKey
from config import Config, load
from contract import FAMILIES, FIXED_LABEL_VALUES, SCORE_BUCKETS, STATES, family_of
from evidence import Evidence, read
from labels import fold
from oracle import expected
from page import Exposition

SHOWN = 3
"""How many differences of one kind and family are shown."""


def show(series: SeriesKey) -> str:
    name, labels = series
    return name + "{" + ", ".join(f"{label}={value!r}" for label, value in labels) + "}"


def differences(
    page: Exposition, allowed: dict[SeriesKey, Allowed], store: str
) -> Iterator[str]:
    """Wrong, missing and unexpected row-derived series of one store."""
    for series, expectation in allowed.items():
        value = page.values.get(series)
        if expectation.accepts(value):
            continue
        if value is None:
            yield f"missing     {show(series)}: expected {expectation}"
        else:
            yield f"wrong       {show(series)}: {value!r}, expected {expectation}"
    for series, value in page.values.items():
        family = family_of(series[0])
        derived = family is not None and family.source == "rows"
        if derived and ("store", store) in series[1] and series not in allowed:
            yield f"unexpected  {show(series)}: {value!r}"


def contract_faults(page: Exposition, stores: set[str]) -> Iterator[str]:
    """Series that docs/metrics.md does not define, and defined ones that are missing."""
    labels_seen: dict[str, set[SeriesKey]] = {}
    for series in page.values:
        family = family_of(series[0])
        if family is None:
            yield f"not in docs/metrics.md: {show(series)}"
            continue
        labels_seen.setdefault(family.name, set()).add(series)
        bucket = {"le"} if series[0].endswith("_bucket") else set()
        names = {label for label, _ in series[1]} - bucket
        if names != set(family.labels):
            yield f"labels of {show(series)}: expected {sorted(family.labels)}"
    for metric in page.families.values():
        name = metric.name + ("_total" if metric.type == "counter" else "")
        family = FAMILIES.get(name)
        if family is None:
            yield f"family {name} is not in docs/metrics.md"
        elif family.type != metric.type:
            yield f"family {name} has type {metric.type}, expected {family.type}"
    for family in FAMILIES.values():
        if family.source == "rows" or family.optional:
            continue
        present = labels_seen.get(family.name, set())
        if family.source == "exporter" and len(present) != 1:
            yield f"{family.name} has {len(present)} series, expected 1"
        if family.source == "discovery" and not present:
            yield f"{family.name} has no series"
        if family.source == "store":
            yield from _store_family_faults(family.name, present, stores)


def _store_family_faults(name: str, present: set[SeriesKey], stores: set[str]) -> Iterator[str]:
    label, values = FIXED_LABEL_VALUES.get(name, ("", ()))
    for store in stores:
        own = [dict(labels) for _, labels in present if ("store", store) in labels]
        found = sorted(labels[label] for labels in own) if label else []
        if found != sorted(values) or (not label and len(own) != 1):
            yield f"{name} of store {store!r}: expected {sorted(values) or 'one series'}, got {own}"


def state_faults(page: Exposition) -> Iterator[str]:
    """A gate is in exactly one of the four states."""
    gates: dict[tuple[str, str], list[float]] = {}
    for (name, labels), value in page.values.items():
        if name == "reflexive_gate_threshold_state":
            by_label = dict(labels)
            gates.setdefault((by_label["store"], by_label["gate"]), []).append(value)
    for gate, values in gates.items():
        if sorted(values) != [0.0] * (len(STATES) - 1) + [1.0]:
            yield f"reflexive_gate_threshold_state of {gate} has the values {values}"


def exemplar_faults(page: Exposition, store: str, rows: list[Evidence]) -> Iterator[str]:
    """An exemplar names a row of this agent or gate whose score lies in its bucket alone."""
    by_id = {row.id: row for row in rows}
    kinds = {
        "reflexive_qsr_score_bucket": ("agent", "execution"),
        "reflexive_gate_score_bucket": ("gate", "evaluation"),
    }
    for series, exemplar in page.exemplars.items():
        labels = dict(series[1])
        if labels.get("store") != store:
            continue
        if series[0] not in kinds or set(exemplar.labels) != {"evidence_id"}:
            yield f"exemplar     {show(series)}: {exemplar} has no business there"
            continue
        label, kind = kinds[series[0]]
        row = by_id.get(int(exemplar.labels["evidence_id"]))
        index = SCORE_BUCKETS.index(labels["le"])
        lower = float(SCORE_BUCKETS[index - 1]) if index else -1.0
        if row is None or row.kind != kind or getattr(row, label) != labels[label]:
            yield f"exemplar     {show(series)}: {exemplar} names a row of another {label}: {row}"
        elif row.quality is None or not lower < row.quality <= float(labels["le"]):
            yield f"exemplar     {show(series)}: {exemplar}, but the score is {row.quality}"
        elif abs(exemplar.value - row.quality) > 1e-9:
            yield f"exemplar     {show(series)}: {exemplar} has not the score {row.quality}"


def compare(
    pages: list[Exposition],
    clock: Clock,
    *,
    db: str,
    store: str,
    config: Config,
    path: str | None = None,
    first_read: float | None = None,
) -> list[str]:
    """Every difference of the pages, one line each."""
    span = (clock.start, clock.end)
    allowed = expected(db, span, store=store, config=config, path=path, first_read=first_read)
    _, rows = read(db, config, clock.start)
    fold(rows, config.label_values)
    found = []
    for page in pages:
        stores = {dict(labels).get("store", store) for _, labels in page.values} | {store}
        faults = [
            *page.faults,
            *contract_faults(page, stores),
            *differences(page, allowed, store),
            *state_faults(page),
            *exemplar_faults(page, store, rows),
        ]
        found += [f"[{'OpenMetrics' if page.is_openmetrics else 'text'}] {f}" for f in faults]
    return found


def shorten(found: list[str]) -> Iterator[str]:
    """At most a few lines a family and kind, so that one mistake does not hide the others."""
    seen: dict[str, int] = {}
    for line in found:
        kind = line.split("{")[0]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= SHOWN:
            yield line
    if hidden := sum(max(0, number - SHOWN) for number in seen.values()):
        yield f"… and {hidden} more"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", help="URL of /metrics, or a file with a page")
    parser.add_argument("--db", required=True)
    parser.add_argument("--store", help="the store's name (default: the file's)")
    parser.add_argument("--path", help="the store's path as configured (default: --db)")
    parser.add_argument("--config", help="the exporter's configuration, written as JSON")
    parser.add_argument("--now", type=float, help="when a page in a file was taken")
    parser.add_argument("--slack", type=float, default=1.0, help="how old a page may be, in s")
    parser.add_argument("--first-read", type=float, help="when the exporter read the rows")
    parser.add_argument("--all", action="store_true", help="show every difference")
    arguments = parser.parse_args()
    store = arguments.store or Path(arguments.db).stem
    before = time.time()
    pages = exposition.load(arguments.page)
    end = arguments.now or time.time()
    clock = Clock((arguments.now or before) - arguments.slack, end)
    found = compare(
        pages,
        clock,
        db=arguments.db,
        store=store,
        config=load(arguments.config, store),
        path=arguments.path,
        first_read=arguments.first_read,
    )
    for line in found if arguments.all else shorten(found):
        print(line)
    if not found:
        print(f"{sum(len(page.values) for page in pages)} series agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
