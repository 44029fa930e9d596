"""Following: what a row costs that is committed while the exporter is there, and when it is read."""

from __future__ import annotations

import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import evidence
from bench import Bench, set_journal
from server import HOST, cpu_clock, free_port, running
from targets import Experiment, Figures, Target, percentile
from toolchain import ROOT, following_tailer

ROWS = 1_000
WRITERS = {
    "WAL, kept open": ("wal", ["--keep-open"]),
    "rollback journal, reopened": ("delete", []),
    "WAL, opened and closed a row": ("wal", []),
}
RATES = {"1 row/s": 1, "10 rows/s": 10, "100 rows/s": 100, "full speed": 0}
QUICK_RATES = ("100 rows/s", "full speed")
SECONDS = 10
"""Of writing at a rate, in a quick run a fifth of it."""
FULL_SPEED_ROWS = 2_000
SETTLE = 1.0
"""Seconds after a start and after the last row, for what is done late."""
LIMIT = 60.0
WRITER = ROOT / "Benchmarks/following_writer.py"
REJECTED = re.compile(rb'rejected evidence".* id=(\d+)')


def measure(bench: Bench) -> Figures:
    figures: Figures = {}
    for writer, (journal, options) in WRITERS.items():
        for name, rate in RATES.items():
            if bench.quick and name not in QUICK_RATES:
                continue
            count = rate * SECONDS or FULL_SPEED_ROWS
            if bench.quick:
                count //= 5
            run = Run(bench, journal, [str(rate), str(count), *options], count)
            figures |= run.measure(f"{writer}, {name}")
    return figures


class Run:
    """One kind of writer at one rate, beside the exporter and beside the C tailer."""

    def __init__(self, bench: Bench, journal: str, options: list[str], count: int) -> None:
        self.bench = bench
        self.journal = journal
        self.options = options
        self.count = count

    def measure(self, kind: str) -> Figures:
        cost = self._cost_of_exporter()
        delays = self._delays_of_exporter()
        bare_cost, bare_delays = self._tailer()
        return {
            f"{kind}: {CPU}": cost[0],
            f"{kind}: {SWITCHES}": cost[1],
            f"{kind}: {P50}": statistics.median(delays),
            f"{kind}: {P99}": percentile(delays, 0.99),
            f"{kind}: C: {CPU}": bare_cost[0],
            f"{kind}: C: {SWITCHES}": bare_cost[1],
            f"{kind}: C: {P50}": statistics.median(bare_delays),
            f"{kind}: C: {P99}": percentile(bare_delays, 0.99),
        }

    def _cost_of_exporter(self) -> tuple[float, float]:
        """Nobody scrapes meanwhile."""
        path = self._create()
        with running(self.bench.programs.serve(path)) as server:
            server.wait_until_ok("/-/ready")
            cost, _ = self._write(path, server.process.pid)
            page = server.get("/metrics").body
            if f"}} {ROWS + self.count}\n".encode() not in tail_id(page):
                raise RuntimeError(f"rows were not read: {tail_id(page).decode()}")
            return cost

    def _delays_of_exporter(self) -> list[float]:
        """From a commit's return to the log's line on the row, which is not JSON.

        The line is written when the row has been counted. To ask for pages would take the processor
        from all others.
        """
        path = self._create()
        address = f"{HOST}:{free_port()}"
        command = [
            address if part == "{address}" else part for part in self.bench.programs.serve(path)
        ]
        with logging_exporter([*command, "--log.level", "debug"]) as log:
            time.sleep(SETTLE)
            _, commits = self._write(path, None, "--rejected")
            return self._delays(commits, log.seen)

    def _tailer(self) -> tuple[tuple[float, float], list[float]]:
        path = self._create()
        with subprocess.Popen(
            [following_tailer(), path], stdout=subprocess.PIPE, text=True
        ) as tailer:
            if tailer.stdout.readline() != "ready\n":
                raise RuntimeError("the tailer did not start")
            cost, commits = self._write(path, tailer.pid)
            tailer.terminate()
            lines = [line.split() for line in tailer.communicate()[0].splitlines()]
        return cost, self._delays(commits, {int(row): float(at) for row, at in lines})

    def _create(self) -> Path:
        """A directory of its own, where nothing else raises events."""
        path = Path(tempfile.mkdtemp(dir=self.bench.directory)) / "following.db"
        evidence.create(path, ROWS, end=self.bench.end)
        set_journal(path, self.journal)
        return path

    def _write(
        self, path: Path, pid: int | None, *options: str
    ) -> tuple[tuple[float, float], list[float]]:
        """CPU in ms and context switches of process `pid` a row; when each commit returned."""
        time.sleep(SETTLE)
        before = usage(pid) if pid else (0.0, 0)
        writer = subprocess.run(
            [sys.executable, str(WRITER), str(path), *self.options, *options],
            stdout=subprocess.PIPE, text=True, check=True,
        )
        time.sleep(SETTLE)
        after = usage(pid) if pid else (0.0, 0)
        cpu, switches = after[0] - before[0], after[1] - before[1]
        return (1000 * cpu / self.count, switches / self.count), json.loads(writer.stdout)

    def _delays(self, commits: list[float], seen: dict[int, float]) -> list[float]:
        missing = set(range(ROWS + 1, ROWS + 1 + self.count)) - set(seen)
        if missing:
            raise RuntimeError(f"{len(missing)} of {self.count} rows were never read")
        return [1000 * max(0, seen[ROWS + 1 + n] - at) for n, at in enumerate(commits)]


class Log:
    """When the exporter logged which id, as its lines came in."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.seen: dict[int, float] = {}
        self._thread = threading.Thread(target=self._read, args=[pipe])
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def _read(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            now = time.monotonic()
            if found := REJECTED.search(line):
                self.seen[int(found[1])] = now


@contextlib.contextmanager
def logging_exporter(command: list[str]) -> Iterator[Log]:
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        log = Log(process.stderr)
        try:
            yield log
        finally:
            process.terminate()
            log.join()


def tail_id(page: bytes) -> bytes:
    return next(line for line in page.splitlines(True) if line.startswith(b"reflexive_store_tail_id{"))


def usage(pid: int) -> tuple[float, int]:
    """Seconds of processor time and context switches of all threads.

    /proc/PID/status has the switches of the first thread alone.
    """
    switches = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        found = re.findall(r"^\w+_ctxt_switches:\s+(\d+)$", status.read_text(), re.MULTILINE)
        switches += sum(map(int, found))
    return time.clock_gettime(cpu_clock(pid)), switches


CPU, SWITCHES = "CPU a row, ms", "context switches a row"
P50, P99 = "p50, ms", "p99, ms"
AT_100 = [f"{writer}, 100 rows/s" for writer in WRITERS]
EXPERIMENT = Experiment(
    "following",
    "Following: the cost of a row, and how soon it is read",
    f"A store of {ROWS:,} rows and three kinds of writer, which commit row by row. CPU and context "
    "switches are those of the whole process while nobody scrapes. *p50* and *p99* are from a "
    "commit's return until the row is counted, in a run of its own. *C* is a bare tailer with "
    "inotify and `data_version` (`following_tailer.c`), which does nothing with the rows.",
    measure,
    {f"{kind}: {CPU}": Target(0.25, 0.1) for kind in AT_100}
    | {f"{kind}: {SWITCHES}": Target(16, 8) for kind in AT_100}
    | {f"{kind}: {P50}": Target(5, 2) for kind in AT_100},
    (CPU, SWITCHES, P50, P99),
)
