"""Databases with payloads that no careful writer would leave."""

from __future__ import annotations

import json
from typing import Any

from contract import DAY, EVALUATION, EXECUTION
from database import Database, RawText, Value, iso
from flavors import Plot, flavor, seed_rows
from flavors_names import NAMES
from flavors_times import time_texts

SCORES = (
    "0.5", "0.25", "1", "0", "1.0", "0.0", "-0", "-0.0", "1e0", "5e-1", "5E-01", "10e-1", "1e-400",
    "-1e-400", "1e400", "-1e400", "NaN", "Infinity", "-Infinity", "-NaN", "+Infinity", "nan", "inf",
    "1.0000000000000002", "1.00000000000000001", "-5e-324", "1e-324", "01", "00", ".5", "5.", "+1",
    "1e", "1e+", "- 1", "1_0", "2", "-0.1", "null", "true", '"0.5"', "[0.5]", "{}", "9" * 400,
    "0." + "0" * 400 + "1", "0." + "9" * 400, "0.1e1", "0.30000000000000004", "1E400", "0.7500",
    "0x1",
)  # fmt: skip


def random_text(plot: Plot) -> str:
    """A payload broken, or not, in one of the ways that JSON can be."""
    score = plot.rng.choice(SCORES)
    good = f'{{"agent": "A", "gate": "G", "output_quality": {score}, "rmm_score": 0.5}}'
    deep = plot.rng.choice([1, 63, 64, 65, 510, 511, 512, 600])
    odd = '"agent": "A", "gate": "G", "output_quality": 0.5'
    return plot.rng.choice(
        [
            good,
            good[: plot.rng.randrange(len(good))],
            good + plot.rng.choice(["x", "{}", ",", " ", "\n\t\r ", "\0", "\x0b", "\xa0"]),
            "\ufeff" + good,
            f'{{{odd}, "x": {"[" * deep}{"]" * deep}}}',
            f'{{{odd}, "x": {"[{" * (deep // 2)}{"}]" * (deep // 2)}}}',
            f'{{{odd}, "x": {"{" * 3}}}',
            f'{{{odd}, "output_quality": {score}}}',
            f'{{{odd}, "output_quality": null}}',
            f'{{{odd}, "self_assessment": {{"consistency": 0.1}}, "self_assessment": null}}',
            f'{{{odd}, "self_assessment": {{"consistency": 0.1}}, "self_assessment": {{}}}}',
            f'{{{odd}, "self_assessment": {{"consistency": {score}, "consistency": 0.2}}}}',
            f'{{{odd}, "output_qualit\\u0079": 0.25}}',
            f"{{{odd},}}",
            f"{{{odd}, }}",
            f"{{{odd} // note\n}}",
            "{'agent': 'A'}",
            f'{{{odd}, "x": "a\nb"}}',
            f'{{{odd}, "x": "\x7f\\/\\b\\u00e9"}}',
            f'{{{odd}, "x": "\\x41"}}',
            f'{{{odd}, "x": "\\u12g4"}}',
            f'{{{odd}, "x": "\\ud83d", "y": "\\ud83d\\ude00"}}',
            f'{{{odd}, "x": [1, 2,]}}',
            f'{{{odd}, "x": tru}}',
            f'{{{odd}, "x": True}}',
            f'{{{odd} "x": 1}}',
            "[" + good + "]",
            plot.rng.choice(["5", '"text"', "null", "true", "NaN", "[]", "{}", "", " ", "-"]),
            "[" * 100_000,
            "{" + '"a":{' * 2000,
        ]
    )


@flavor
def json_texts(plot: Plot) -> dict[str, Any]:
    db = Database(plot.path)
    events = [EXECUTION, EVALUATION, "note"]
    for number, score in enumerate(SCORES):
        text = f'{{"agent": "score {number}", "output_quality": {score}, "rmm_score": {score}}}'
        db.insert(EXECUTION, text, ts=iso(plot.now - 60))
    for _ in range(600):
        time = plot.now - plot.rng.uniform(0, DAY)
        db.insert(plot.rng.choice(events), random_text(plot), ts=iso(time))
    db.close()
    return {}


@flavor
def nesting(plot: Plot) -> dict[str, Any]:
    """512 levels are fine, 513 are not."""
    db = Database(plot.path)
    for levels in (511, 512):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            inner = opening * levels + ("0" if opening != "[" else "") + closing * levels
            text = f'{{"output_quality": 0.5, "agent": "{levels} {closing}", "x": {inner}}}'
            db.insert(EXECUTION, text, ts=iso(plot.now - 60))
    db.close()
    return {}


@flavor
def wrong_types(plot: Plot) -> dict[str, Any]:
    """One or two odd values in every field that is used, on every kind of row."""
    db = Database(plot.path)
    odd: list[Any] = [True, False, "0.5", [], {}, None, 2, -1, 1.5, 0.5]
    odd += [float("nan"), -float("inf")]
    fields = ("output_quality", "current_threshold", "rmm_score", "self_assessment")
    inner = ("consistency", "confidence", "calibration_needed")
    for _ in range(900):
        assessment: dict[str, Any] = {"consistency": 0.5, "calibration_needed": True}
        payload: dict[str, Any] = {"agent": "A", "gate": "G", "output_quality": 0.5}
        payload["self_assessment"] = assessment
        for _ in range(plot.rng.choice([0, 1, 1, 2, 3])):
            holder, keys = plot.rng.choice([(payload, fields), (assessment, inner)])
            holder[plot.rng.choice(keys)] = plot.rng.choice(odd)
        time = plot.rng.choice([iso(plot.now - 60), iso(plot.now - 60), "?"])
        db.insert(plot.rng.choice([EXECUTION, EVALUATION, "note"]), payload, ts=time)
    db.close()
    return {}


