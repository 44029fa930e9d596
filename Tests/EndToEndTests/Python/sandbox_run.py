"""Plays every break of the sandbox at once, and ends one sandbox by Ctrl-C and one by kill -9.

Usage: sandbox_run.py EXPORTER
"""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

SANDBOX = pathlib.Path(__file__).resolve().parents[3] / "deploy" / "sandbox" / "play.py"
ALERTS = {"drop": "ReflexiveQsrDrop", "stall": "ReflexiveThresholdStalled",
          "flap": "ReflexiveConsistencyStreak", "silence": "ReflexiveEvidenceStopped",
          "garbage": "ReflexiveRunsUnscored"}


def start(exporter: str, fault: str, *flags: str) -> subprocess.Popen:
    """A sandbox, its lines readable."""
    return subprocess.Popen(
        [sys.executable, SANDBOX, exporter, "--break", fault, "--healthy-seconds", "4", *flags],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def children(pid: int) -> list[int]:
    """The processes that a sandbox has started."""
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()]


def are_gone(pids: list[int], seconds: float = 20) -> bool:
    """Whether all of them end in time. A zombie has ended."""
    def lives(pid: int) -> bool:
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    end = time.monotonic() + seconds
    while any(map(lives, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    return not any(map(lives, pids))


def until_started(process: subprocess.Popen) -> list[int]:
    """Waits for the countdown; answers what runs then."""
    assert process.stdout
    for line in process.stdout:
        if "in " in line and " s: " in line:
            return children(process.pid)
    raise AssertionError("it ended before its countdown")


def main() -> None:
    """Runs it."""
    exporter = sys.argv[1]
    begin = time.monotonic()
    playing = {fault: start(exporter, fault, "--once") for fault in ALERTS}
    outputs: dict[str, str] = {}
    readers = [threading.Thread(target=lambda fault=fault, process=process: outputs.update(
        {fault: process.communicate()[0]})) for fault, process in playing.items()]
    for reader in readers:
        reader.start()
    for with_signal, code in ((signal.SIGINT, 0), (signal.SIGKILL, -9)):
        process = start(exporter, "drop")
        there = until_started(process)
        assert len(there) == 4, there
        os.kill(process.pid, with_signal)
        assert process.wait(30) == code, (with_signal, process.returncode)
        assert are_gone(there), (with_signal, there)
        if process.stdout:
            process.stdout.close()
    for reader in readers:
        reader.join()
    for fault, alert in ALERTS.items():
        found = re.search(rf"^(pager|tickets): {alert} .*, (\d+) s after the start$", outputs[fault],
                          re.MULTILINE)
        assert playing[fault].returncode == 0 and found, f"{fault}:\n{outputs[fault]}"
        assert "links to rows are there" in outputs[fault], outputs[fault]
        print(f"{fault}: {alert} at {found[1]} {found[2]} s after the start")
    print(f"all at once in {time.monotonic() - begin:.0f} s; Ctrl-C and kill -9 leave no process")


if __name__ == "__main__":
    main()
