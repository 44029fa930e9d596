"""Readable evidence times, as Unix seconds."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

_UNIX = re.compile(rb"-?[0-9]+(\.[0-9]+)?")
_ISO = re.compile(
    rb"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?"
)
_EPOCH = datetime.date(1970, 1, 1)


def of_column(type: str, value: int | float | bytes | None) -> float | None:
    """The time in a column, by its `typeof`. A BLOB and NULL are not readable."""
    if type in ("integer", "real"):
        return _finite(float(value))
    if type != "text":
        return None
    if _UNIX.fullmatch(value):
        return _finite(float(value))
    return of_text(value)


def of_payload(value: Any) -> float | None:
    """The time in a payload's `timestamp`: a JSON number, or text (but no numeric text)."""
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, str):
        return of_text(value.encode("utf-8", "surrogatepass"))
    return None


def of_text(text: bytes) -> float | None:
    """`YYYY-MM-DD(T| )HH:MM:SS[.1–9 digits][Z|±HH:MM|±HHMM]`; no zone means UTC.

    The bounds of hours and minutes are taken to hold for the offset too.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, offset_hour, offset_minute = match.groups()[6:]
    if max(hour, int(offset_hour or 0)) > 23:
        return None
    if max(minute, second, int(offset_minute or 0)) > 59:
        return None
    try:
        days = (datetime.date(year, month, day) - _EPOCH).days
    except ValueError:
        return None
    offset = int(offset_hour or 0) * 3600 + int(offset_minute or 0) * 60
    whole = days * 86400 + hour * 3600 + minute * 60 + second
    whole -= -offset if sign == b"-" else offset
    return whole + float(b"0." + fraction) if fraction else float(whole)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
