"""The exporter's binary and the peers, which a run needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / ".build/release/reflexive-exporter"
ENVIRONMENT = ROOT / ".build/bench-venv"
PROMHTTP = ROOT / ".build/bench-promhttp"
TAILER = ROOT / ".build/bench-tailer"
REQUIREMENTS = ROOT / "Benchmarks/requirements.txt"


def exporter_binary() -> Path:
    """The release binary, built if it is not there."""
    if not BINARY.exists():
        build = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
        build += ["--product", "reflexive-exporter"]
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


def query_exporter(python: Path) -> Path | None:
    """The program in `python`'s environment, if it is there."""
    program = python.parent / "query-exporter"
    return program if program.exists() else None


def promhttp_server() -> Path | None:
    """The Go server of promhttp/, built from Debian's sources; None without a Go compiler."""
    if not shutil.which("go"):
        return None
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
    source = ROOT / "Benchmarks/promhttp/main.go"
    PROMHTTP.parent.mkdir(exist_ok=True)
    subprocess.run(["go", "build", "-o", str(PROMHTTP), str(source)], env=environment, check=True)
    return PROMHTTP


@cache
def following_tailer() -> Path:
    """The bare tailer, compiled."""
    source = ROOT / "Benchmarks/following_tailer.c"
    TAILER.parent.mkdir(exist_ok=True)
    compiler = ["cc", "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([*compiler, "-o", TAILER, source, "-lsqlite3"], check=True)
    return TAILER
