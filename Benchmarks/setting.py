"""The machine and the versions behind the figures, for the head of the results."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def describe(*, command: str, exporter: Path, python: Path, load_before: float) -> str:
    """A Markdown list. No path of this machine is in it."""
    versions = [
        output([exporter, "--version"]),
        f"Python {platform.python_version()}",
        output([python, "-c", FLASK_VERSIONS]),
        f"SQLite {sqlite3.sqlite_version}",
    ]
    return "\n".join([
        f"- Command: `{command}`",
        f"- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Machine: {os.cpu_count()} × {cpu_model()}, {memory_gib():.0f} GiB, "
        f"{platform.system()} {platform.release()}",
        f"- Versions: {', '.join(versions)}",
        f"- Load average (1 min) before and after: {load_before:.1f}, {os.getloadavg()[0]:.1f}",
    ]) + "\n"


FLASK_VERSIONS = """
from importlib.metadata import version
print(f"Flask {version('flask')} on Werkzeug {version('werkzeug')}")
"""


def output(command: list[str | Path]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return ", ".join(" ".join(line.split()) for line in done.stdout.splitlines())


def cpu_model() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
