"""The way of a page on real parts: a wrapped Swift agent, the mock over HTTP, a gate, the evidence, a
scrape, a page at a webhook, and the row behind its link.

Usage: flow_run.py EXPORTER EXAMPLE_AGENT
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "deploy" / "sandbox"), str(ROOT / "alerts" / "tests")]

from flow_steps import drop_pages, play  # noqa: E402
from play import QSRService  # noqa: E402
from sandbox import Receiver, Sandbox, free_port, get, wait  # noqa: E402


class Flow:
    """The parts, and the steps from one to the next."""

    def __init__(self, exporter: str, agent: str, root: pathlib.Path) -> None:
        self.exporter, self.agent = exporter, agent
        self.database = root / "flow.db"
        self.service = QSRService(f"http://127.0.0.1:{free_port()}")
        self.sandbox = Sandbox(pathlib.Path(exporter), root, Receiver(set()),
                               evidence=f"http://127.0.0.1:{free_port()}")

    def rows(self, event: str) -> list[tuple[int, dict]]:
        """The rows of an event, by id."""
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(
                "SELECT id, payload FROM evidence WHERE event = ? ORDER BY id", (event,)).fetchall()
        connection.close()
        return [(id, json.loads(payload)) for id, payload in found]

    def run_agent(self) -> None:
        """Ten runs of the wrapped agent, and ten decisions of its gate."""
        subprocess.run([self.agent, self.database], check=True, capture_output=True, timeout=60,
                       env=os.environ | {"HELIX_QSR_URL": self.service.url + "/api/qsr"})

    def scraped(self, series: str) -> float:
        """What Prometheus has."""
        found = self.sandbox.query(series)
        return float(found[0]["value"][1]) if found else -1

    def agent_to_evidence(self) -> str:
        """The agent's runs are scored over HTTP, judged by the gate and recorded, once each."""
        port = int(self.service.url.rpartition(":")[2])
        self.sandbox.spawn("mock-qsr", self.exporter, "mock-qsr", f"--listen-address=127.0.0.1:{port}")
        wait("the mock is ready", lambda: self.service.evaluate("probe", ""), 30)
        for _ in range(6):
            self.run_agent()
        runs = self.rows("metacognitive_agent_execution")
        assert [payload["output_quality"] for _, payload in runs] == [0.78] * 60, runs[:3]
        assert len({payload["run"] for _, payload in runs}) == 60
        decisions = self.rows("quality_gate_evaluation")
        assert len(decisions) == 60
        for _, payload in decisions:
            assert payload["current_threshold"] == 0.5 and payload["output_quality"] == 0.78
            assert payload["self_assessment"] == {
                "consistency": 0.97, "confidence": 0.85, "calibration_needed": False}
        return "60 runs scored 0.78 and 60 decisions against 0.5, each a row"

    def evidence_to_scrape(self) -> str:
        """The exporter serves the rows, and Prometheus scrapes them."""
        self.sandbox.start()
        self.sandbox.exporter("exporter", int(self.sandbox.evidence.rpartition(":")[2]),
                              f"--store={self.database}")
        wait("the scrape", lambda: self.scraped("reflexive_agent_executions_total") == 60, 30)
        mean = self.scraped('reflexive_qsr_average{agent="Shortener",window="1h"}')
        assert mean == 0.78, mean
        return "Prometheus has 60 executions with a mean of 0.78"

    def drop_to_page(self) -> str:
        """The service scores low, and a page about the agent reaches the webhook."""
        self.last_good = self.rows("metacognitive_agent_execution")[-1][0]
        self.service.post("/-/scenario?name=drop")
        since = time.time()

        def paged() -> bool:
            self.run_agent()
            return bool(drop_pages(self.sandbox, since))

        wait("the page", paged, 90)
        page = drop_pages(self.sandbox, since)[0]
        assert page.labels["agent"] == "Shortener" and page.labels["severity"] == "critical"
        self.page = page
        thresholds = [payload["current_threshold"] for _, payload in
                      self.rows("quality_gate_evaluation")]
        assert thresholds[-1] < 0.5 and thresholds == sorted(thresholds, reverse=True)
        return f"{page.annotations['description']} (after {page.at - since:.0f} s)"

    def page_to_row(self) -> str:
        """The page's link lists the rows that made it, and each leads to the row as recorded."""
        first = int(re.findall(r"the first is evidence (\d+)", self.page.annotations["description"])[0])
        assert abs(first - self.last_good) <= 12, (first, self.last_good)
        link = self.page.annotations["evidence_url"]
        rows = re.findall(r'href="(/evidence/(\d+)[^"]*)"', get(link).decode())
        ids = {int(id) for _, id in rows}
        assert first in ids, (first, ids)
        recorded = dict(self.rows("metacognitive_agent_execution"))
        assert ids <= recorded.keys(), ids - recorded.keys()
        path = next(path for path, id in rows if int(id) == first)
        page = get(self.sandbox.evidence + path.replace("&amp;", "&")).decode()
        assert str(recorded[first]["output_quality"]) in page and recorded[first]["run"] in page
        return f"{link} lists {len(ids)} runs; evidence {first} shows {recorded[first]['output_quality']}"


def main() -> None:
    """Runs it."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reflexive-flow-") as folder:
        flow = Flow(sys.argv[1], sys.argv[2], pathlib.Path(folder))
        try:
            play([flow.agent_to_evidence, flow.evidence_to_scrape, flow.drop_to_page, flow.page_to_row])
        finally:
            flow.sandbox.close()
    print(f"{time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
