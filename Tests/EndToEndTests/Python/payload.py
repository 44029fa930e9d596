"""JSON as docs/metrics.md accepts it: RFC 8259, plus the bare tokens that Python writes."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from contract import NESTING

# Python's decoder recurses a few frames per level, and 512 levels are allowed.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20 * NESTING))

_DECODER = json.JSONDecoder(parse_int=float, strict=True)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


class InvalidJSON(ValueError):
    """The bytes are not one JSON value."""


def decode(data: bytes) -> Any:
    """The value of a document. Every number is a float (infinite if it overflows a double).

    Python's parser takes exactly this grammar from a `str`: it refuses a BOM, control characters in
    strings and anything after the value, takes `NaN`, `Infinity` and `-Infinity`, and lets the last
    of duplicate keys win. What is left to do is strict UTF-8, the nesting limit and surrogates.
    """
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise InvalidJSON("not UTF-8") from error
    if nests_deeper(text, NESTING):
        raise InvalidJSON("nested too deep")
    stripped = text.strip(" \t\n\r")
    try:
        value, end = _DECODER.raw_decode(stripped)
    except ValueError as error:
        raise InvalidJSON(str(error)) from error
    if end != len(stripped):
        raise InvalidJSON("more than one value")
    return value


def nests_deeper(text: str, limit: int) -> bool:
    """Whether objects and arrays nest deeper; the outermost is 1. Right for valid documents."""
    level = 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            level += 1
        elif token[0] in ("]", "}"):
            level -= 1
        if level > limit:
            return True
    return False


def name(value: Any) -> str | None:
    """A non-empty string as it is served, else None.

    Half a surrogate pair is U+FFFD.
    """
    if not isinstance(value, str) or not value:
        return None
    return _LONE_SURROGATE.sub("\ufffd", value)
