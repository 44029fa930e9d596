#!/usr/bin/env python3
"""Writes the page that the oracle expects, to test the comparison and the checks.

    render.py --db evidence.db --config config.json [--openmetrics]

Store and exporter series that no row determines get the value 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from allowed import SeriesKey, key
from config import load
from contract import COMMIT_BUCKETS, FAMILIES, FIXED_LABEL_VALUES, Family, family_of
from oracle import expected


def render(values: dict[SeriesKey, float], openmetrics: bool = False) -> str:
    """A page with these values, families in the order of docs/metrics.md."""
    groups: dict[str, list[tuple[SeriesKey, float]]] = {}
    for series, value in values.items():
        groups.setdefault(family_of(series[0]).name, []).append((series, value))
    lines = []
    for name, family in FAMILIES.items():
        if name not in groups:
            continue
        shown = name.removesuffix("_total") if openmetrics and family.type == "counter" else name
        lines += [f"# HELP {shown} A sentence.", f"# TYPE {shown} {family.type}"]
        lines += [f"{_labelled(series)} {value!r}" for series, value in groups[name]]
    return "\n".join([*lines, "# EOF"] if openmetrics else lines) + "\n"


def with_fixed_series(values: dict[SeriesKey, float], store: str) -> dict[SeriesKey, float]:
    """Adds the families that do not come from rows."""
    result = dict(values)
    for family in FAMILIES.values():
        if family.source != "rows":
            result.update({series: 1.0 for series in _fixed(family, store)})
    return result


def _fixed(family: Family, store: str) -> list[SeriesKey]:
    labels = {label: store if label == "store" else "200" for label in family.labels}
    label, values = FIXED_LABEL_VALUES.get(family.name, ("", ()))
    if values:
        return [key(family.name, **labels | {label: value}) for value in values]
    if family.type != "histogram":
        return [key(family.name, **labels)]
    buckets = [key(f"{family.name}_bucket", **labels | {"le": le}) for le in COMMIT_BUCKETS]
    return [*buckets, key(f"{family.name}_count", **labels), key(f"{family.name}_sum", **labels)]


def _labelled(series: SeriesKey) -> str:
    name, labels = series
    text = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
    return f"{name}{{{text}}}" if text else name


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--db", required=True)
    parser.add_argument("--store")
    parser.add_argument("--config")
    parser.add_argument("--now", type=float, default=time.time())
    parser.add_argument("--openmetrics", action="store_true")
    arguments = parser.parse_args()
    store = arguments.store or Path(arguments.db).stem
    config = load(arguments.config, store)
    allowed = expected(arguments.db, arguments.now, store=store, config=config)
    values = {series: expectation.values[0] for series, expectation in allowed.items()}
    sys.stdout.write(render(with_fixed_series(values, store), arguments.openmetrics))
    return 0


if __name__ == "__main__":
    sys.exit(main())
