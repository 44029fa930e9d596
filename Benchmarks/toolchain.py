"""What a run needs beside itself: the exporter's binary, and Flask in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / ".build/release/reflexive-exporter"
ENVIRONMENT = ROOT / ".build/bench-venv"
REQUIREMENTS = ROOT / "Benchmarks/requirements.txt"


def exporter_binary() -> Path:
    """The release binary, built if it is not there."""
    if not BINARY.exists():
        build = ["swift", "build", "-c", "release", "--product", "reflexive-exporter"]
        subprocess.run(build, cwd=ROOT, check=True)
    return BINARY


def peer_python() -> Path:
    """A Python that has the peer's requirements, installed if they have changed."""
    python, installed = ENVIRONMENT / "bin/python", ENVIRONMENT / "installed.txt"
    requirements = REQUIREMENTS.read_text()
    if not installed.exists() or installed.read_text() != requirements:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
        installed.write_text(requirements)
    return python
