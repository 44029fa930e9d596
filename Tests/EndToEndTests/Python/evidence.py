"""From a row of the table to evidence: the first section of docs/metrics.md."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import evidence_time
import payload as json_payload
from config import Config
from contract import EVALUATION, EXECUTION, FUTURE_TOLERANCE, SCORE_TOLERANCE, UNKNOWN

Kind = Literal["execution", "evaluation", "other"]
_KINDS: dict[str, Kind] = {EXECUTION: "execution", EVALUATION: "evaluation"}


@dataclass(frozen=True)
class StoreFacts:
    """What the database itself says, for `reflexive_store_info`."""

    time_column: str
    journal_mode: str


@dataclass
class Evidence:
    """One row. A score is None if the row has none that can be used."""

    id: int
    event: str
    kind: Kind = "other"
    time: float | None = None
    agent: str = UNKNOWN
    gate: str = UNKNOWN
    subject: str = UNKNOWN
    quality: float | None = None
    consistency: float | None = None
    confidence: float | None = None
    calibration_needed: bool = False
    threshold: float | None = None
    maturity: float | None = None
    rejection: str | None = None


def read(path: str, config: Config, first_read: float) -> tuple[StoreFacts, list[Evidence]]:
    """Every row by id. `first_read` is when the exporter read them, for `future_timestamp`."""
    uri = Path(path).resolve().as_uri() + "?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    connection.text_factory = bytes
    # Ignores what this SQLite cannot parse besides the table.
    connection.execute("PRAGMA writable_schema = ON")
    try:
        info = connection.execute("PRAGMA table_xinfo(evidence)")
        names = {row[1].decode().lower() for row in info}
        columns = [name for name in ("ts", "timestamp") if name in names]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0].decode()
        facts = StoreFacts(",".join(columns) or "none", mode)
        rows = _rows(connection, columns)
        return facts, [decode(*row, config=config, first_read=first_read) for row in rows]
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """(id, event type, event, payload type, payload, [(type, value) of each time column])."""
    times = "".join(f", typeof({column}), {column}" for column in columns)
    # SQLite turns a number into text in its own way; the column's affinity mostly did before.
    event = "CASE WHEN typeof(event) IN ('integer', 'real') THEN CAST(event AS TEXT) ELSE event END"
    query = (
        f"SELECT id, typeof(event), {event}, typeof(payload), payload{times}"
        " FROM evidence ORDER BY id"
    )
    for id, event_type, event_value, payload_type, payload, *rest in connection.execute(query):
        pairs = [(rest[i].decode(), rest[i + 1]) for i in range(0, len(rest), 2)]
        yield id, event_type.decode(), event_value, payload_type.decode(), payload, pairs


def decode(
    id: int,
    event_type: str,
    event: bytes | None,
    payload_type: str,
    payload: Any,
    times: list[tuple[str, Any]],
    *,
    config: Config,
    first_read: float,
) -> Evidence:
    evidence = Evidence(id, _event_name(event_type, event))
    readable = (evidence_time.of_column(type, value) for type, value in times)
    evidence.time = next((time for time in readable if time is not None), None)
    value, evidence.rejection = _parse(payload_type, payload, config)
    if evidence.rejection is not None:
        return evidence
    if evidence.time is None:
        evidence.time = evidence_time.of_payload(value.get("timestamp"))
    evidence.kind = _KINDS.get(evidence.event, "other")
    agent, gate = json_payload.name(value.get("agent")), json_payload.name(value.get("gate"))
    evidence.agent, evidence.gate = agent or UNKNOWN, gate or UNKNOWN
    evidence.subject = agent or gate or evidence.event
    reasons = _time_reasons(evidence.time, first_read) + _take_fields(evidence, value, config)
    evidence.rejection = min(reasons, key=_ORDER.index, default=None)
    return evidence


_ORDER = ("bad_timestamp", "future_timestamp", "wrong_type", "non_finite", "out_of_range")


def _event_name(type: str, value: bytes | None) -> str:
    if type in ("null", "blob"):
        return UNKNOWN
    try:
        return json_payload.name(value.decode("utf-8", "strict")) or UNKNOWN
    except UnicodeDecodeError:
        return UNKNOWN


def _parse(type: str, value: Any, config: Config) -> tuple[dict[str, Any], str | None]:
    """The payload's object, and the reason why there is none."""
    if type == "null":
        return {}, "invalid_json"
    data = value if isinstance(value, bytes) else str(value).encode()
    if len(data) > config.payload_bytes:
        return {}, "too_large"
    try:
        document = json_payload.decode(data)
    except json_payload.InvalidJSON:
        return {}, "invalid_json"
    return (document, None) if isinstance(document, dict) else ({}, "not_object")


def _time_reasons(time: float | None, first_read: float) -> list[str]:
    if time is None:
        return ["bad_timestamp"]
    return ["future_timestamp"] if time > first_read + FUTURE_TOLERANCE else []


def _take_fields(evidence: Evidence, value: dict[str, Any], config: Config) -> list[str]:
    """Fills in the fields that this kind of row uses; returns what is wrong with them."""
    reasons: list[str] = []

    def score(holder: dict[str, Any], key: str) -> float | None:
        result, reason = _score(holder.get(key), config.score_scale)
        reasons.extend([reason] if reason else [])
        return result

    evidence.maturity = score(value, "rmm_score")
    if evidence.kind != "other":
        evidence.quality = score(value, "output_quality")
    if evidence.kind != "evaluation":
        return reasons
    evidence.threshold = score(value, "current_threshold")
    assessment = value.get("self_assessment")
    if assessment is None:
        return reasons
    if not isinstance(assessment, dict):
        return [*reasons, "wrong_type"]
    evidence.consistency = score(assessment, "consistency")
    evidence.confidence = score(assessment, "confidence")
    needed = assessment.get("calibration_needed")
    if needed is not None and not isinstance(needed, bool):
        reasons.append("wrong_type")
    evidence.calibration_needed = needed is True
    return reasons


def _score(value: Any, scale: float) -> tuple[float | None, str | None]:
    if value is None:
        return None, None
    if not isinstance(value, float):
        return None, "wrong_type"
    if not math.isfinite(value):
        return None, "non_finite"
    scaled = value / scale
    if -SCORE_TOLERANCE <= scaled <= 1 + SCORE_TOLERANCE:
        return min(max(scaled, 0.0), 1.0), None
    return None, "out_of_range"
