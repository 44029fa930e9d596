"""Tests that the comparison notices what is wrong on a page."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from allowed import Clock
from compare import compare
from config import Config
from database import Database
from exposition_check import page_faults
from oracle import expected
from page import OPENMETRICS, TEXT, parse
from render import render, with_fixed_series

NOW = 1_700_000_000.0


class CompareTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name, "s.db"))
        db = Database(self.path)
        db.execution(NOW - 60, 0.65, agent='quote " and\nline', rmm_score=0.5)
        db.execution(NOW - 50, 0.85, agent="B")
        db.evaluation(NOW - 40, score=0.2)
        db.close()
        allowed = expected(self.path, NOW, store="s")
        values = {series: expectation.values[0] for series, expectation in allowed.items()}
        self.values = with_fixed_series(values, "s")

    def faults(self, text: str, format: str = TEXT) -> list[str]:
        pages = [parse(text.encode(), format)]
        clock = Clock(NOW, NOW)
        found = compare(pages, clock, db=self.path, store="s", config=Config())
        return found + page_faults(pages[0])

    def assert_fault(self, text: str, words: str, format: str = TEXT) -> None:
        found = self.faults(text, format)
        self.assertTrue(any(words in line for line in found), f"{words!r} not in {found}")

    def tampered(self, line: str, replacement: str, openmetrics: bool = False) -> str:
        """The good page with one line changed."""
        text = render(self.values, openmetrics)
        self.assertEqual(text.count(line), 1)
        return text.replace(line, replacement)

    def test_the_expected_page_agrees_in_both_formats(self) -> None:
        self.assertEqual(self.faults(render(self.values)), [])
        self.assertEqual(self.faults(render(self.values, openmetrics=True), OPENMETRICS), [])

    def test_a_wrong_a_missing_and_an_unexpected_series_are_seen(self) -> None:
        line = 'reflexive_qsr_latest_score{agent="B",store="s"} 0.85\n'
        self.assert_fault(self.tampered(line, line.replace("0.85", "0.8500001")), "wrong ")
        self.assert_fault(self.tampered(line, ""), "missing ")
        self.assert_fault(self.tampered(line, line + line.replace('"B"', '"C"')), "unexpected ")

    def test_what_the_contract_does_not_list_is_seen(self) -> None:
        up = 'reflexive_store_up{store="s"} 1.0\n'
        extra = '# HELP reflexive_new A.\n# TYPE reflexive_new gauge\nreflexive_new{store="s"} 1\n'
        text = render(self.values)
        self.assert_fault(text + extra, "not in docs/metrics.md")
        self.assert_fault(self.tampered(up, ""), "reflexive_store_up of store 's'")
        labelled = up.replace("}", ',host="x"}')
        self.assert_fault(self.tampered(up, labelled), "labels of reflexive_store_up")
        kind = 'reflexive_store_read_errors_total{kind="io",store="s"} 1.0\n'
        self.assert_fault(self.tampered(kind, ""), "reflexive_store_read_errors_total")
        type = "# TYPE reflexive_gate_threshold gauge\n"
        self.assert_fault(self.tampered(type, type.replace("gauge", "unknown")), "has type")

    def test_an_exemplar_of_another_bucket_or_name_is_seen(self) -> None:
        line = 'reflexive_qsr_score_bucket{agent="B",le="0.9",store="s"} 1'

        def with_exemplar(id: int, score: float = 0.85, bucket: str = line) -> str:
            exemplar = f'{bucket} # {{evidence_id="{id}"}} {score}'
            return self.tampered(bucket, exemplar, openmetrics=True)

        self.assertEqual(self.faults(with_exemplar(2), OPENMETRICS), [])
        self.assert_fault(with_exemplar(1), "another agent", OPENMETRICS)
        self.assert_fault(with_exemplar(9), "another agent", OPENMETRICS)
        self.assert_fault(with_exemplar(2, 0.84), "has not the score", OPENMETRICS)
        wide = line.replace('"0.9"', '"0.95"')
        self.assert_fault(with_exemplar(2, 0.85, wide), "but the score is", OPENMETRICS)

    def test_a_page_that_is_no_sound_exposition_is_seen(self) -> None:
        line = 'reflexive_qsr_latest_score{agent="B",store="s"} 0.85\n'
        swapped = 'reflexive_qsr_latest_score{store="s",agent="B"} 0.85\n'
        self.assert_fault(self.tampered(line, line + swapped), "duplicate series")
        self.assert_fault(self.tampered(line, "") + line, "interleaved")
        help = "# HELP reflexive_gate_threshold A sentence.\n"
        self.assert_fault(self.tampered(help, ""), "has no HELP")
        bucket = 'reflexive_qsr_score_bucket{agent="B",le="0.9",store="s"} 1\n'
        self.assert_fault(self.tampered(bucket, bucket.replace(" 1\n", " 3\n")), "does not add up")
        open_end = render(self.values, openmetrics=True).removesuffix("# EOF\n")
        self.assert_fault(open_end, "refused by", OPENMETRICS)


if __name__ == "__main__":
    unittest.main()
