#!/usr/bin/env python3
"""Lets a real Prometheus scrape a target for a while, and prints as JSON how that went.

    prometheus_run.py 127.0.0.1:9464 --seconds 20 --work DIR

The scrapes pass through a proxy that notes what was asked for and what was answered, so that the
negotiated format is known. Exits with 1 if a scrape failed or none was made.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import socket
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from server_process import START_LIMIT, serving

CONFIGURATION = """\
global: {{scrape_interval: {interval}, scrape_timeout: {interval}}}
scrape_configs:
  - job_name: exporter
    metrics_path: {path}
    static_configs: [{{targets: ["{target}"]}}]
"""


@dataclass
class Scrapes:
    """What went through the proxy."""

    accept: Counter[str] = field(default_factory=Counter)
    content_type: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    max_ms: float = 0.0


@contextlib.contextmanager
def logging_proxy(target: str) -> Iterator[tuple[str, Scrapes]]:
    """Forwards GET requests to `target`; yields its own address and what it has seen."""
    scrapes = Scrapes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = time.monotonic()
            upstream = http.client.HTTPConnection(target, timeout=10)
            try:
                upstream.request("GET", self.path, headers=dict(self.headers.items()))
                answer = upstream.getresponse()
                body, status, headers = answer.read(), answer.status, answer.getheaders()
            except (OSError, http.client.HTTPException) as error:
                body, status, headers = str(error).encode(), 502, []
            finally:
                upstream.close()
            scrapes.max_ms = max(scrapes.max_ms, 1000 * (time.monotonic() - start))
            scrapes.accept[self.headers.get("Accept", "")] += 1
            scrapes.status[str(status)] += 1
            self.send_response(status)
            for name, value in headers:
                if name.lower() == "content-type":
                    scrapes.content_type[value] += 1
                if name.lower() in ("content-type", "content-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", scrapes
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def prometheus(target: str, path: str, interval: str, work: Path) -> Iterator[str]:
    """A Prometheus that scrapes one target; yields the URL of its API, once it answers."""
    work.mkdir(parents=True, exist_ok=True)
    configuration = work / "prometheus.yml"
    configuration.write_text(
        CONFIGURATION.format(interval=interval, path=path, target=target), "utf-8"
    )
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        f"--config.file={configuration}",
        f"--storage.tsdb.path={tempfile.mkdtemp(prefix='tsdb-', dir=work)}",
        f"--web.listen-address={address}",
        "--log.level=warn",
    ]
    with serving(command, f"http://{address}/-/ready", work / "prometheus.log"):
        yield f"http://{address}/api/v1"


def _wait_for_first(scrapes: Scrapes) -> None:
    """Prometheus takes some seconds to begin with a new target."""
    deadline = time.monotonic() + START_LIMIT
    while not scrapes.status and time.monotonic() < deadline:
        time.sleep(0.05)


def query(api: str, expression: str, at: float | None = None) -> list[dict[str, Any]]:
    """Evaluates an expression, now or at a Unix time."""
    parameters = {"query": expression} | ({} if at is None else {"time": f"{at:.3f}"})
    url = f"{api}/query?" + urllib.parse.urlencode(parameters)
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def history(api: str, metric: str, seconds: float) -> list[float]:
    """Every sample of a metric of the scrape in the last `seconds`."""
    result = query(api, f'{metric}{{job="exporter"}}[{int(seconds) + 60}s]')
    return [float(value) for series in result for _, value in series["values"]]


def count_lasting(api: str, seconds: float) -> list[float]:
    """How many series there were, each second, but for those that are there only during a drop."""
    names = "reflexive_.+_drop_(mean|samples|start_id|start_timestamp_seconds)"
    series = f'count({{job="exporter", __name__!~"{names}"}})'
    result = query(api, f"{series}[{int(seconds) + 60}s:1s]")
    return [float(value) for found in result for _, value in found["values"]]


def run(
    target: str, *, seconds: float, work: Path, path: str, interval: str, queries: list[str]
) -> dict[str, Any]:
    """Scrapes `target` for `seconds` and reports."""
    with logging_proxy(target) as (address, scrapes):
        with prometheus(address, path, interval, work) as api:
            _wait_for_first(scrapes)
            time.sleep(seconds)
            up = history(api, "up", seconds)
            samples = count_lasting(api, seconds)
            durations = history(api, "scrape_duration_seconds", seconds)
            with urllib.request.urlopen(f"{api}/targets", timeout=10) as answer:
                targets = json.load(answer)["data"]["activeTargets"]
            answers = {expression: query(api, expression) for expression in queries}
    return {
        "scrapes": len(up),
        "failed_scrapes": up.count(0.0),
        "min_up": min(up, default=None),
        "samples_min": min(samples, default=None),
        "samples_max": max(samples, default=None),
        "scrape_seconds_max": max(durations, default=None),
        "last_error": targets[0]["lastError"] if targets else "no target",
        "openmetrics": bool(scrapes.content_type)
        and all("openmetrics" in type for type in scrapes.content_type),
        "proxy": vars(scrapes),
        "queries": answers,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", help="host:port")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--work", type=Path, required=True, help="directory for data and log")
    parser.add_argument("--path", default="/metrics")
    parser.add_argument("--interval", default="1s")
    parser.add_argument("--query", action="append", default=[], help="evaluated at the end")
    arguments = parser.parse_args()
    result = run(
        arguments.target,
        seconds=arguments.seconds,
        work=arguments.work,
        path=arguments.path,
        interval=arguments.interval,
        queries=arguments.query,
    )
    print(json.dumps(result, indent=2))
    return 0 if result["scrapes"] and not result["failed_scrapes"] else 1


if __name__ == "__main__":
    sys.exit(main())
