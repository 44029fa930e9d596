#!/usr/bin/env python3
"""Follows every link of every page through an nginx that serves the exporter below a prefix.

    proxy_check.py BINARY DATABASE

Two exporters follow the database: one has the prefix in all its paths; from requests to the other one
nginx takes it away.
"""

from __future__ import annotations

import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

from prometheus_run import free_port

CONFIGURATION = """
daemon off;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /kept/ {{ proxy_pass http://127.0.0.1:{kept}; }}
    location /stripped/ {{ proxy_pass http://127.0.0.1:{stripped}/; }}
  }}
}}
"""
# Pages of each kind that are looked at; a list of rows alone has as many links as it has rows.
PER_KIND = 12


def get(url: str) -> tuple[int, str, str]:
    """Status, type and text."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read().decode(errors="replace")


def kind(url: str) -> str:
    """The path with its parameters' names, and without ids."""
    parts = urllib.parse.urlsplit(url)
    names = [name for name, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)]
    return re.sub(r"/evidence/-?\d+", "/evidence/ID", parts.path) + "?" + "&".join(names)


def addresses(page: str) -> list[str]:
    """What a page leads to: its links, its forms, and what its script asks for."""
    found = re.findall(r'(?:href|action|data-query|data-events)="([^"#][^"]*)"', page)
    return [unescape(address) for address in found if not address.startswith("data:")]


def crawl(start: str) -> list[str]:
    """Everything that does not answer, or leads out of the prefix."""
    origin, prefix = start.rsplit("/", 2)[0], "/" + start.rsplit("/", 2)[1] + "/"
    waiting, seen = collections.deque([(start, "the first page")]), {start}
    kinds: collections.Counter[str] = collections.Counter()
    faults, count = [], 0
    while waiting:
        url, source = waiting.popleft()
        kinds[kind(url)] += 1
        if kinds[kind(url)] > PER_KIND:
            continue
        status, type, text = get(url)
        count += 1
        if status != 200:
            faults.append(f"{url} on {source}: {status}")
        for address in addresses(text) if type == "text/html" else []:
            target = urllib.parse.urljoin(url, address)
            if not target.startswith(origin + prefix):
                faults.append(f"{target} on {url}: not below the prefix")
            elif target not in seen:
                seen.add(target)
                if "/api/v1/events" in target:
                    continue  # A stream, which has no end.
                waiting.append((target, url))
    print(f"{count} addresses of {len(kinds)} kinds below {prefix}, {len(seen)} seen")
    if count < 50:
        faults.append(f"only {count} addresses below {prefix}")
    return faults


def until(what: str, url: str) -> None:
    for _ in range(300):
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{what} does not answer at {url}")


def main() -> int:
    binary, database = sys.argv[1:]
    port, kept, stripped = free_port(), free_port(), free_port()
    origin, faults, processes = f"http://127.0.0.1:{port}", [], []
    with tempfile.TemporaryDirectory(prefix="reflexive-nginx-") as folder:
        file = pathlib.Path(folder) / "nginx.conf"
        file.write_text(CONFIGURATION.format(root=folder, port=port, kept=kept, stripped=stripped))
        commands = [["nginx", "-c", str(file), "-p", folder]]
        for name, own, flags in (("kept", kept, []),
                                 ("stripped", stripped, ["--web.route-prefix", "/"])):
            commands.append([
                binary, "serve", "--store", database, "--web.listen-address", f"127.0.0.1:{own}",
                "--state.path", f"{folder}/{name}", "--web.external-url", f"{origin}/{name}", *flags])
        try:
            processes += [subprocess.Popen(command, stderr=subprocess.DEVNULL)
                          for command in commands]
            for prefix in ("kept", "stripped"):
                until(prefix, f"{origin}/{prefix}/-/ready")
                faults += crawl(f"{origin}/{prefix}/")
        finally:
            for process in processes:
                process.terminate()
                process.wait()
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
