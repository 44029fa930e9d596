#!/usr/bin/env python3
"""Generates evidence databases of many flavors, each with the configuration to read it with.

    generate.py --out DIR [--flavor NAME …] [--seed 1] [--list]

Writes `<flavor>.db` and `<flavor>.json`. The configuration is JSON, so the exporter reads it as
YAML, and names the database as its only store.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import flavors
import flavors_drops
import flavors_names
import flavors_payloads
import flavors_schema
import flavors_times
from flavors import FLAVORS, Plot

MODULES = (
    flavors, flavors_drops, flavors_names, flavors_payloads, flavors_schema, flavors_times,
)  # fmt: skip
"""Each registers its flavors."""


def generate(path: str, seed: int, flavor: str, now: float) -> dict[str, Any]:
    """Builds one database at `path`, a new file; returns the configuration as the YAML has it."""
    plot = Plot(path, random.Random(f"{flavor} {seed}"), now)
    config = FLAVORS[flavor](plot)
    store = {"path": str(Path(path).resolve())}
    if "score_scale" in config:
        store["score_scale"] = config.pop("score_scale")
    return {"stores": [store], **config}


def generate_into(directory: str, seed: int, flavor: str, now: float) -> tuple[Path, Path]:
    """Writes a database and its configuration; returns both paths."""
    database = Path(directory, f"{flavor}.db")
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    configuration = database.with_suffix(".json")
    document = generate(str(database), seed, flavor, now)
    configuration.write_text(json.dumps(document, indent=2, ensure_ascii=False), "utf-8")
    return database, configuration


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=".", help="an existing directory")
    parser.add_argument("--flavor", nargs="*", choices=sorted(FLAVORS), default=list(FLAVORS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=float, default=time.time())
    parser.add_argument("--list", action="store_true", help="only print the flavors")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(FLAVORS))
        return 0
    for flavor in arguments.flavor:
        database, _ = generate_into(arguments.out, arguments.seed, flavor, arguments.now)
        print(database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
