"""The names, labels and fixed label values of docs/metrics.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EXECUTION = "metacognitive_agent_execution"
EVALUATION = "quality_gate_evaluation"
UNKNOWN = "unknown"
OTHER = "_other"

MINUTE = 60.0
DAY = 86400.0
FUTURE_TOLERANCE = 5 * MINUTE
EDGE_TOLERANCE = 0.01
"""A window's old edge may be off by this share of the window."""

MOVE_EPSILON = 1e-9
SCORE_TOLERANCE = 1e-9
DECIMALS = 9
NAME_BYTES = 256
NESTING = 512

SCORE_BUCKETS = (
    "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.75", "0.8", "0.9", "0.95", "1.0", "+Inf",
)  # fmt: skip
COMMIT_BUCKETS = (
    "0.01", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "+Inf",
)  # fmt: skip

REASONS = (
    "too_large", "invalid_json", "not_object", "bad_timestamp", "future_timestamp", "wrong_type",
    "non_finite", "out_of_range",
)  # fmt: skip
LABELS = ("agent", "gate", "event", "subject")
STATES = ("idle", "moving", "stalled", "settled")
READ_ERRORS = ("missing", "locked", "corrupt", "schema", "permission", "recovery", "io")
RESETS = ("replaced", "truncated", "recreated")

Type = Literal["counter", "gauge", "histogram"]
Source = Literal["rows", "store", "discovery", "exporter"]


@dataclass(frozen=True)
class Family:
    """One line of the tables in docs/metrics.md.

    `name` is the one written there, so a counter's ends in `_total`. `source` says how it is checked:
    `rows` are recomputed from the table, the others are checked for presence and labels. An
    `optional` family may be absent (no request was answered, no row was read after catch-up).
    """

    name: str
    type: Type
    labels: tuple[str, ...]
    source: Source = "rows"
    optional: bool = False


def _families() -> list[Family]:
    def row(name: str, type: Type, *labels: str) -> Family:
        return Family(f"reflexive_{name}", type, ("store", *labels))

    def store(name: str, type: Type, *labels: str, optional: bool = False) -> Family:
        return Family(f"reflexive_{name}", type, ("store", *labels), "store", optional)

    def discovery(name: str) -> Family:
        return Family(f"reflexive_discovery_{name}", "gauge", ("path",), "discovery")

    def exporter(name: str, type: Type, *labels: str, optional: bool = False) -> Family:
        return Family(name, type, labels, "exporter", optional)

    def drops(prefix: str, label: str) -> list[Family]:
        gauges = ("active", "evidence", "limit", "mean", "samples", "start_timestamp_seconds",
                  "start_id")  # fmt: skip
        return [
            row(f"{prefix}_drops_total", "counter", label, "reference"),
            *(row(f"{prefix}_drop_{name}", "gauge", label, "reference") for name in gauges),
            row(f"{prefix}_normal", "gauge", label),
        ]

    return [
        row("qsr_score", "histogram", "agent"),
        row("qsr_latest_score", "gauge", "agent"),
        row("qsr_average", "gauge", "agent", "window"),
        row("qsr_samples", "gauge", "agent", "window"),
        *drops("qsr", "agent"),
        row("store_qsr_average", "gauge", "window"),
        row("store_qsr_samples", "gauge", "window"),
        row("agent_executions_total", "counter", "agent"),
        row("agent_last_execution_timestamp_seconds", "gauge", "agent"),
        row("agent_objective", "gauge", "agent", "indicator"),
        row("gate_evaluations_total", "counter", "gate"),
        row("gate_last_evaluation_timestamp_seconds", "gauge", "gate"),
        row("gate_objective", "gauge", "gate", "indicator"),
        row("gate_score", "histogram", "gate"),
        row("gate_consistency", "gauge", "gate"),
        row("gate_consistency_average", "gauge", "gate", "window"),
        row("gate_low_consistency_streak", "gauge", "gate"),
        row("gate_low_consistency_breaches_total", "counter", "gate"),
        *drops("gate_consistency", "gate"),
        row("gate_confidence", "gauge", "gate"),
        row("gate_calibrations_needed_total", "counter", "gate"),
        row("gate_threshold", "gauge", "gate"),
        row("gate_threshold_average", "gauge", "gate", "window"),
        row("gate_threshold_moves_total", "counter", "gate"),
        row("gate_threshold_last_move_timestamp_seconds", "gauge", "gate"),
        row("gate_threshold_drift", "gauge", "gate", "window"),
        row("gate_threshold_state", "gauge", "gate", "state"),
        row("rmm_score", "gauge", "subject"),
        row("rmm_average", "gauge", "subject", "window"),
        row("rmm_samples", "gauge", "subject", "window"),
        *drops("rmm", "subject"),
        row("rmm_progression_per_day", "gauge", "subject"),
        row("subject_objective", "gauge", "subject", "indicator"),
        row("objective", "gauge", "indicator"),
        row("evidence_rows_total", "counter", "event"),
        row("evidence_rejected_total", "counter", "reason"),
        row("evidence_last_timestamp_seconds", "gauge", "event"),
        row("label_overflow_total", "counter", "label"),
        row("store_info", "gauge", "path", "time_column", "journal_mode"),
        row("store_tail_id", "gauge"),
        store("store_up", "gauge"),
        store("store_backlog_rows", "gauge"),
        store("store_last_read_timestamp_seconds", "gauge"),
        store("store_read_errors_total", "counter", "kind"),
        store("store_resets_total", "counter", "reason"),
        store("store_size_bytes", "gauge"),
        store("store_commit_to_visible_seconds", "histogram", optional=True),
        store("receiver_rows_total", "counter", "protocol", optional=True),
        store("receiver_rejected_total", "counter", "protocol", "reason", optional=True),
        store("receiver_last_success_timestamp_seconds", "gauge", optional=True),
        store("receiver_queue_bytes", "gauge", optional=True),
        discovery("stores"),
        discovery("conflicts"),
        exporter("reflexive_exporter_build_info", "gauge",
                 "version", "revision", "swift_version", "sqlite_version"),
        exporter("reflexive_exporter_config_last_reload_successful", "gauge"),
        exporter("reflexive_exporter_config_last_reload_success_timestamp_seconds", "gauge"),
        exporter("reflexive_http_requests_total", "counter", "handler", "code", optional=True),
        exporter("reflexive_http_request_duration_seconds", "histogram", "handler", optional=True),
        exporter("process_cpu_seconds_total", "counter"),
        exporter("process_resident_memory_bytes", "gauge"),
        exporter("process_virtual_memory_bytes", "gauge"),
        exporter("process_open_fds", "gauge"),
        exporter("process_max_fds", "gauge"),
        exporter("process_start_time_seconds", "gauge"),
    ]  # fmt: skip


FAMILIES: dict[str, Family] = {family.name: family for family in _families()}

FIXED_LABEL_VALUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "reflexive_store_read_errors_total": ("kind", READ_ERRORS),
    "reflexive_store_resets_total": ("reason", RESETS),
}
"""Store families of which every label value is served from 0 on."""


def family_of(sample: str) -> Family | None:
    """The family of a sample of the text format; None for a name that is not in docs/metrics.md."""
    if family := FAMILIES.get(sample):
        return family if family.type != "histogram" else None
    base, _, suffix = sample.rpartition("_")
    family = FAMILIES.get(base)
    histogram = family is not None and family.type == "histogram"
    return family if histogram and suffix in ("bucket", "count", "sum") else None
