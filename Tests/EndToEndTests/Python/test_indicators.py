"""Hand-computed indicators, so that the oracle can be trusted."""

from __future__ import annotations

import unittest
from typing import Any

from contract import EVALUATION
from database import iso
from oracle_case import DAY, HOUR, NOW, OracleTestCase


class QualityTests(OracleTestCase):
    def test_an_average_is_over_scored_executions_in_the_window(self) -> None:
        db = self.database()
        db.execution(NOW - 3 * HOUR, 0.25, agent="A")
        db.execution(NOW - 60, 0.5, agent="A")
        db.execution(NOW - 30, None, agent="A")
        db.close()
        self.assertEqual(self.value("qsr_average", agent="A", window="1h"), 0.5)
        self.assertEqual(self.value("qsr_average", agent="A", window="24h"), 0.375)
        self.assertEqual(self.value("qsr_samples", agent="A", window="all"), 2)
        self.assertEqual(self.value("store_qsr_average", window="all"), 0.375)
        self.assertEqual(self.value("agent_executions_total", agent="A"), 3)
        self.assertEqual(self.value("qsr_latest_score", agent="A"), 0.5)
        last = self.value("agent_last_execution_timestamp_seconds", agent="A")
        self.assertEqual(last, NOW - 30)

    def test_an_empty_window_is_not_served(self) -> None:
        db = self.database()
        db.execution(NOW - 2 * HOUR, 0.25, agent="A")
        db.close()
        self.assertIsNone(self.value("qsr_average", agent="A", window="1h"))
        self.assertIsNone(self.value("qsr_samples", agent="A", window="1h"))
        self.assertEqual(self.value("qsr_samples", agent="A", window="24h"), 1)

    def test_a_histogram_holds_scores_up_to_its_bounds(self) -> None:
        db = self.database()
        for score in (0.0, 0.1, 0.7, 0.71, 1.0):
            db.execution(NOW - 60, score, agent="A")
        db.execution(NOW - 60, None, agent="Unscored")
        db.close()
        counts = {"0.1": 2, "0.6": 2, "0.7": 3, "0.75": 4, "0.95": 4, "1.0": 5, "+Inf": 5}
        for le, count in counts.items():
            self.assertEqual(self.value("qsr_score_bucket", agent="A", le=le), count, le)
        self.assertEqual(self.value("qsr_score_count", agent="A"), 5)
        self.assertAlmostEqual(self.value("qsr_score_sum", agent="A"), 2.51)
        self.assertIsNone(self.value("qsr_score_count", agent="Unscored"))

    def test_an_old_edge_may_be_off_by_a_hundredth_of_the_window(self) -> None:
        db = self.database()
        db.execution(NOW - HOUR * 1.02, 0.1, agent="A")
        db.execution(NOW - HOUR * 1.005, 0.2, agent="A")
        db.execution(NOW - HOUR * 0.995, 0.6, agent="A")
        db.execution(NOW - HOUR * 0.98, 0.8, agent="A")
        db.close()
        average = self.allowed("qsr_average", agent="A", window="1h")
        allowed = {round(value, 9) for value in average.values}
        self.assertEqual(allowed, {0.8, 0.7, round(1.6 / 3, 9)})
        self.assertTrue(average.accepts(0.7))
        self.assertFalse(average.accepts(0.425))
        self.assertFalse(average.accepts(None))

    def test_a_lone_sample_at_the_edge_may_be_absent(self) -> None:
        db = self.database()
        db.execution(NOW - HOUR, 0.5, agent="A")
        db.close()
        samples = self.allowed("qsr_samples", agent="A", window="1h")
        self.assertTrue(samples.accepts(None) and samples.accepts(1))

    def test_a_row_ahead_of_the_clock_is_in_no_bounded_window_yet(self) -> None:
        db = self.database()
        db.execution(NOW + 120, 0.5, agent="A")
        db.execution(NOW + 2 * HOUR, 0.75, agent="A")
        db.close()
        self.assertIsNone(self.value("qsr_samples", agent="A", window="7d"))
        self.assertEqual(self.value("qsr_samples", agent="A", window="all"), 2)
        last = self.value("agent_last_execution_timestamp_seconds", agent="A")
        self.assertEqual(last, NOW + 120)
        self.assertEqual(self.rejected(), {"future_timestamp": 1})
        self.now = (NOW + 119, NOW + 121)
        samples = self.allowed("qsr_samples", agent="A", window="1h")
        self.assertTrue(samples.accepts(None) and samples.accepts(1))

    def test_a_score_is_divided_by_the_scale(self) -> None:
        db = self.database()
        db.execution(NOW, 70, agent="A")
        db.execution(NOW, 101, agent="A")
        db.close()
        self.config = {"stores": [{"path": self.path, "name": "s", "score_scale": 100}]}
        self.assertEqual(self.value("qsr_score_bucket", agent="A", le="0.7"), 1)
        self.assertEqual(self.rejected(), {"out_of_range": 1})