@flavor
def percent(plot: Plot) -> dict[str, Any]:
    """Scores from 0 to 100, with values that lie on the buckets."""
    db = Database(plot.path)
    scores = [0, 10, 20, 30, 70, 75, 90, 95, 99.99, 100, 100.00001, 101, -1, 0.5, 33.3]
    for time in plot.times(300):
        score = plot.rng.choice(scores)
        db.execution(time, score, rmm_score=plot.rng.choice(scores))
        consistency = plot.rng.choice([89, 90, 91, 100, 120])
        db.evaluation(time, score=score, consistency=consistency, threshold=score)
    db.close()
    return {"score_scale": 100}


@flavor
def raw_values(plot: Plot) -> dict[str, Any]:
    """BLOBs, SQL NULLs and text that is not UTF-8, in every column."""
    db = Database(plot.path)
    good = b'{"agent": "A", "gate": "G", "output_quality": 0.5, "rmm_score": 0.25}'
    payloads: list[Value] = [None, good, RawText(good), b"", RawText(b""), 5, 2.5, b"[]", b"\x00"]
    bad = b'{"agent": "\xff", "output_quality": 0.5}', b"\xef\xbb\xbf" + good, good + b"\x00"
    surrogate, overlong = b'{"agent": "\xed\xa0\xbd"}', b'{"agent": "\xc0\x80"}'
    payloads += [wrap(text) for text in (*bad, surrogate, overlong) for wrap in (RawText, bytes)]
    payloads.append(RawText(good.replace(b"A", b"\xf4\x90\x80\x80")))
    payloads.append(RawText(good.decode().encode("utf-16")))
    events: list[Value] = [EXECUTION, EVALUATION, EXECUTION.encode(), None, "", b"", 5, 2.5]
    events += [RawText(b"\xff\xfe"), RawText(b"caf\xe9"), RawText(b"a\x00b")]
    events += ["note", EXECUTION + "\0"]
    for event in events:
        for payload in payloads:
            ts = plot.rng.choice([iso(plot.now - 60), iso(plot.now - 7200).encode(), None])
            db.insert(event, payload, ts=ts)
    db.close()
    return {}


@flavor
def payload_events(plot: Plot) -> dict[str, Any]:
    """The column `event` decides; what the payload calls itself does not matter."""
    db = Database(plot.path)
    kinds = [EXECUTION, EVALUATION, "note", "METACOGNITIVE_AGENT_EXECUTION", EXECUTION + " "]
    for time in plot.times(200):
        payload = {"event": plot.rng.choice(kinds), "output_quality": plot.score()}
        payload |= {"current_threshold": plot.score(), "agent": "A", "gate": "G"}
        db.insert(plot.rng.choice(kinds), payload, ts=iso(time))
    db.close()
    return {}


@flavor
def oversized(plot: Plot) -> dict[str, Any]:
    """Payloads around the limit, of each kind; a BLOB and broken ones too."""
    db = Database(plot.path)
    for length in (1023, 1024, 1025, 5000):
        for event in (EXECUTION, EVALUATION, "note", None):
            text = json.dumps({"agent": "A", "output_quality": 0.5, "rmm_score": 0.5, "x": ""})
            text = text[:-2] + "é" * ((length - len(text)) // 2) + '"}'
            text += " " * (length - len(text.encode()))
            db.insert(event, text, ts=iso(plot.now - length))
            db.insert(event, text.encode(), ts=None)
            db.insert(event, "x" * length, ts=iso(plot.now - 2 * length))
    db.close()
    return {"limits": {"payload_bytes": 1024}}


@flavor
def soup(plot: Plot) -> dict[str, Any]:
    """A seed-like database with all of the oddities strewn in."""
    db = Database(plot.path, columns="ts, timestamp TEXT", journal="wal")
    odd: list[Any] = [None, "", True, "x", 2, -0.5, float("nan"), 1e-400, 0.9, 0.1, 1, 0]
    texts = time_texts(plot)

    def value() -> Any:
        return plot.rng.choice(odd) if plot.rng.random() < 0.1 else plot.score()

    for _ in range(800):
        roll = plot.rng.random()
        time = iso(plot.now - plot.rng.expovariate(1 / (2 * DAY)))
        ts = plot.rng.choice(texts) if roll < 0.1 else time
        payload = {
            "agent": plot.rng.choice(["A", "B", "C", *NAMES[:20], None]),
            "gate": plot.rng.choice(["G", "H", *NAMES[:10], 3]),
            "output_quality": value(),
            "rmm_score": value(),
            "current_threshold": plot.rng.choice([0.5, 0.5 + 1e-9, 0.6, value()]),
            "self_assessment": {"consistency": value(), "calibration_needed": roll < 0.3},
            "timestamp": plot.rng.choice([*texts, 1700000000]),
        }
        event = plot.rng.choice([EXECUTION, EXECUTION, EVALUATION, EVALUATION, "note", None])
        text = json.dumps(payload) if roll > 0.05 else random_text(plot)
        db.insert(event, text, ts=ts, timestamp=plot.rng.choice([time, None]))
    db.run("DELETE FROM evidence WHERE id % 13 = 0")
    seed_rows(plot, db, lambda time: {"timestamp": iso(time)}, count=50)
    return {"limits": {"label_values": 12}, "objectives": {"consistency": 0.75, "rmm": 0.5}}
