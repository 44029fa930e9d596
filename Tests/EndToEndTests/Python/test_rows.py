"""Hand-made rows: what is accepted, rejected, folded and retired."""

from __future__ import annotations

import unittest

from contract import EVALUATION, EXECUTION
from database import RawText, iso
from oracle_case import DAY, NOW, OracleTestCase


class RowTests(OracleTestCase):
    def test_a_row_has_the_first_reason_that_holds(self) -> None:
        payloads = {
            "too_large": '{"x": "' + "y" * 2000 + '"',
            "invalid_json": "[1,]",
            "not_object": "[1]",
            "wrong_type": '{"output_quality": "1", "rmm_score": NaN}',
            "non_finite": '{"output_quality": 1e999, "rmm_score": 2}',
            "out_of_range": '{"output_quality": 1.5, "rmm_score": 0.5}',
        }
        db = self.database()
        for payload in payloads.values():
            db.insert(EXECUTION, payload, ts=iso(NOW))
        db.insert(EXECUTION, '{"output_quality": "1"}', ts="yesterday")
        db.insert(EXECUTION, '{"output_quality": "1"}', ts=iso(NOW + DAY))
        db.close()
        self.config = {"limits": {"payload_bytes": 1000}}
        reasons = [*payloads, "bad_timestamp", "future_timestamp"]
        self.assertEqual(self.rejected(), {reason: 1 for reason in reasons})
        self.assertEqual(self.value("evidence_rows_total", event=EXECUTION), 8)
        self.assertEqual(self.value("agent_executions_total", agent="unknown"), 5)
        self.assertEqual(self.value("rmm_score", subject=EXECUTION), 0.5)

    def test_payloads_are_accepted_as_the_contract_says(self) -> None:
        deep = "[" * 511 + "]" * 511
        good = ["{}", ' \t\n\r{"x": [NaN, Infinity, -Infinity]}', f'{{"x": {deep}}}',
                '{"x": "\\ud83d"}', '{"agent": 1, "agent": null}', b"{}"]  # fmt: skip
        bad = [f'{{"x": [{deep}]}}', "\ufeff{}", "{} {}", '{"x": -NaN}', '{"x": 01}', '{"x": "\n"}',
               "{}\0", "", "[" * 100_000, RawText(b'{"x": "\xff"}'), None]  # fmt: skip
        db = self.database()
        for payload in [*good, *bad]:
            db.insert(EXECUTION, payload, ts=iso(NOW))
        db.close()
        self.assertEqual(self.rejected(), {"invalid_json": len(bad)})
        self.assertEqual(self.value("agent_executions_total", agent="unknown"), len(good))

    def test_fields_that_a_row_does_not_use_are_no_reason_to_reject(self) -> None:
        db = self.database()
        odd = {"output_quality": "x", "current_threshold": 5, "self_assessment": 1}
        db.insert("note", odd, ts=iso(NOW))
        db.insert(EXECUTION, odd | {"output_quality": 0.5}, ts=iso(NOW))
        db.close()
        self.assertEqual(self.rejected(), {})

    def test_times_are_taken_from_the_first_readable_place(self) -> None:
        db = self.database(columns="timestamp, ts")
        rows = {
            "ts": ("5", 6, 7),
            "timestamp": ("5 ", 6.5, 7),
            "payload": (b"5", None, "2001-09-09T01:46:40.5+00:00"),
            "offset": ("1970-01-01 02:00:00.25+0200", None, None),
            "none": ("2023-02-29T00:00:00", "1e5", "5"),
            "hour": ("2023-02-28T24:00:00", "2023-02-28T00:00:00+24:00", None),
        }
        for event, (ts, timestamp, time) in rows.items():
            db.insert(event, {"timestamp": time}, ts=ts, timestamp=timestamp)
        db.close()
        times = {"ts": 5, "timestamp": 6.5, "payload": 1e9 + 0.5, "offset": 0.25}
        for event in rows:
            value = self.value("evidence_last_timestamp_seconds", event=event)
            self.assertEqual(value, times.get(event), event)
        self.assertEqual(self.rejected(), {"bad_timestamp": 2})
        labels = {"path": self.path, "time_column": "ts,timestamp", "journal_mode": "delete"}
        self.assertEqual(self.value("store_info", **labels), 1)

    def test_events_that_are_no_text_are_unknown(self) -> None:
        db = self.database()
        for event in (None, b"note", RawText(b"\xff"), "", "note"):
            db.insert(event, "{}", ts=iso(NOW))
        db.close()
        self.assertEqual(self.value("evidence_rows_total", event="unknown"), 4)
        self.assertEqual(self.value("evidence_rows_total", event=EVALUATION), 0)
        self.assertEqual(self.value("store_tail_id"), 5)

    def test_an_empty_table_has_only_what_begins_at_0(self) -> None:
        self.database().close()
        self.assertEqual(self.value("store_tail_id"), 0)
        self.assertEqual(self.value("label_overflow_total", label="gate"), 0)
        self.assertEqual(self.rejected(), {})
        self.assertIsNone(self.value("store_qsr_samples", window="all"))


