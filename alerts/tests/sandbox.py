"""A real Prometheus, a real Alertmanager and a webhook receiver around the daemon.

The shipped files are used at another pace: `for`, `keep_firing_for` and Alertmanager's waits are PACE
times shorter, and rules are evaluated each second. Addresses and receivers are the sandbox's.
Expressions, labels, annotations, routes and inhibitions stay the same; `quick_rules` asserts it.
"""

from __future__ import annotations

import ctypes
import http.server
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml

ALERTS = pathlib.Path(__file__).resolve().parent.parent
PACE = 60
# Loaded here: between fork and exec nothing may be loaded.
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quicker(duration: str) -> str:
    """A duration at the sandbox's pace, a second at least."""
    length = sum(float(n) * SECONDS[u] for n, u in re.findall(r"(\d+)(ms|[smhd])", duration))
    return f"{max(1, round(length / PACE))}s" if length else "0s"


def get(url: str) -> bytes:
    """The body of a page that must be there."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def wait(what: str, condition: Callable[[], object], seconds: float) -> float:
    """Waits until the condition holds; answers how long it took."""
    start = time.monotonic()
    while not (condition()):
        if time.monotonic() - start > seconds:
            raise AssertionError(f"after {seconds:g} s still not: {what}")
        time.sleep(0.2)
    return time.monotonic() - start


@dataclass
class Notice:
    """One alert in one notification: who got it, when, and what it said."""

    receiver: str
    at: float
    status: str
    labels: dict[str, str]
    annotations: dict[str, str]


class Receiver:
    """Takes webhooks at /RECEIVER and answers the dashboards' addresses at /d/UID."""

    def __init__(self, uids: set[str]) -> None:
        self.notices: list[Notice] = []
        self.port = free_port()
        notices = self.notices

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    notices.append(Notice(self.path.strip("/"), time.time(), alert["status"],
                                          alert["labels"], alert["annotations"]))
                self.answer(200)

            def do_GET(self) -> None:
                path = urllib.parse.urlparse(self.path).path
                self.answer(200 if path.removeprefix("/d/") in uids else 404)

            def answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def of(self, receiver: str, since: float = 0, status: str = "firing") -> list[Notice]:
        """What a receiver got since then."""
        return [notice for notice in list(self.notices)
                if notice.receiver == receiver and notice.at >= since and notice.status == status]


def quick_rules(target: pathlib.Path) -> None:
    """Copies the rules with shorter `for` and `keep_firing_for`; everything else stays the same."""
    target.mkdir()
    for path in sorted((ALERTS / "rules").glob("*.yml")):
        shipped = yaml.safe_load(path.read_text())
        quick = yaml.safe_load(path.read_text())
        for before, group in zip(shipped["groups"], quick["groups"]):
            group["interval"] = "1s"
            for old, rule in zip(before["rules"], group["rules"]):
                for key in ("for", "keep_firing_for"):
                    if key in rule:
                        rule[key] = quicker(rule[key])
                for key in ("expr", "labels", "annotations"):
                    assert rule.get(key) == old.get(key), (path.name, key)
        (target / path.name).write_text(yaml.safe_dump(quick, sort_keys=False))


