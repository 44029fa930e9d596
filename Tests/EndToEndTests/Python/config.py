"""The parts of the exporter's configuration that change a value on the page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract import DAY

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_SIZES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

_DURATION_KEYS = {
    "threshold_staleness": "threshold_staleness_seconds",
    "evidence_silence": "evidence_silence_seconds",
}
_DEFAULT_OBJECTIVES = {
    "qsr": 0.6,
    "consistency": 0.9,
    "consistency_streak": 3,
    "threshold_staleness_seconds": DAY,
    "rmm": 0.75,
    "min_samples": 5,
    "evidence_silence_seconds": DAY,
    "clarity": 0.6,
}
_DEFAULT_DROP = {
    "false_alarm_runs": 10_000.0,
    "tolerance": 0.05,
    "recovery_runs": 50.0,
    "normal_runs": 500,
}
_OVERRIDES = ("agents", "gates", "subjects")


def seconds(text: str | int | float) -> float:
    """`1h30m` in Prometheus' notation, or a number of seconds."""
    if not isinstance(text, str):
        return float(text)
    parts = re.findall(r"(\d+)(ms|[ywdhms])", text)
    if not parts or "".join(n + u for n, u in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


def size(text: str | int) -> int:
    """`64KiB`, or a number of bytes."""
    if isinstance(text, str) and text[-3:] in _SIZES:
        return int(text[:-3]) * _SIZES[text[-3:]]
    return int(text)


@dataclass
class Config:
    """What `expected` needs to know."""

    windows: dict[str, float] = field(
        default_factory=lambda: {"1h": 3600.0, "24h": DAY, "7d": 7 * DAY}
    )
    """Bounded windows, by label, in seconds. `all` is always there."""
    objectives: dict[str, float] = field(default_factory=lambda: dict(_DEFAULT_OBJECTIVES))
    """The store's limits, by the label `indicator`."""
    overrides: dict[str, dict[str, dict[str, float]]] = field(
        default_factory=lambda: {kind: {} for kind in _OVERRIDES}
    )
    drop: dict[str, float] | None = field(default_factory=lambda: dict(_DEFAULT_DROP))
    """What makes a drop; None where nobody looks for drops."""
    label_values: int = 500
    payload_bytes: int = 1 << 20
    retire_after: float | None = None
    score_scale: float = 1.0

    def limits(self) -> dict[str, float]:
        """The store's limits as they are served."""
        drop = {f"drop_{key}": value for key, value in (self.drop or {}).items()}
        return self.objectives | drop

    def limit(self, kind: str, name: str, indicator: str) -> float:
        """The limit in force for one agent, gate or subject."""
        return self.overrides[kind].get(name, {}).get(indicator, self.objectives[indicator])

    def merge(self, objectives: dict[str, Any]) -> None:
        """Overrides these objectives by those of a configuration, key by key."""
        for key, value in objectives.items():
            if key in _OVERRIDES:
                for name, limits in value.items():
                    self.overrides[key].setdefault(name, {}).update(_limits(limits))
            elif key == "drop":
                self._merge_drop(value)
            else:
                self.objectives.update(_limits({key: value}))

    def _merge_drop(self, value: dict[str, float] | bool | None) -> None:
        if value is False:
            self.drop = None
        elif value is not None:
            self.drop = (self.drop or _DEFAULT_DROP) | value


def _limits(mapping: dict[str, Any]) -> dict[str, float]:
    return {
        _DURATION_KEYS.get(key, key): seconds(value) if key in _DURATION_KEYS else value
        for key, value in mapping.items()
    }


def parse(document: dict[str, Any] | None, store: str) -> Config:
    """Reads a mapping with the exporter's YAML keys, with the entry of `store` under `stores`.

    A store's entry is the one with its `name`, or with a file of that name. `score_scale` may also
    stand at the top, for callers without a `stores` list.
    """
    document = document or {}
    config = Config()
    if "windows" in document:
        config.windows = {label: seconds(label) for label in document["windows"]}
    limits = document.get("limits", {})
    config.label_values = limits.get("label_values", config.label_values)
    config.payload_bytes = size(limits.get("payload_bytes", config.payload_bytes))
    if document.get("retire_after") is not None:
        config.retire_after = seconds(document["retire_after"])
    config.score_scale = document.get("score_scale", 1.0)
    config.merge(document.get("objectives", {}))
    for entry in document.get("stores", []):
        if entry.get("name", Path(entry["path"]).stem) == store:
            config.score_scale = entry.get("score_scale", config.score_scale)
            config.merge(entry.get("objectives", {}))
    return config


def load(path: str | None, store: str) -> Config:
    """Reads a configuration written as JSON, which the exporter reads as YAML."""
    return parse(json.loads(Path(path).read_text("utf-8")) if path else None, store)
