#!/usr/bin/env python3
"""Prints what Alertmanager sends, a line for each alert. Standard library alone.

    webhook.py HOST PORT
"""

from __future__ import annotations

import http.server
import json
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes webhooks at /RECEIVER."""

    def do_POST(self) -> None:
        """Prints the alerts of one notification."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        for alert in body["alerts"]:
            notes = alert["annotations"]
            lines = [f"{self.path.strip('/')}: {alert['labels']['alertname']} is {alert['status']}"]
            lines += [notes[name] for name in ("description", "evidence_url") if notes.get(name)]
            # No name of an agent ends a line.
            print("\n  ".join(line.encode("unicode_escape").decode() for line in lines), flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Notifications alone are printed."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
