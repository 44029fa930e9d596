#!/usr/bin/env python3
"""The peer: a small Flask endpoint that queries the database at every scrape.

    flask_peer.py evidence.db 127.0.0.1:9465
"""

from __future__ import annotations

import logging
import sqlite3
import sys

from flask import Flask, Response

from plan_queries import CONSISTENCY, QSR_AVERAGE, RMM_SCORE, THRESHOLD_AVERAGE


def page(path: str) -> str:
    """Runs the four queries and writes their answers in Prometheus' text format."""
    connection = sqlite3.connect(path)
    try:
        samples = [
            *family(connection, "plan_qsr_average", QSR_AVERAGE),
            *family(connection, "plan_self_assessment_consistency", CONSISTENCY, label="back"),
            *family(connection, "plan_threshold_average", THRESHOLD_AVERAGE),
            *family(connection, "plan_rmm_score", RMM_SCORE),
        ]
    finally:
        connection.close()
    return "\n".join(samples) + "\n"


def family(
    connection: sqlite3.Connection, name: str, query: str, *, label: str = ""
) -> list[str]:
    """A gauge with a sample for each row of the query that is not NULL."""
    lines = [f"# TYPE {name} gauge"]
    for number, (value,) in enumerate(connection.execute(query)):
        if value is not None:
            labels = f'{{{label}="{number}"}}' if label else ""
            lines.append(f"{name}{labels} {value!r}")
    return lines


def make_app(path: str) -> Flask:
    app = Flask(__name__)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(page(path), content_type="text/plain; version=0.0.4; charset=utf-8")

    return app


def main() -> None:
    path, address = sys.argv[1:]
    host, _, port = address.rpartition(":")
    # A log line per request would only make the peer slower.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_app(path).run(host=host, port=int(port), threaded=False)


if __name__ == "__main__":
    main()
