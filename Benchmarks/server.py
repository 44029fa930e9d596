"""A server that is measured from outside: its start, processor time, memory and answers."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
START_LIMIT = 180.0
"""Seconds after which a server that gives no good answer has failed."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Memory:
    """MiB resident now, and at the peak."""

    resident: float
    peak: float


class Server:
    """A process that listens on `port`, started at `start` (of the monotonic clock)."""

    def __init__(self, process: subprocess.Popen, port: int, start: float, log: Path) -> None:
        self.process = process
        self.port = port
        self.start = start
        self._log = log
        self._clock = cpu_clock(process.pid)
        self._connection = http.client.HTTPConnection(HOST, port, timeout=START_LIMIT)

    def cpu(self) -> float:
        """Seconds of processor time that all its threads have used, user and system."""
        return time.clock_gettime(self._clock)

    def memory(self) -> Memory:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kibibytes = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", status, re.MULTILINE))
        return Memory(int(kibibytes["VmRSS"]) / 1024, int(kibibytes["VmHWM"]) / 1024)

    def get(self, path: str, accept: str = "*/*", encoding: str = "identity") -> Answer:
        """One request, on a connection that is kept where the server keeps it."""
        headers = {"Accept": accept, "Accept-Encoding": encoding}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)

    def try_get(self, path: str) -> Answer | None:
        """One request, or None where nobody listens yet or the connection breaks."""
        try:
            return self.get(path)
        except (OSError, http.client.HTTPException):
            # Without this the next request would be refused, too.
            self._connection.close()
            return None

    def wait_until_ok(self, path: str) -> Answer:
        return self._wait(path, lambda answer: answer.status == 200)

    def wait_until_listening(self) -> None:
        """Waits for any answer, good or not."""
        self._wait("/", lambda answer: True)

    def _wait(self, path: str, is_good: Callable[[Answer], bool]) -> Answer:
        """Asks until the answer is good, with pauses of at most 2 % of the time since the start."""
        while True:
            answer = self.try_get(path)
            if answer and is_good(answer):
                return answer
            elapsed = time.monotonic() - self.start
            if self.process.poll() is not None or elapsed > START_LIMIT:
                raise RuntimeError(f"no good answer from {path}: {self._log.read_text()[-2000:]}")
            time.sleep(max(0.001, elapsed / 50))

    def close(self) -> None:
        self._connection.close()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        finally:
            self.process.kill()


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[Server]:
    """Starts `command`, in which `{address}`, `{host}` and `{port}` say where it listens."""
    port = free_port()
    places = {"{address}": f"{HOST}:{port}", "{host}": HOST, "{port}": str(port)}
    command = [places.get(part, part) for part in command]
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log") as log:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=log, stderr=log)
        server = Server(process, port, start, Path(log.name))
        try:
            yield server
        finally:
            server.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def cpu_clock(pid: int) -> int:
    """The clock of a process' processor time (POSIX `clock_getcpuclockid`).

    It counts what /proc/PID/stat does, ended threads included, in nanoseconds instead of ticks of
    10 ms.
    """
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    if error:
        raise OSError(error, os.strerror(error))
    return clock.value
