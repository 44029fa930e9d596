"""The drop oracle against the vectors, and its series."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

import drops
from allowed import Clock, key
from config import Config
from series import Page

VECTORS = Path(__file__).parents[2] / "ReflexiveCoreTests/Drops/golden.json"
START = 1_700_000_000.0


def exact(value: Any) -> Any:
    """A vector's value, with its numbers, which are text, as numbers."""
    if isinstance(value, dict):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return float(value) if isinstance(value, str) else value


def state(watch: drops.Watch) -> dict[str, Any]:
    """All that a watch knows, named as in the vectors."""
    streaks = vars(watch.streaks).copy()
    del streaks["last"]
    return {
        "objective": reference(watch.objective),
        "normal": reference(watch.normal),
        "epoch": vars(watch.epoch),
        "streaks": streaks,
        "rise": watch.rise,
        "epochs": watch.epochs,
    }


def reference(it: drops.Reference) -> dict[str, Any]:
    stretches = {name: vars(getattr(it, name)).copy() for name in ("near", "far")}
    for stretch in stretches.values():
        del stretch["time"]
    rise = {"rise": it.rise.depth, "rise_count": it.rise.count, "rise_sum": it.rise.sum}
    return vars(it) | stretches | rise


class DropTests(unittest.TestCase):
    def test_every_state_of_the_vectors_is_equal_to_the_last_bit(self) -> None:
        compared = 0
        for stream in json.loads(VECTORS.read_text("utf-8")):
            watch = drops.Watch(drops.Settings(**exact(stream["config"])))
            states = {step["row"]: step for step in stream["states"]}
            for row, score in enumerate(exact(stream["scores"])):
                watch.apply((stream["first_id"] + row, START + 60 * row, score))
                if row in states:
                    expected = exact(states[row]["state"])
                    self.assertEqual(state(watch), expected, f"{stream['name']}, row {row}")
                    compared += 1
        self.assertEqual(compared, 210)


class SeriesTests(unittest.TestCase):
    def setUp(self) -> None:
        self.page = Page("s", Clock(START, START), Config())

    def add(self, scores: list[float], objective: float = 0.6) -> None:
        rows = [(1 + row, START + row, score) for row, score in enumerate(scores)]
        drops.add(self.page, "qsr", rows, objective, agent="A")

    def value(self, name: str, **labels: str) -> float | None:
        found = self.page.series.get(key(f"reflexive_{name}", store="s", agent="A", **labels))
        return found.values[0] if found else None

    def test_a_drop_has_a_mean_a_start_and_a_limit_while_it_lasts(self) -> None:
        self.add([0.75] * 100 + [0.25] * 40)
        for name in ("objective", "normal"):
            self.assertEqual(self.value("qsr_drops_total", reference=name), 1)
            self.assertEqual(self.value("qsr_drop_active", reference=name), 1)
            self.assertEqual(self.value("qsr_drop_mean", reference=name), 0.25)
            self.assertEqual(self.value("qsr_drop_samples", reference=name), 40)
            self.assertEqual(self.value("qsr_drop_start_id", reference=name), 101)
            start = self.value("qsr_drop_start_timestamp_seconds", reference=name)
            self.assertEqual(start, START + 100)
        self.assertEqual(self.value("qsr_drop_limit", reference="objective"), 0.6)
        self.assertGreater(self.value("qsr_drop_evidence", reference="objective"), 10_000)

    def test_a_steady_mean_has_no_start(self) -> None:
        self.add([0.75] * 20)
        self.assertEqual(self.value("qsr_drop_active", reference="normal"), 0)
        self.assertIsNone(self.value("qsr_drop_start_id", reference="normal"))
        self.assertIsNone(self.value("qsr_drop_mean", reference="normal"))
        self.assertEqual(self.value("qsr_normal"), 0.75)

    def test_where_nothing_is_judged_there_is_no_limit(self) -> None:
        self.add([0.75], objective=0.0)
        self.assertIsNone(self.value("qsr_drop_limit", reference="objective"))
        self.assertIsNone(self.value("qsr_drop_limit", reference="normal"))
        self.assertEqual(self.value("qsr_drop_evidence", reference="objective"), 0)

    def test_with_drops_off_there_is_no_series(self) -> None:
        self.page.config.merge({"drop": False})
        self.add([0.75] * 20)
        self.assertEqual(self.page.series, {})

    def test_without_a_usable_score_there_is_a_counter_alone(self) -> None:
        self.add([])
        names = {name for name, _ in self.page.series}
        self.assertEqual(names, {"reflexive_qsr_drops_total"})


if __name__ == "__main__":
    unittest.main()
