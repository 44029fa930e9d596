#!/usr/bin/env python3
"""Checks what reaches Slack, mail, PagerDuty and webhooks if names look like markup to them.

A real Prometheus renders the annotations of every shipped rule, with hostile names in every label;
a real Alertmanager with the shipped configuration and templates sends them, firing and resolved, to
receivers on this machine. The bytes that arrive are searched for anything but text and our links.

    hostile_names.py [--alerts FOLDER]     FOLDER has alertmanager.yml, templates/ and rules/

Rules keep their labels and annotations; their expressions become one series that has every label.
In alertmanager.yml the lines in `replacements` are replaced, and inhibition is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator

import received
import yaml
from sandbox import ALERTS, free_port, get, wait
from stub_receivers import HTTPReceiver, MailReceiver, certificate

LABELS = ["store", "agent", "gate", "subject", "instance", "job", "event", "reason", "kind", "label",
          "window", "state", "path"]
PLAIN = {"store": "maestro", "agent": "crewai.Planner_v2.1", "instance": "127.0.0.1:10077",
         "job": "reflexive-exporter"}
HOSTILE = [
    "<!channel> <!here> <@U012AB3CD> <#C012AB3CD|general> <!subteam^S012|x> &lt;b&gt; R&D &",
    "<http://evil.example|Dashboard> <https://evil.example> http://evil.example/a?b=c&d=e.",
    "www.evil.example evil.example:80/x 203.0.113.5 a@evil.example mailto:a@b tel:123 slack://x",
    "@here @channel @everyone #general ::tada: :+1: *bold* _italic_ ~strike~ `code` ```pre``` > q",
    "x\r\nBcc: victim@evil.example\r\nContent-Type: text/html\r\n\r\n<b>body</b>\r\n.\r\nQUIT\r\n",
    "=?utf-8?q?=0d=0aBcc:=20a=40b.example?= =?utf-8?b?4oCu?=\r",
    "[x](http://evil.example) ![y](//evil.example/z.png) <b onmouseover=alert(1)>b</b> a.](x) \\\\s\\x",
    "{{ .ExternalURL }} {{ template \"x\" }} ${x} $labels \"'`|} or vector(1) or up{x=\"",
    "\x1b[31mred\x1b]8;;http://evil.example\x07 \u202egnp.exe\u2066 \u200b\ufeff\u00a0\u2028\x7f\x85 x.",
    "evil。example evil．example ＠here ＃x ：tada： \u0435vil.\u0440\u0444 a..evil.example %0a%3Cb%3E",
    "<" * 256, "\u202e" * 85, "\U0001f600" * 64, "é." * 85, "evil.example",
]
# Series that annotations ask for, with the label values that their queries spell out.
ASKED = {"reflexive_qsr_samples": {}, "reflexive_agent_objective": {"indicator": "qsr"},
         "reflexive_store_info": {}, "reflexive_store_read_errors_total": {},
         "reflexive_evidence_rejected_total": {}, "reflexive_store_tail_id": {},
         "reflexive_gate_low_consistency_streak": {},
         "reflexive_gate_objective": {"indicator": "consistency_streak"}}


def variants() -> list[dict[str, str]]:
    """One choice of names with usual names, and others that bring each hostile name to each label."""
    usual = {label: label for label in LABELS} | PLAIN
    return [usual] + [
        {label: HOSTILE[(first + index) % len(HOSTILE)] for index, label in enumerate(LABELS)}
        for first in range(len(HOSTILE))]


def page(scrape: int) -> str:
    """A page of metrics in text format, with counters that grow from scrape to scrape."""
    escape = lambda text: text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r'\"')
    lines = []
    for metric, spelled_out in {"hostile": {}, **ASKED}.items():
        value = 30 * scrape if metric.endswith("_total") else 0.45 if metric == "hostile" else 30
        for names in variants():
            body = ",".join(f'{k}="{escape(v)}"' for k, v in (names | spelled_out).items())
            lines.append(f"{metric}{{{body}}} {value}\n")
    return "".join(lines)


class Exporter(http.server.BaseHTTPRequestHandler):
    """Serves the page."""

    scrapes = 0

    def do_GET(self) -> None:
        Exporter.scrapes += 1
        body = page(Exporter.scrapes).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def write_prometheus(root: pathlib.Path, alerts: pathlib.Path, exporter: int) -> None:
    """The shipped rules with one expression for all, and a configuration that evaluates them."""
    shipped = yaml.safe_load((alerts / "prometheus.yml").read_text())
    for path in (alerts / "rules").glob("*.yml"):
        groups = yaml.safe_load(path.read_text())["groups"]
        for group in groups:
            group["interval"] = "1s"
            group["rules"] = [
                {key: rule[key] for key in ("alert", "labels", "annotations")} | {"expr": "hostile"}
                for rule in group["rules"] if "alert" in rule]
        (root / path.name).write_text(yaml.safe_dump({"groups": groups}))
    config = {
        "global": shipped["global"] | {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [path.name for path in (alerts / "rules").glob("*.yml")],
        "scrape_configs": [{"job_name": "hostile", "honor_labels": True,
                            "static_configs": [{"targets": [f"127.0.0.1:{exporter}"]}]}]}
    (root / "prometheus.yml").write_text(yaml.safe_dump(config))


def write_alertmanager(root: pathlib.Path, alerts: pathlib.Path, url: str, mail: int) -> None:
    """The shipped configuration with addresses and waits of the test, and without inhibition."""
    replacements = {
        r"/etc/alertmanager/secrets/": f"{root}/",
        r"smtp\.example\.org:587": f"localhost:{mail}",
        r"^global:\n": f"global:\n  pagerduty_url: {url}/pagerduty\n",
        r"https://pages\.example\.org/reflexive": f"{url}/pages",
        r"https://watchdog\.example\.org/reflexive": f"{url}/watchdog",
        r"group_wait: \d+s": "group_wait: 2s",
        r"group_interval: \d+m": "group_interval: 2s",
        r"^inhibit_rules:\n(.*\n)*(?=receivers:\n)": "",
    }
    text = (alerts / "alertmanager.yml").read_text()
    for pattern, other in replacements.items():
        text, count = re.subn(pattern, lambda _, other=other: other, text, flags=re.MULTILINE)
        assert count, f"alertmanager.yml has no {pattern}"
    (root / "alertmanager.yml").write_text(text)
    shutil.copytree(alerts / "templates", root / "templates")
    (root / "slack-url").write_text(f"{url}/slack")
    (root / "smtp-password").write_text("secret")
    (root / "pagerduty-key").write_text("key")


@contextlib.contextmanager
def running(root: pathlib.Path, *command: object, **environment: str) -> Iterator[str]:
    """A server at a free port, from when it is ready to when it is no longer needed."""
    port = free_port()
    with open(root / f"{command[0]}.log", "wb") as log:
        process = subprocess.Popen(
            [*map(str, command), f"--web.listen-address=127.0.0.1:{port}"], cwd=root,
            stdout=log, stderr=log, env=os.environ | environment)
    try:
        ready = lambda: process.poll() is not None or answers(f"http://127.0.0.1:{port}/-/ready")
        wait(f"{command[0]} is ready", ready, 30)
        assert process.poll() is None, (root / f"{command[0]}.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether a page answers 200."""
    with contextlib.suppress(OSError):
        return bool(get(url)) or True
    return False