class GateTests(OracleTestCase):
    def evaluations(self, key: str, values: list[Any], **more: Any) -> None:
        """One evaluation a value, an hour apart, the last one an hour ago."""
        db = self.database()
        for index, value in enumerate(values):
            age = (len(values) - index) * HOUR
            db.evaluation(NOW - age, **{"gate": "G", key: value} | more)
        db.close()

    def test_three_low_evaluations_breach_once(self) -> None:
        self.evaluations("consistency", [0.8, 0.8, 0.8, 0.8])
        self.assertEqual(self.value("gate_low_consistency_streak", gate="G"), 4)
        self.assertEqual(self.value("gate_low_consistency_breaches_total", gate="G"), 1)

    def test_a_hole_neither_extends_nor_breaks_a_streak(self) -> None:
        self.evaluations("consistency", [0.8, None, 0.8, "x", 0.9, 0.8, 0.8, 2, 0.8])
        self.assertEqual(self.value("gate_low_consistency_streak", gate="G"), 3)
        self.assertEqual(self.value("gate_low_consistency_breaches_total", gate="G"), 1)
        self.assertEqual(self.value("gate_consistency", gate="G"), 0.8)
        self.assertEqual(self.rejected(), {"wrong_type": 1, "out_of_range": 1})

    def test_an_override_moves_a_gates_limits(self) -> None:
        self.evaluations("consistency", [0.8, 0.8])
        gates = {"G": {"consistency_streak": 2, "threshold_staleness": "48h"}}
        self.config = {"objectives": {"gates": gates}}
        self.assertEqual(self.value("gate_low_consistency_breaches_total", gate="G"), 1)
        staleness = self.value("gate_objective", gate="G", indicator="threshold_staleness_seconds")
        self.assertEqual(staleness, 2 * DAY)
        self.assertEqual(self.value("objective", indicator="consistency_streak"), 3)

    def test_a_move_is_a_change_by_more_than_a_billionth(self) -> None:
        self.evaluations("threshold", [0.5, None, 0.5, 0.5 + 5e-10, 0.6, 0.6])
        self.assertEqual(self.value("gate_threshold_moves_total", gate="G"), 1)
        last = self.value("gate_threshold_last_move_timestamp_seconds", gate="G")
        self.assertEqual(last, NOW - 2 * HOUR)

    def test_the_latest_move_is_the_one_of_the_highest_id(self) -> None:
        db = self.database()
        for age, threshold in ((5, 0.5), (2, 0.6), (3, 0.7)):
            db.evaluation(NOW - age * HOUR, gate="G", threshold=threshold)
        db.insert(EVALUATION, {"gate": "G", "current_threshold": 0.8}, ts="?")
        db.close()
        self.assertEqual(self.value("gate_threshold_moves_total", gate="G"), 3)
        last = self.value("gate_threshold_last_move_timestamp_seconds", gate="G")
        self.assertEqual(last, NOW - 3 * HOUR)

    def test_without_a_move_the_first_threshold_gives_the_time(self) -> None:
        self.evaluations("threshold", [None, 0.5, 0.5])
        last = self.value("gate_threshold_last_move_timestamp_seconds", gate="G")
        self.assertEqual(last, NOW - 2 * HOUR)
        self.assertEqual(self.value("gate_threshold_moves_total", gate="G"), 0)

    def test_drift_is_from_the_last_threshold_before_the_window(self) -> None:
        db = self.database()
        for age, threshold in ((3 * DAY, 0.9), (2 * HOUR, 0.5), (1800, 0.6), (600, 0.7)):
            db.evaluation(NOW - age, gate="G", threshold=threshold)
        db.close()
        for window, drift in {"1h": 0.2, "24h": -0.2, "7d": -0.2, "all": -0.2}.items():
            value = self.value("gate_threshold_drift", gate="G", window=window)
            self.assertAlmostEqual(value, drift, msg=window)

    def test_drift_is_not_served_for_a_window_without_threshold(self) -> None:
        self.evaluations("threshold", [0.5, 0.6, None])
        self.config = {"windows": ["90m", "3h"]}
        self.assertIsNone(self.value("gate_threshold_drift", gate="G", window="90m"))
        drift = self.allowed("gate_threshold_drift", gate="G", window="3h")
        self.assertTrue(drift.accepts(0.1))
        self.assertFalse(drift.accepts(None))

    def state(self, *rows: tuple[float, Any, bool]) -> str | None:
        """The state after evaluations of (age in hours, threshold, calibration_needed)."""
        db = self.database()
        for age, threshold, needed in rows:
            db.evaluation(NOW - age * HOUR, gate="G", threshold=threshold, needed=needed)
        db.close()
        names = ("idle", "moving", "stalled", "settled")
        values = {name: self.value("gate_threshold_state", gate="G", state=name) for name in names}
        if set(values.values()) == {None}:
            return None
        self.assertEqual(sorted(values.values()), [0, 0, 0, 1])
        return next(name for name, value in values.items() if value == 1)

    def test_a_gate_without_recent_evaluation_is_idle(self) -> None:
        self.assertEqual(self.state((30, 0.5, True), (25, 0.6, True)), "idle")

    def test_a_gate_that_moved_is_moving(self) -> None:
        self.assertEqual(self.state((30, 0.5, True), (2, 0.6, False)), "moving")

    def test_a_gate_that_should_have_moved_is_stalled(self) -> None:
        self.assertEqual(self.state((30, 0.5, True), (29, 0.6, True), (2, 0.6, True)), "stalled")

    def test_the_move_itself_does_not_stall_a_gate(self) -> None:
        self.assertEqual(self.state((30, 0.5, True), (29, 0.6, True), (2, 0.6, False)), "settled")

    def test_a_gate_without_threshold_has_no_state(self) -> None:
        self.assertIsNone(self.state((2, None, True)))

    def test_counters_begin_at_0_with_the_first_evaluation(self) -> None:
        db = self.database()
        db.insert(EVALUATION, {"gate": "G"}, ts=iso(NOW))
        db.close()
        for name in ("low_consistency_breaches_total", "calibrations_needed_total",
                     "threshold_moves_total", "low_consistency_streak"):  # fmt: skip
            self.assertEqual(self.value(f"gate_{name}", gate="G"), 0, name)
        self.assertEqual(self.value("gate_evaluations_total", gate="G"), 1)
        self.assertIsNone(self.value("gate_threshold", gate="G"))


