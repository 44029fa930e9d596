#!/usr/bin/env python3
"""Looks at the pages with a real browser, as people with and without JavaScript, a mouse or sight.

    pages_check.py look STATE=URL …     # every page in both color schemes at three widths
    pages_check.py search STATE=URL …   # the same, and axe-core in every view of the normal state
    pages_check.py hostile URL          # every page of everything that has a name
"""

from __future__ import annotations

import concurrent.futures
import re
import sys
import urllib.error
import urllib.request
from html import unescape

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = [360, 768, 1440]
SCHEMES = ["light", "dark"]
# Of the pages of one kind, one is looked at.
KINDS = ["/", "/agent", "/gate", "/subject", "/status", "/evidence", "/evidence/ID"]
MARKUP = "script, img, iframe, object, embed, base, style, [onclick], [onload], [onerror]"


def get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def links(page: str) -> list[str]:
    """The addresses of the pages that a page leads to."""
    found = [unescape(link) for link in re.findall(r'<a[^>]* href="([^"#][^"]*)"', page)]
    return list(dict.fromkeys(found))


def kind(link: str) -> str:
    """The pattern of its path."""
    return re.sub(r"^/evidence/.*", "/evidence/ID", link.split("?")[0])


def examples(url: str) -> list[str]:
    """One page of each kind, and one that is not there."""
    found = dict.fromkeys(["/", "/status"])
    for page in ["/", *(link for link in links(get(url + "/")) if kind(link) in KINDS)]:
        for link in links(get(url + page)) if kind(page) in ("/", "/agent") else []:
            if kind(link) in KINDS and kind(link) not in map(kind, found):
                found[link] = None
    return [*found, "/agent?agent=nobody&store=normal", "/evidence/0", "/?range=nothing"]