class LabelTests(OracleTestCase):
    def test_later_and_long_names_are_folded(self) -> None:
        db = self.database()
        for agent in ("é" * 129, "A", "B", "C", "A", "", "C"):
            db.execution(NOW, 0.5, agent=agent, rmm_score=0.5)
        db.close()
        limits = {"agents": {"A": {"qsr": 0.1}, "_other": {"qsr": 0.2}}}
        self.config = {"limits": {"label_values": 2}, "objectives": limits}
        counts = {"A": 2, "B": 1, "C": None, "unknown": 1, "_other": 3}
        for agent, count in counts.items():
            self.assertEqual(self.value("agent_executions_total", agent=agent), count, agent)
        self.assertEqual(self.value("label_overflow_total", label="agent"), 3)
        self.assertIsNone(self.value("qsr_latest_score", agent="_other"))
        self.assertIsNone(self.value("rmm_score", subject="_other"))
        self.assertEqual(self.value("agent_objective", agent="A", indicator="qsr"), 0.1)
        self.assertEqual(self.value("agent_objective", agent="_other", indicator="qsr"), 0.6)

    def test_names_are_equal_only_if_their_bytes_are(self) -> None:
        db = self.database()
        for agent in ("é", "e\u0301", "nul\0", "\ud83d"):
            db.execution(NOW, 0.5, agent=agent)
        db.close()
        for agent in ("é", "e\u0301", "nul\0", "\ufffd"):
            self.assertEqual(self.value("agent_executions_total", agent=agent), 1, agent)

    def test_folded_gates_have_no_streaks_moves_or_latest_values(self) -> None:
        db = self.database()
        for gate in ("A", "B"):
            db.evaluation(NOW, gate=gate, consistency=0.1, needed=True)
        db.close()
        self.config = {"limits": {"label_values": 1}}
        for name in ("evaluations_total", "calibrations_needed_total", "score_count"):
            self.assertEqual(self.value(f"gate_{name}", gate="_other"), 1, name)
        self.assertEqual(self.value("gate_threshold_average", gate="_other", window="all"), 0.5)
        for name in ("low_consistency_streak", "threshold_moves_total", "threshold", "consistency"):
            self.assertIsNone(self.value(f"gate_{name}", gate="_other"), name)

    def test_a_name_retires_after_its_newest_evidence(self) -> None:
        db = self.database()
        db.execution(NOW - 2 * DAY, 0.5, agent="Old")
        db.execution(NOW - DAY, 0.5, agent="Edge")
        db.execution(NOW, 0.5, agent="New")
        db.close()
        self.config = {"retire_after": "1d"}
        self.assertIsNone(self.value("agent_executions_total", agent="Old"))
        self.assertEqual(self.value("agent_executions_total", agent="Edge"), 1)
        self.assertEqual(self.value("store_qsr_samples", window="all"), 3)
        self.now = (NOW, NOW + 1)
        self.assertTrue(self.allowed("agent_executions_total", agent="Edge").accepts(None))


if __name__ == "__main__":
    unittest.main()