class MaturityTests(OracleTestCase):
    def test_a_slope_is_per_day(self) -> None:
        db = self.database()
        for age, score in ((4, 0.2), (3, 0.3), (2, 0.4), (30, 0.9)):
            payload = {"agent": "A", "rmm_score": score}
            db.insert("note", payload, ts=iso(NOW - age * DAY))
        db.insert("note", {"gate": "Once", "rmm_score": 0.5}, ts=iso(NOW - DAY))
        db.close()
        self.assertAlmostEqual(self.value("rmm_progression_per_day", subject="A"), 0.1)
        self.assertIsNone(self.value("rmm_progression_per_day", subject="Once"))
        self.assertEqual(self.value("rmm_score", subject="A"), 0.9)
        self.assertAlmostEqual(self.value("rmm_average", subject="A", window="7d"), 0.3)
        self.assertAlmostEqual(self.value("rmm_average", subject="A", window="all"), 0.45)
        self.assertEqual(self.value("subject_objective", subject="A", indicator="rmm"), 0.75)

    def test_a_subject_is_the_agent_then_the_gate_then_the_event(self) -> None:
        db = self.database()
        for payload in ({"agent": "A", "gate": "G"}, {"agent": "", "gate": "G"}, {"gate": 5}):
            db.insert("note", payload | {"rmm_score": 0.5}, ts=iso(NOW))
        db.close()
        for subject in ("A", "G", "note"):
            self.assertEqual(self.value("rmm_score", subject=subject), 0.5, subject)


if __name__ == "__main__":
    unittest.main()