class Look:
    """What is wrong with the pages."""

    def __init__(self, browser: Browser, is_thorough: bool) -> None:
        self.browser = browser
        self.is_thorough = is_thorough
        self.axe = Axe()
        self.faults: list[str] = []
        self.seen = 0

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(what)

    def page(self, **options: object) -> Page:
        page = self.browser.new_context(**options).new_page()
        page.on("console", lambda message: self.console(page, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: self.faults.append(f"{page.url}: {dialog.message}"))
        return page

    def console(self, page: Page, text: str) -> None:
        # The page itself, where that is a 404 or 400, and a stream that an exporter does not have.
        self.expect(text.startswith("Failed to load resource"), f"{page.url}: console: {text}")

    def everywhere(self, state: str, url: str) -> None:
        paths = examples(url)
        for scheme in SCHEMES:
            page = self.page(color_scheme=scheme)
            for path in paths:
                page.goto(url + path)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    # The two views that differ most.
                    differs = (scheme, width) in {("light", 360), ("dark", 1440)}
                    self.one(page, f"{state} {path} {scheme} {width}",
                             differs or (self.is_thorough and state == "normal"))
            page.context.close()
        self.keyboard(url)
        self.without_scripts(url)
        if state == "normal":
            self.forms(url)

    def one(self, page: Page, name: str, is_checked: bool) -> None:
        self.seen += 1
        overflow = page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        self.expect(overflow <= 0, f"{name}: {overflow} px too wide")
        if not is_checked:
            return
        for violation in self.axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            node = violation["nodes"][0]
            self.faults.append(f"{name}: {violation['id']}: {node['html']}: "
                               f"{node['failureSummary']}")

    def keyboard(self, url: str) -> None:
        """Every link can be reached, in the order of the page, and shows that it was."""
        page = self.page(viewport={"width": 1440, "height": 900})
        page.goto(url + "/")
        wanted = page.evaluate("document.querySelectorAll('a[href], summary, button').length")
        page.evaluate("""() => {
            let order = [...document.querySelectorAll('*')];
            window.tabbed = () => {
                const style = getComputedStyle(document.activeElement);
                return [order.indexOf(document.activeElement), style.outlineStyle];
            }}""")
        last, reached = -1, 0
        for _ in range(wanted):
            page.keyboard.press("Tab")
            place, outline = page.evaluate("window.tabbed()")
            if place <= last:
                break
            self.expect(outline == "solid", f"{url}: focus {reached} does not show")
            last, reached = place, reached + 1
        self.expect(reached >= wanted - 2, f"{url}: Tab reaches {reached} of {wanted}")
        page.context.close()

    def without_scripts(self, url: str) -> None:
        page = self.page(java_script_enabled=False)
        for path in examples(url):
            page.goto(url + path)
            self.expect(page.locator("h1").count() == 1, f"{url}{path}: no heading without scripts")
            self.expect(not page.locator("#news a").is_visible() if page.locator("#news").count()
                        else True, f"{url}{path}: news without scripts")
        page.context.close()

    def forms(self, url: str) -> None:
        """Without scripts: a filter, the page of older rows, and an export of all that match."""
        page = self.page(java_script_enabled=False)
        page.goto(f"{url}/evidence?limit=20")
        page.locator("summary").click()
        page.get_by_label("Agent").fill("Planner")
        page.get_by_role("button", name="Show rows").click()
        self.expect("agent=Planner" in page.url, f"{url}: the form leads to {page.url}")
        page.goto(f"{url}/evidence?agent=Planner&limit=10")
        first = page.locator("tbody th").all_inner_texts()
        page.get_by_role("link", name="Older rows").click()
        second = page.locator("tbody th").all_inner_texts()
        self.expect(len(first) == 10 and second and int(second[0]) < int(first[-1]),
                    f"{url}: {first} and then {second}")
        lines = page.request.get(page.url.split("/evidence")[0] + page.get_by_role(
            "link", name="CSV").get_attribute("href")).text().splitlines()
        self.expect(lines[-1] == f"# end,{len(lines) - 2}" and len(lines) > 12,
                    f"{url}: {len(lines)} lines of CSV, at last {lines[-1]}")
        page.context.close()

    def hostile(self, url: str) -> None:
        """Names are text on every page: of each, and of each that there is not."""
        page = self.page()
        paths = [link for page in ("/?all=agents", "/evidence") for link in links(get(url + page))
                 if kind(link) in KINDS]
        for path in dict.fromkeys(["/", "/?range=all", "/status", *paths]):
            self.names(page, url, path)
            self.names(page, url, path.replace("agent=", "agent=x").replace("gate=", "gate=x"))
        self.expect(self.seen > 20, f"only {self.seen} pages")

    def names(self, page: Page, url: str, path: str) -> None:
        self.seen += 1
        page.goto(url + path)
        self.expect(page.title().endswith(" – Reflexive exporter"), f"{path}: {page.title()}")
        self.expect(page.locator("main").locator(MARKUP).count() == 0, f"{path}: markup")
        self.expect(page.locator("script").count() == 1, f"{path}: a script")
        self.expect(page.locator("h1").count() == 1, f"{path}: headings")


def look_at(state: str, is_thorough: bool = False) -> tuple[list[str], int]:
    """The faults of one state, and how many views of it there are; or of the pages at a URL."""
    name, _, url = state.rpartition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        look = Look(browser, is_thorough)
        if name:
            look.everywhere(name, url)
        else:
            look.hostile(url)
        browser.close()
    return look.faults, look.seen


def main() -> int:
    match sys.argv[1:]:
        case ["look" | "search" as how, *states]:
            with concurrent.futures.ProcessPoolExecutor(2) as pool:
                found = list(pool.map(look_at, states, [how == "search"] * len(states)))
        case ["hostile", url]:
            found = [look_at(url)]
        case _:
            print(__doc__)
            return 2
    faults = [fault for faults, _ in found for fault in faults]
    seen = sum(count for _, count in found)
    print("\n".join(faults[:50]) or f"{seen} views are in order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
