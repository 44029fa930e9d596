#!/usr/bin/env python3
"""Looks at pages in a real browser while a writer appends rows.

    live_check.py URL DATABASE
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

# Notes every stream that the page opens, and lets a test hide the tab.
WATCH = """
window.streams = [];
const Real = window.EventSource;
window.EventSource = function (url) { const one = new Real(url); window.streams.push(one); return one; };
let isHidden = false;
Object.defineProperty(document, 'hidden', {get: () => isHidden});
window.hide = (hidden) => { isHidden = hidden; document.dispatchEvent(new Event('visibilitychange')); };
"""
OPEN = "window.streams.filter((stream) => stream.readyState !== 2).length"


class Live:
    """The pages, and a writer of its own."""

    def __init__(self, page: Page, url: str, path: str) -> None:
        self.page, self.url = page, url
        self.database = sqlite3.connect(path, isolation_level=None)
        self.bar = page.locator("#news .news")
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def append(self, agent: str, score: float = 0.9) -> None:
        self.database.execute(
            "INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution', ?, "
            "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            [json.dumps({"agent": agent, "output_quality": score})])

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.page.wait_for_timeout(300)
        assert self.page.evaluate(OPEN) == 1, "not one stream"
        assert not self.bar.is_visible(), self.bar.inner_text()

    def says(self, text: str, within: float) -> float:
        start = time.monotonic()
        expect(self.bar).to_contain_text(text, timeout=within * 1000)
        return time.monotonic() - start

    def rows(self) -> list[str]:
        return self.page.locator("tbody th").all_inner_texts()

    def places(self) -> list[dict | None]:
        """Where the heading, the navigation and the last line stand."""
        return [self.page.locator(each).first.bounding_box() for each in ("h1", "nav", "footer")]

    def a_row_shows_within_a_second(self) -> str:
        delays = []
        for _ in range(5):
            self.open("/evidence?agent=Live")
            rows, places = self.rows(), self.places()
            self.append("Live")
            delays.append(self.says("1 new", 1))
            assert (self.rows(), self.places()) == (rows, places), "something has moved"
            self.bar.locator("a").click()
            assert len(self.rows()) == len(rows) + 1, self.rows()
        return f"a row shows after {max(delays):.2f} s at the latest, of {len(delays)}"

    def a_filter_counts_its_own_rows(self) -> str:
        self.open("/evidence?agent=Wanted")
        self.append("Other")
        self.append("Wanted")
        self.says("1 new", 1)
        self.append("Wanted")
        self.says("2 new", 3)
        violations = Axe().run(self.page).response["violations"]
        assert not violations, violations
        return "a list counts the rows of its filter"

    def a_hidden_tab_has_no_stream(self) -> str:
        self.open("/")
        self.page.evaluate("window.hide(true)")
        assert self.page.evaluate(OPEN) == 0, "a stream in a hidden tab"
        for _ in range(3):
            self.append("Live")
        self.page.wait_for_timeout(500)
        assert not self.bar.is_visible()
        self.page.evaluate("window.hide(false)")
        self.says("3 new", 2)
        assert self.page.evaluate("window.streams.length") == 2, "more than one stream a time"
        return "a hidden tab has no stream, and catches up"

    def a_changed_state_is_told(self) -> str:
        self.open("/agent?agent=Falls")
        for _ in range(6):
            self.append("Falls", 0.1)
        self.says("a state has changed", 8)
        return "a state that has changed is told"


def main() -> int:
    url, path = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_init_script(WATCH)
        live = Live(page, url, path)
        live.append("Falls")
        time.sleep(1)
        for check in (live.a_row_shows_within_a_second, live.a_filter_counts_its_own_rows,
                      live.a_hidden_tab_has_no_stream, live.a_changed_state_is_told):
            print(check())
        browser.close()
    print("\n".join(live.faults))
    return 1 if live.faults else 0


if __name__ == "__main__":
    sys.exit(main())
