"""Label values: the first ones stay, later and overlong ones are folded."""

from __future__ import annotations

from collections.abc import Iterable

from contract import EVALUATION, EXECUTION, LABELS, NAME_BYTES, OTHER, UNKNOWN
from evidence import Evidence

_ALWAYS = {UNKNOWN, EXECUTION, EVALUATION}
"""They "always stay and take no place", read as: in each of the four labels."""


class LabelTable:
    """The values of one label, in the order of the ids that brought them.

    A value that is itself `_other` is read as the folded series, so it takes no place. docs/metrics.md
    does not say whether it was folded, so it is counted as `literal`.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: set[str] = set()
        self.overflow = 0
        self.literal = 0

    def fold(self, value: str) -> str:
        if value == OTHER:
            self.literal += 1
            return OTHER
        if value in _ALWAYS or value in self._values:
            return value
        if len(value.encode("utf-8")) <= NAME_BYTES and len(self._values) < self._limit:
            self._values.add(value)
            return value
        self.overflow += 1
        return OTHER


def fold(rows: Iterable[Evidence], limit: int) -> dict[str, LabelTable]:
    """Folds the names of the rows in place, where a series carries them; returns the tables."""
    tables = {label: LabelTable(limit) for label in LABELS}
    for row in rows:
        row.event = tables["event"].fold(row.event)
        if row.kind == "execution":
            row.agent = tables["agent"].fold(row.agent)
        if row.kind == "evaluation":
            row.gate = tables["gate"].fold(row.gate)
        if row.maturity is not None:
            row.subject = tables["subject"].fold(row.subject)
    return tables
