"""The containers of deploy/docker-compose.yml: what each may do, and the files that they read.

No container engine runs in the tests. The form of the file is held against the schema of Compose by
check-jsonschema. Usage: compose_check.py
"""

from __future__ import annotations

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"


def read(path: pathlib.Path) -> dict:
    """A YAML file."""
    return yaml.safe_load(path.read_text())


def check_services(compose: dict) -> None:
    """Nothing writes but into its volumes, nothing is reached from outside, nothing has a password."""
    for name, service in compose["services"].items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys(), name
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*", service["image"]), service["image"]
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), (name, port)
        for volume in service.get("volumes", []):
            source, _, mode = volume.partition(":")[0], *volume.rpartition(":")[1:]
            if source.startswith("."):
                assert (DEPLOY / source).is_dir() and mode == "ro", (name, volume)
            else:
                assert source in compose["volumes"], (name, volume)
        for part in service.get("depends_on", []):
            assert part in compose["services"], (name, part)
            if isinstance(service["depends_on"], dict):
                assert "test" in compose["services"][part]["healthcheck"], (name, part)
    secret = re.search(r"(?i)(password|secret|token|api_key)\w*", json.dumps(compose))
    assert not secret, secret
    for name in ("exporter", "prometheus", "alertmanager"):
        test = " ".join(compose["services"][name]["healthcheck"]["test"])
        assert "/-/ready" in test or test == "CMD reflexive-exporter probe", test


def check_files(compose: dict) -> None:
    """What commands name is in the volumes, and the same as shipped but for addresses."""
    sandbox, shipped = read(DEPLOY / "sandbox/prometheus.yml"), read(ROOT / "alerts/prometheus.yml")
    ports = {"exporter:10077": "localhost:10077", "alertmanager:9093": "localhost:9093"}
    text = json.dumps(sandbox).replace("127.0.0.1:", "localhost:").replace("../rules", "rules")
    for inside, outside in ports.items():
        assert inside.split(":", maxsplit=1)[0] in compose["services"]
        text = text.replace(inside, outside)
    assert json.loads(text) == shipped
    sandbox, shipped = (read(DEPLOY / "sandbox/alertmanager.yml"), read(ROOT / "alerts/alertmanager.yml"))
    for key in ("route", "inhibit_rules"):
        assert sandbox[key] == shipped[key], key
    assert [each["name"] for each in sandbox["receivers"]] \
        == [each["name"] for each in shipped["receivers"]]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        # As in the containers, rules and templates stand beside the folder of the file.
        (root / "sandbox").mkdir()
        for name in ("rules", "templates"):
            (root / name).symlink_to(ROOT / "alerts" / name)
        for tool, file in (("promtool", "prometheus.yml"), ("amtool", "alertmanager.yml")):
            copy = root / "sandbox" / file
            copy.write_text((DEPLOY / "sandbox" / file).read_text())
            words = ["promtool", "check", "config"] if tool == "promtool" else ["amtool", "check-config"]
            done = subprocess.run([*words, copy], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            if tool == "promtool":
                assert "rules found" in done.stdout, done.stdout
    source = read(ROOT / "grafana/provisioning/datasources/reflexive.yml")
    environment = compose["services"]["grafana"]["environment"]
    for name in re.findall(r"\$(REFLEXIVE_\w+)", json.dumps(source)):
        assert name in environment, name


def check_webhook() -> None:
    """The webhook prints a page, whatever the names in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-B", DEPLOY / "sandbox/webhook.py", "127.0.0.1", str(port)],
                               stdout=subprocess.PIPE, text=True)
    body = {"alerts": [{"status": "firing", "labels": {"alertname": "ReflexiveQsrDrop"},
                        "annotations": {"description": "a\nb", "evidence_url": "http://e/"}}]}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/pager", json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        for attempt in range(100):
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert attempt < 99
                time.sleep(0.1)
    finally:
        process.kill()
        output = process.communicate()[0]
    assert output == "pager: ReflexiveQsrDrop is firing\n  a\\nb\n  http://e/\n", output


def main() -> None:
    """Runs it."""
    compose = read(DEPLOY / "docker-compose.yml")
    check_services(compose)
    check_files(compose)
    check_webhook()
    print(f"{len(compose['services'])} services are in order")


if __name__ == "__main__":
    main()