def rendered(root: pathlib.Path, alerts: pathlib.Path) -> list[dict]:
    """Every alert of every rule, as Prometheus renders it, once for pages and once for tickets."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    write_prometheus(root, alerts, server.server_address[1])
    wanted = sum(len(group["rules"]) for path in (alerts / "rules").glob("*.yml")
                 for group in yaml.safe_load((root / path.name).read_text())["groups"])
    with running(root, "prometheus", "--config.file=prometheus.yml") as url:
        found = lambda: json.loads(get(f"{url}/api/v1/alerts"))["data"]["alerts"]
        # The counters that annotations ask for have grown by then.
        wait("all alerts fire", lambda: Exporter.scrapes > 4 and len(
            [each for each in found() if each["state"] == "firing"]) == wanted * len(variants()), 30)
        alerts_found = found()
    server.shutdown()
    made = {}
    for alert in alerts_found:
        for severity in ("critical", "warning"):
            labels = alert["labels"] | {"severity": severity}
            labels = {name: value for name, value in labels.items() if name != "path"}
            made[json.dumps(labels, sort_keys=True)] = {
                "labels": labels, "annotations": alert["annotations"]}
    return list(made.values())


def post(url: str, alerts: list[dict], **times: str) -> None:
    """Hands alerts to Alertmanager."""
    body = json.dumps([alert | times for alert in alerts]).encode()
    request = urllib.request.Request(
        f"{url}/api/v2/alerts", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).read()


def play(root: pathlib.Path, alerts: pathlib.Path) -> list[str]:
    """Sends everything, firing and then resolved; answers what is wrong with what arrived."""
    made = rendered(root, alerts)
    pem = certificate(root)
    http_receiver, mail_receiver = HTTPReceiver(), MailReceiver(pem)
    write_alertmanager(root, alerts, http_receiver.url, mail_receiver.port)
    sent = received.Sent(made, http_receiver, mail_receiver)
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    now = lambda: datetime.datetime.now(datetime.timezone.utc).isoformat()
    problems = [*received.rendering_problems(made)]
    with running(root, pathlib.Path(program).name, "--config.file=alertmanager.yml",
                 "--cluster.listen-address=", "--web.external-url=http://alertmanager.example/",
                 "--web.route-prefix=/", SSL_CERT_FILE=str(pem)) as url:
        start = now()
        post(url, made, startsAt=start)
        wait("all alerts reach their receivers", lambda: sent.arrived("firing"), 40)
        post(url, made, startsAt=start, endsAt=now())
        wait("all resolved alerts do", lambda: sent.arrived("resolved"), 40)
    print(f"{len(made)} alerts, firing and resolved: {sent.counts()}")
    return problems + list(sent.problems())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--alerts", type=pathlib.Path, default=ALERTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reflexive-names-") as folder:
        problems = play(pathlib.Path(folder), options.alerts.resolve())
    for kind in dict.fromkeys(problem.split(": ", 1)[0] for problem in problems):
        group = [problem for problem in problems if problem.startswith(f"{kind}: ")]
        print(f"{len(group)} times {group[0][:400]}")
    print("a name is text everywhere" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
