"""Asks the API for rows with random filters, and compares with a search through all of them.

    filters_check.py --binary BINARY [--filters N] [--seed N] [--flavor NAME …]

The rows are read and decoded by the oracle, which shares no code with the exporter.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime
import http.client
import io
import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import evidence
from config import Config, load
from contract import FUTURE_TOLERANCE
from flavors import FLAVORS
from generate import generate_into
from prometheus_run import free_port
from server_process import serving

Row = dict[str, Any]
Filter = dict[str, str]
UNREAD = ("too_large", "invalid_json", "not_object")
REASONS = (*UNREAD, "bad_timestamp", "future_timestamp", "wrong_type", "non_finite", "out_of_range")
EPOCH = datetime.datetime(1970, 1, 1)


def listed(database: Path, config: Config, now: float) -> list[Row]:
    """Every row as the API shows it, by id; `time` is its evidence time."""
    _, rows = evidence.read(str(database), config, now)
    return [_listed(row, now) for row in rows]


def _listed(row: evidence.Evidence, now: float) -> Row:
    is_read = row.rejection not in UNREAD
    assert row.rejection != "future_timestamp" or row.time > now + FUTURE_TOLERANCE
    text, milliseconds = _calendar(row.time)
    return {
        "id": row.id, "event": row.event,
        "agent": row.agent if row.kind == "execution" and is_read else None,
        "gate": row.gate if row.kind == "evaluation" and is_read else None,
        "subject": row.subject if row.maturity is not None else None,
        "score": row.quality, "consistency": row.consistency, "confidence": row.confidence,
        "calibration_needed": row.calibration_needed, "threshold": row.threshold,
        "rmm_score": row.maturity, "rejection": row.rejection,
        "evidence_time": text, "evidence_ms": milliseconds, "time": row.time,
    }  # fmt: skip


def _calendar(seconds: float | None) -> tuple[str | None, int | None]:
    if seconds is None or not -62_135_596_800 <= seconds < 253_402_300_800:
        return None, None
    microseconds = math.floor(seconds * 1e6)
    moment = EPOCH + datetime.timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds") + "Z", microseconds // 1000


def matches(row: Row, asked: Filter) -> bool:
    """The search: one row and one filter at a time."""
    for name in ("event", "agent", "gate", "subject"):
        if name in asked and row[name] != asked[name]:
            return False
    for name, column in (("score", "score"), ("consistency", "consistency"), ("rmm", "rmm_score")):
        value = row[column]
        if f"{name}_min" in asked and not (value is not None and value >= float(asked[f"{name}_min"])):
            return False
        if f"{name}_max" in asked and not (value is not None and value <= float(asked[f"{name}_max"])):
            return False
    if "since" in asked and not (row["time"] is not None and row["time"] > float(asked["since"])):
        return False
    if "until" in asked and not (row["time"] is not None and row["time"] <= float(asked["until"])):
        return False
    if "rejected" in asked:
        wanted = asked["rejected"]
        return row["rejection"] is not None if wanted == "any" else row["rejection"] == wanted
    return True


def random_filter(rows: list[Row], draw: random.Random) -> Filter:
    """Values that rows have, and some that none has."""
    model = draw.choice(rows) if rows else {}
    asked: Filter = {}

    def name(value: str | None) -> str:
        return value if value and draw.random() < 0.8 else draw.choice(["absent", "unknown", "_other"])

    for key in ("event", "agent", "gate", "subject"):
        if draw.random() < 0.2:
            asked[key] = name(model.get(key))
    for key, column in (("score", "score"), ("consistency", "consistency"), ("rmm", "rmm_score")):
        if draw.random() < 0.15:
            value = model.get(column)
            value = draw.random() if value is None else value
            if draw.random() < 0.7:
                asked[f"{key}_min"] = repr(value + draw.choice([0, 0, -0.05, 1e-9]))
            if draw.random() < 0.7:
                asked[f"{key}_max"] = repr(value + draw.choice([0, 0, 0.05, -1e-9]))
    for key in ("since", "until"):
        if draw.random() < 0.2:
            moment = (draw.choice(rows)["time"] if rows else None) or time.time()
            asked[key] = f"{moment + draw.choice([0, 0, -0.5, 3600]):f}"
    if draw.random() < 0.2:
        asked["rejected"] = draw.choice(["any", *REASONS])
    return asked


class Client:
    """One connection to the API of one store."""

    def __init__(self, base: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body)
        return body

    def rows(self, **parameters: str) -> Any:
        return json.loads(self.get(address(parameters)))


def address(parameters: dict[str, str]) -> str:
    pairs = (f"{name}={quote_from_bytes(value.encode(), '')}" for name, value in parameters.items())
    return "/api/v1/evidence?" + "&".join(pairs)


def same(shown: Row, expected: Row) -> bool:
    """The oracle does not tell an absent `calibration_needed` from one that is false."""
    wanted = {name: value for name, value in expected.items() if name != "time"}
    wanted["calibration_needed"] = shown["calibration_needed"] or None
    return shown == wanted | {"calibration_needed": shown["calibration_needed"]} and (
        bool(shown["calibration_needed"]) == expected["calibration_needed"])


def differences(client: Client, rows: list[Row], draw: random.Random) -> list[str]:
    """What is wrong with the answers to one random filter."""
    asked = random_filter(rows, draw)
    found = [row for row in rows if matches(row, asked)]
    limit = draw.choice([1, 2, 7, 50, 1000])
    wrong = []
    page = client.rows(**asked, limit=str(limit))
    newest = found[::-1][:limit]
    if (page["matches"], page["rows_total"], page["complete"]) != (len(found), len(rows), True):
        wrong.append(f"{page['matches']} of {page['rows_total']}, not {len(found)} of {len(rows)}")
    if [row["id"] for row in page["rows"]] != [row["id"] for row in newest]:
        wrong.append("ids or their order")
    wrong += [f"row {shown['id']}: {shown}, not {row}"
              for shown, row in zip(page["rows"], newest) if not same(shown, row)]
    if (page["next"] is None) != (len(found) <= limit) or page["previous"] is not None:
        wrong.append(f"next {page['next']}, previous {page['previous']}")
    wrong += paging(client, page, found, limit) if len(found) <= 40 * limit else []
    if rows and draw.random() < 0.3:
        wrong += exports(client, asked, found, draw)
    return [f"{line}: {asked}" for line in wrong]


def paging(client: Client, page: Any, found: list[Row], limit: int) -> list[str]:
    """From the newest page to the oldest and back."""
    seen = [row["id"] for row in page["rows"]]
    while page["next"]:
        page = json.loads(client.get(page["next"]))
        seen += [row["id"] for row in page["rows"]]
    wrong = [] if seen == [row["id"] for row in found[::-1]] else ["ids of all pages"]
    back = [row["id"] for row in page["rows"]]
    while page["previous"]:
        page = json.loads(client.get(page["previous"]))
        back = [row["id"] for row in page["rows"]] + back
    return wrong + ([] if back == seen else ["ids of all pages, the other way round"])


def exports(client: Client, asked: Filter, found: list[Row], draw: random.Random) -> list[str]:
    """Both kinds, from one id to another."""
    first, last = sorted(draw.choice(found or [{"id": 1}])["id"] for _ in range(2))
    span = {"after": str(first), "before": str(last)} if draw.random() < 0.5 else {}
    wanted = [row for row in found if not span or first < row["id"] < last]
    lines = client.get(address(asked | span | {"format": "ndjson"})).decode().split("\n")
    wrong = []
    if lines[-2:] != [json.dumps({"end": True, "rows": len(wanted)}, separators=(",", ":")), ""]:
        wrong.append(f"the end of ndjson: {lines[-2:]}")
    shown = [json.loads(line) for line in lines[:-2]]
    if len(shown) != len(wanted) or not all(map(same, shown, wanted)):
        wrong.append("rows of ndjson")
    text = client.get(address(asked | span | {"format": "csv"})).decode()
    table = list(csv.reader(io.StringIO(text, newline="")))
    if table[-1] != [f"# end,{len(wanted)}".split(",")[0], str(len(wanted))]:
        wrong.append(f"the end of csv: {table[-1]}")
    if [row[0] for row in table[1:-1]] != [str(row["id"]) for row in wanted]:
        wrong.append("ids of csv")
    wrong += [f"name in csv: {row}" for row, one in zip(table[1:-1], wanted)
              if row[2].removeprefix("'") != (one["agent"] or "").removeprefix("'")]
    return wrong


def examine(binary: str, work: Path, flavor: str, seed: int, filters: int) -> list[str]:
    """What is wrong on one database."""
    database, configuration = generate_into(str(work), seed, flavor, time.time())
    config = load(str(configuration), flavor)
    host = f"127.0.0.1:{free_port()}"
    command = [
        binary, "serve", "--state.path", str(work / "state"), "--web.listen-address", host,
        "--config.file", str(configuration),
    ]  # fmt: skip
    draw = random.Random(f"{flavor} {seed}")
    with serving(command, f"http://{host}/-/ready", work / f"{flavor}.log"):
        with contextlib.closing(Client(f"http://{host}")) as client:
            if not json.loads(client.get("/api/v1/stores"))["stores"][0]["up"]:
                return []
            rows = listed(database, config, time.time())
            wrong = []
            for _ in range(filters):
                state = draw.getstate()
                if differences(client, rows, draw):
                    # A row may have stopped to lie ahead of the clock since they were read.
                    rows = listed(database, config, time.time())
                    draw.setstate(state)
                    wrong += differences(client, rows, draw)
            return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--filters", type=int, default=6, help="for each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flavor", nargs="*", choices=sorted(FLAVORS), default=list(FLAVORS))
    arguments = parser.parse_args()
    failed = 0
    for flavor in arguments.flavor:
        with tempfile.TemporaryDirectory() as folder:
            found = examine(arguments.binary, Path(folder), flavor, arguments.seed, arguments.filters)
        for line in found[:5]:
            print(f"{flavor}: {line}")
        failed += bool(found)
    print(f"{arguments.filters * len(arguments.flavor)} filters on {len(arguments.flavor)} databases, "
          f"{failed} of them wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
