"""The counters that the exporter should serve for a table, computed with SQL."""

from __future__ import annotations

from pathlib import Path

import faults
import writer

ROWS, REJECTED = "reflexive_evidence_rows_total", "reflexive_evidence_rejected_total"


def parse(page: str) -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in page.splitlines() if line and line[0] != "#")
    return {series: float(value) for series, value in lines}


def counters(store: str, path: Path) -> dict[str, float]:
    with faults.connect(path) as database:
        events = dict(database.execute("SELECT event, count(*) FROM evidence GROUP BY event"))
        payloads = database.execute(
            "SELECT payload, count(*) FROM evidence WHERE length(payload) < 40 OR payload IS NULL"
            " OR substr(payload, 1, 2) = '[[' GROUP BY payload").fetchall()
    wanted = {
        f'{ROWS}{{store="{store}",event="{event}"}}': float(count)
        for event, count in events.items()
    }
    for reason, bad in by_reason().items():
        count = sum(count for payload, count in payloads if payload in bad)
        wanted[f'{REJECTED}{{store="{store}",reason="{reason}"}}'] = float(count)
    return wanted


def by_reason() -> dict[str, list[object]]:
    """The payloads as SQLite returns them: a column of text turns numbers into text."""
    return {
        reason: [str(it) if isinstance(it, int) else it for it in payloads]
        for reason, payloads in writer.BAD_PAYLOADS.items()
    }


def rows(wanted: dict[str, float]) -> float:
    return sum(value for series, value in wanted.items() if series.startswith(ROWS))