def quick_prometheus(
    target: pathlib.Path, alertmanager: int, links: dict[str, str], prefix: str) -> None:
    """The shipped Prometheus configuration at the sandbox's pace and addresses."""
    config = yaml.safe_load((ALERTS / "prometheus.yml").read_text())
    config["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["global"]["external_labels"] |= links
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [
        f"127.0.0.1:{alertmanager}"]
    job = config["scrape_configs"][0]
    del job["static_configs"]
    job["metrics_path"] = f"{prefix}/metrics"
    job["file_sd_configs"] = [{"files": ["targets.json"], "refresh_interval": "1s"}]
    target.write_text(yaml.safe_dump(config, sort_keys=False))


def quick_alertmanager(target: pathlib.Path, receiver: str) -> None:
    """The shipped Alertmanager configuration with shorter waits and webhooks of the sandbox."""
    config = yaml.safe_load((ALERTS / "alertmanager.yml").read_text())

    def quicken(route: dict) -> None:
        for key in ("group_wait", "group_interval"):
            if key in route:
                route[key] = quicker(route[key])
        for child in route.get("routes", []):
            quicken(child)

    quicken(config["route"])
    config["receivers"] = [
        {"name": each["name"],
         "webhook_configs": [{"url": f"{receiver}/{each['name']}", "send_resolved": True}]}
        for each in config["receivers"]
    ]
    config["global"] = {}
    config["templates"] = [str(ALERTS / "templates" / "*.tmpl")]
    target.write_text(yaml.safe_dump(config, sort_keys=False))


@dataclass
class Sandbox:
    """Starts, restarts and ends the processes; everything lies in one directory."""

    binary: pathlib.Path
    root: pathlib.Path
    receiver: Receiver
    # The exporter's address, for links to its pages, and the prefix of its paths.
    evidence: str = ""
    prefix: str = ""
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prometheus_port, self.alertmanager_port = free_port(), free_port()
        self.prometheus = f"http://127.0.0.1:{self.prometheus_port}"
        self.alertmanager = f"http://127.0.0.1:{self.alertmanager_port}"
        self.targets: list[str] = []

    def spawn(self, name: str, *command: object) -> None:
        """Starts a process; its output goes to NAME.log. It ends with this one, however that ends."""
        def end_with_parent() -> None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

        with open(self.root / f"{name}.log", "ab") as log:
            # In a group of its own, Ctrl-C reaches this process alone, which ends the others in order.
            self.processes[name] = subprocess.Popen(
                [str(part) for part in command], stdout=log, stderr=log, cwd=self.root,
                preexec_fn=end_with_parent, process_group=0)

    def start(self) -> None:
        """Starts Alertmanager and Prometheus."""
        quick_rules(self.root / "rules")
        links = {"reflexive_dashboards_url": self.receiver.url,
                 "reflexive_evidence_url": self.evidence,
                 "reflexive_runbooks_url": f"{self.prometheus}/user"}
        quick_prometheus(
            self.root / "prometheus.yml", self.alertmanager_port, links, self.prefix)
        quick_alertmanager(self.root / "alertmanager.yml", self.receiver.url)
        (self.root / "targets.json").write_text("[]")
        self.spawn("alertmanager", shutil.which("prometheus-alertmanager") or "alertmanager",
                   "--config.file=alertmanager.yml", "--storage.path=alertmanager",
                   f"--web.listen-address=127.0.0.1:{self.alertmanager_port}",
                   "--cluster.listen-address=")
        self.spawn("prometheus", "prometheus", "--config.file=prometheus.yml",
                   "--storage.tsdb.path=prometheus", "--enable-feature=exemplar-storage",
                   "--rules.alert.resend-delay=1s", f"--web.user-assets={ALERTS / 'runbooks'}",
                   f"--web.listen-address=127.0.0.1:{self.prometheus_port}")
        for url in (self.prometheus, self.alertmanager):
            wait(f"{url} is ready", lambda: self.answers(f"{url}/-/ready"), 30)

    def exporter(self, name: str, port: int, *flags: object) -> None:
        """Starts an exporter and waits until it is ready; new ones become scrape targets."""
        state = [] if any("--state.path" in str(flag) for flag in flags) else ["--state.path=none"]
        self.spawn(
            name, self.binary, "serve", *state, f"--web.listen-address=127.0.0.1:{port}", *flags,
        )  # fmt: skip
        ready = f"http://127.0.0.1:{port}{self.prefix}/-/ready"
        wait(f"{name} is ready", lambda: self.answers(ready), 60)
        target = f"127.0.0.1:{port}"
        if target not in self.targets:
            self.targets.append(target)
            (self.root / "targets.json").write_text(json.dumps([{"targets": self.targets}]))

    def end(self, name: str, with_signal: int = signal.SIGTERM) -> None:
        """Ends a process and waits for it."""
        process = self.processes.pop(name)
        process.send_signal(with_signal)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Ends every process that is still there."""
        for name in list(self.processes):
            self.end(name)
        self.receiver.server.shutdown()

    @staticmethod
    def answers(url: str) -> bool:
        """Whether a page answers 200."""
        try:
            get(url)
        except OSError:
            return False
        return True

    def query(self, expression: str) -> list[dict]:
        """The result of an instant query."""
        path = f"/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
        return json.loads(get(self.prometheus + path))["data"]["result"]

    def firing(self) -> list[dict[str, str]]:
        """The labels of what fires in Prometheus, the watchdog left out."""
        found = json.loads(get(f"{self.prometheus}/api/v1/alerts"))["data"]["alerts"]
        return [alert["labels"] for alert in found if alert["state"] == "firing"
                and alert["labels"]["alertname"] != "ReflexiveWatchdog"]

    def held_back(self) -> list[dict[str, str]]:
        """The labels of the alerts that Alertmanager inhibits."""
        found = json.loads(get(f"{self.alertmanager}/api/v2/alerts"))
        return [alert["labels"] for alert in found if alert["status"]["inhibitedBy"]]
