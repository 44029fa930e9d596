#!/usr/bin/env python3
"""Takes the pictures of the pages that the README shows: `make screenshots`.

    screenshots.py BINARY DIRECTORY
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ADDRESS = "127.0.0.1:10078"


def until_ready() -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://{ADDRESS}/-/ready").close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the demo is not ready")


def take(directory: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 840})
        page.goto(f"http://{ADDRESS}/")
        page.screenshot(path=directory / "overview.png")
        page.goto(f"http://{ADDRESS}/evidence?consistency_max=0.89&limit=1")
        page.locator("tbody th a").click()
        page.screenshot(path=directory / "evidence.png")
        browser.close()


def main() -> int:
    binary, directory = sys.argv[1], Path(sys.argv[2])
    demo = subprocess.Popen(
        [binary, "demo", "--web.listen-address", ADDRESS], stderr=subprocess.DEVNULL)
    try:
        until_ready()
        take(directory)
    finally:
        demo.terminate()
        demo.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
