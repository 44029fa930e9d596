#!/usr/bin/env python3
"""The way of a page without a line for this exporter: pydantic-evals, its default exporter, the receiver,
a scrape, a page at a webhook, and the row behind its link.

    receiver_flow.py EXPORTER
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
sys.path[:0] = [str(ROOT / "alerts" / "tests")]

from flow_steps import drop_pages, play  # noqa: E402
from sandbox import Receiver, Sandbox, free_port, get, wait  # noqa: E402

AGENT = pathlib.Path(__file__).with_name("evaluated_agent.py")
CONFIG = """
stores: [{ path: evidence.db, receive: true }]
receiver:
  otlp:
    scores: [{ name: answer_quality, as: output_quality }]
"""


class Flow:
    def __init__(self, exporter: str, root: pathlib.Path) -> None:
        self.exporter, self.root = exporter, root
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.sandbox = Sandbox(pathlib.Path(exporter), root, Receiver(set()), evidence=self.address)

    def run_agent(self, runs: int, score: float) -> None:
        done = subprocess.run(
            [sys.executable, AGENT, str(runs), str(score)], capture_output=True, text=True, timeout=120,
            env=os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": self.address})
        assert done.returncode == 0 and not done.stderr, done.stderr

    def rows(self, event: str) -> list[tuple[int, dict]]:
        with sqlite3.connect(self.root / "evidence.db") as connection:
            found = connection.execute(
                "SELECT id, payload FROM evidence WHERE event = ? ORDER BY id", (event,)).fetchall()
        connection.close()
        return [(id, json.loads(payload)) for id, payload in found]

    def evaluations_to_rows(self) -> str:
        """Every evaluation is a row, as the agent's framework names it."""
        subprocess.run([self.exporter, "init", self.root / "evidence.db"], check=True)
        (self.root / "exporter.yml").write_text(CONFIG)
        self.sandbox.start()
        self.sandbox.exporter("exporter", self.port, "--config.file=exporter.yml")
        self.run_agent(60, 0.83)
        runs = self.rows("metacognitive_agent_execution")
        assert len(runs) == 60, len(runs)
        payload = runs[0][1]
        assert payload["agent"] == "summarize" and payload["output_quality"] == 0.83, payload
        assert payload["evaluation"] == "answer_quality", payload
        assert payload["detail"]["gen_ai.evaluation.explanation"], payload
        assert re.fullmatch(r"[0-9a-f]{32}", payload["trace_id"]), payload
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z", payload["timestamp"]), payload
        others = self.rows("gen_ai.evaluation.result")
        assert len(others) == 60 and "output_quality" not in others[0][1], others[:1]
        assert others[0][1]["detail"]["gen_ai.evaluation.score.value"] == 1, others[0]
        return f"120 evaluations, 60 of them runs of {payload['agent']} with 0.83"

    def rows_to_scrape(self) -> str:
        """Prometheus has them."""
        def mean() -> float:
            found = self.sandbox.query('reflexive_qsr_average{agent="summarize",window="1h"}')
            return float(found[0]["value"][1]) if found else -1

        wait("the scrape", lambda: mean() == 0.83, 30)
        pushed = self.sandbox.query('reflexive_receiver_rows_total{protocol="otlp"}')
        assert float(pushed[0]["value"][1]) == 120, pushed
        return "a mean of 0.83"

    def drop_to_page(self) -> str:
        """The scores fall, and a page about the agent reaches the webhook."""
        self.last_good = self.rows("metacognitive_agent_execution")[-1][0]
        since = time.time()

        def paged() -> bool:
            self.run_agent(10, 0.31)
            return bool(drop_pages(self.sandbox, since))

        wait("the page", paged, 120)
        self.page = drop_pages(self.sandbox, since)[0]
        assert self.page.labels["agent"] == "summarize"
        return f"{self.page.annotations['description']} (after {self.page.at - since:.0f} s)"

    def page_to_row(self) -> str:
        """The page's link lists the rows that made it."""
        first = int(re.findall(r"the first is evidence (\d+)", self.page.annotations["description"])[0])
        assert abs(first - self.last_good) <= 24, (first, self.last_good)
        rows = re.findall(r'href="(/evidence/(\d+)[^"]*)"',
                          get(self.page.annotations["evidence_url"]).decode())
        path = next(path for path, id in rows if int(id) == first)
        assert "0.31" in get(self.address + path.replace("&amp;", "&")).decode()
        return f"evidence {first} shows 0.31"


def main() -> None:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reflexive-receiver-") as folder:
        flow = Flow(sys.argv[1], pathlib.Path(folder))
        try:
            play([flow.evaluations_to_rows, flow.rows_to_scrape, flow.drop_to_page, flow.page_to_row])
        finally:
            flow.sandbox.close()
    print(f"{time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
