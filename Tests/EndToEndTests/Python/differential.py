#!/usr/bin/env python3
"""Runs the real exporter on every generated database and compares its pages with the oracle's.

    differential.py --binary .build/debug/reflexive-exporter --seeds 1 2 3 [--jobs 2]

Exits with 1 if any page differs; keeps the databases of those that did.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import exposition_check
from allowed import Clock
from compare import compare, shorten
from config import load
from flavors import FLAVORS
from generate import generate_into
from page import OPENMETRICS, TEXT, fetch
from prometheus_run import free_port
from server_process import serving

SLACK = 1.0
"""How old a page may be, in seconds."""


@contextlib.contextmanager
def exporter(binary: str, configuration: Path, log: Path) -> Iterator[str]:
    """A running exporter that is ready; yields its base URL."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        binary, "serve", "--state.path", "none", "--web.listen-address", address,
        "--config.file", str(configuration),
    ]  # fmt: skip
    with serving(command, f"http://{address}/-/ready", log):
        yield f"http://{address}"


def examine(binary: str, root: Path, seed: int, flavor: str) -> list[str]:
    """What is wrong with the exporter's pages on one database, which is kept if something is."""
    work = root / f"{flavor}-{seed}"
    work.mkdir()
    found = differences(binary, work, flavor, seed)
    if not found:
        shutil.rmtree(work)
    return found


def differences(binary: str, work: Path, flavor: str, seed: int) -> list[str]:
    """What is wrong with the exporter's pages on one database."""
    database, configuration = generate_into(str(work), seed, flavor, time.time())
    config = load(str(configuration), flavor)
    first_read = time.time()
    try:
        with exporter(binary, configuration, work / f"{flavor}.log") as base:
            before = time.time()
            pages = [fetch(f"{base}/metrics", format) for format in (TEXT, OPENMETRICS)]
            clock = Clock(before - SLACK, time.time())
            found = exposition_check.check_url(f"{base}/metrics")
    except (RuntimeError, OSError) as error:
        return [str(error)]
    return found + compare(
        pages,
        clock,
        db=str(database),
        store=flavor,
        config=config,
        path=str(database.resolve()),
        first_read=first_read,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--flavor", nargs="*", choices=sorted(FLAVORS), default=list(FLAVORS))
    parser.add_argument("--all", action="store_true", help="show every difference")
    parser.add_argument("--jobs", type=int, default=1, help="databases at a time")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="reflexive-differential-"))
    cases = [(seed, flavor) for seed in arguments.seeds for flavor in arguments.flavor]
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        examined = [pool.submit(examine, arguments.binary, work, *case) for case in cases]
        for (seed, flavor), each in zip(cases, examined):
            found = each.result()
            print(f"{'ok  ' if not found else 'FAIL'} {flavor} (seed {seed})", flush=True)
            for line in found if arguments.all else shorten(found):
                print(f"     {line}")
            failed += bool(found)
    if failed:
        print(f"{failed} databases differ; they are kept in {work}")
    else:
        shutil.rmtree(work)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
