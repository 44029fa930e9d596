"""Writes broken and odd rows, and the evidence that each of them gives.

usage: json_oracle.py SEED COUNT NOW

The evidence is that of the oracle of the end-to-end tests, the second implementation of docs/metrics.md,
"From a row to evidence". Two programs that share no code have to agree. Each row is six fields: event, ts
(empty for NULL), payload, the numbers in the payload, the evidence, and how the payload was changed. A
field is a big-endian 32-bit length and as many bytes.
"""

import json
import math
import random
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "EndToEndTests/Python"))

import evidence
import payload as json_payload
from config import Config
from contract import EVALUATION, EXECUTION, NAME_BYTES

SEPARATOR = b"\x1f"
CONFIG = Config()


# The evidence, as the tests of the core write it

def verdict(event, ts, payload, now):
    """The fields `numbers` and `evidence` of a row."""
    times = [("text", ts.encode())] if ts else [("null", None)]
    row = evidence.decode(
        1, "text", event.encode(), "text", payload, times, config=CONFIG, first_read=now)
    if row.rejection in ("invalid_json", "not_object"):
        return b"", joined(row.rejection, "other", row.time)
    document = json_payload.decode(payload)
    agent, gate = name(document.get("agent")), name(document.get("gate"))
    subject = b"unknown"
    if row.maturity is not None:
        subject = next((it for it in (agent, gate) if it != b"unknown"), b"=" + event.encode())
    fields = joined(
        row.rejection, row.kind, row.time, agent, gate, subject, row.quality, row.threshold,
        row.consistency, row.confidence, row.calibration_needed, row.maturity)
    return numbers(document), fields


def numbers(document):
    """What stands where scores are expected, before it is judged."""
    assessment = document.get("self_assessment")
    fields = assessment if type(assessment) is dict else {}
    keys = ("output_quality", "current_threshold", "rmm_score")
    values = [document.get(key) for key in keys]
    values += [fields.get(key) for key in ("consistency", "confidence")]
    return joined(*map(number, values))


def number(value):
    if value is None:
        return "absent"
    if type(value) is not float:
        return "wrongType"
    return value if math.isfinite(value) else "nonFinite"


def name(value):
    text = json_payload.name(value)
    if text is None:
        return b"unknown"
    encoded = text.encode("utf-8")
    return b"=" + encoded if len(encoded) <= NAME_BYTES else b"tooLong"


def joined(*values):
    return SEPARATOR.join(map(text_of, values))


def text_of(value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, float):
        # Zero has no sign here.
        return b"%x" % struct.unpack(">Q", struct.pack(">d", value + 0.0))[0]
    return {None: "-", True: "true", False: "false"}.get(value, value).encode()


# Rows

# Payloads per document: the document itself, and mutations of it.
VARIANTS = 10
TIMES = [
    "2024-05-01T12:34:56", "2024-05-01 12:34:56.5", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00", "2000-02-29T23:59:59.999999999+05:30", "2024-05-01T12:34:56-0800",
    "2024-05-01T12:34:56+08", "2024-05-01T24:00:00", "2024-05-01T12:34:60", "2024-13-01T00:00:00",
    "0000-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.9-23:59",
    "2024-05-01t12:34:56", "2024-05-01T12:34:56z", " 2024-05-01T12:34:56", "2024-05-01T12:34:56 ",
    "2024-05-01T12:34:56.", "2024-05-01T12:34:56.1234567890", "2024-05-01T12:34:56+24:00",
    "2024-05-01T12:34:56+05:60", "2024-05-01", "20240501T123456", "2024-04-31T00:00:00",
    "1714566896", "1714566896.25", "-1.5", "-0", "007", "1.", ".5", "+5", "1e9", "--1", "1.5.2", "",
    "9" * 400, "0." + "0" * 400 + "1", "1714566896.123456789012345678901234567890", "2027-01-01T00:00:00",
    "2026-01-01T00:05:00", "2026-01-01T00:05:00.000001", "２024-05-01T12:34:56",
]
NUMBERS = [
    "0", "-0", "0.0", "-0.0", "1", "1.0", "1.0000000000000002", "0.1", "0.9999999999999999999", "1e-1",
    "1E+0", "1e-400", "-1e-400", "1e400", "-1e400", "5e-324", "2e-324", "0." + "0" * 30 + "7",
    "0.3333333333333333333333333333", "9007199254740993e-16", "123456789012345678901234567890e-30",
    "0e999999999999", "0.1e1", "75e-2", "NaN", "Infinity", "-Infinity", "-NaN", "+Infinity", "+1", "01",
    "1.", ".5", "1e", "1e+", "0x1", "-", "1_0", "Inf", "nan", "true", "false", "null", '"0.5"', "[]",
    "{}", "[0.5]", "1" * 400, "1" * 5000 + "e-5000", "0.5 ", "1e0000000000000000000000", "2", "-0.001",
]
NAMES = [
    '"alpha"', '"r\\u00e9sum\\u00e9"', '"résumé"', '"re\u0301sume\u0301"', '"\\ud83d\\ude00"', '"\\ud83d"',
    '"\\ude00\\ud83d"', '"\\ud83d\\ud83d\\ude00"', '"\\ud83dx"', '"\\ud83d\\n"', '"a\\u0000b"', '"\\u0000"',
    '""', '" "', "null", "7", "true", "[]", '{"a": 1}', '"' + "x" * 256 + '"', '"' + "x" * 257 + '"',
    '"' + "\\u00e9" * 128 + '"', '"' + "\\u00e9" * 129 + '"', '"' + "é" * 129 + '"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u005cn"', '"unknown"', '"_other"', '"😀😀"', '"\\uFFFF\\uDBFF\\uDFFF"',
    '"' + "\\u0000" * 85 + 'x"', '"' + "\\u0000" * 86 + '"', '"\u007f"',
]
TOKENS = [
    b'"', b"\\", b"\\u", b"\\ud83d", b"\\u00", b"\\x41", b"{", b"}", b"[", b"]", b",", b":", b"'", b"agent",
    b"\0", b"\t", b"\n", b"\x0b", b"\x0c", b"\r", b"\x1f", b" ", b"\x7f", b"\xc2\xa0", b"\xe2\x80\xa8", b"//", b"/**/",
    b"\xc3", b"\xa0", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf",
    b"NaN", b"Infinity", b"-Infinity", b"nul", b"tru", b"null", b"1e5", b"-", b"0", b"9", b".", b"e", b"E+",
]
MEMBERS = [
    b'"gate":"g",', b'"agent":null,', b'"timestamp":1,', b'"rmm_score":0.5,', b'"rmm_\\u0073core":0.75,',
    b'"output_quality":0.25,', b'"output_quality":"x",', b'"consistency":0.125,', b'"calibration_needed":true,',
    b'"self_assessment":{},', b'"self_assessment":null,', b'"self_assessment":7,', b'"":[],', b'"a":{"agent":"b"},',
]
KEYS = ["output_quality", "self_assessment", "current_threshold", "rmm_score", "agent", "gate", "timestamp",
        "consistency", "confidence", "calibration_needed"]


def quoted_key(random, key):
    """The key as JSON, sometimes with an escape in it."""
    if random.random() < 0.04:
        index = random.randrange(len(key))
        key = key[:index] + "\\u%04x" % ord(key[index]) + key[index + 1:]
    return '"' + key + '"'


def score_text(random):
    draw = random.random()
    if draw < 0.6:
        return repr(round(random.random(), random.randrange(1, 18)))
    if draw < 0.75:
        return repr(random.random() * 10 ** random.randrange(-12, 12))
    return random.choice(NUMBERS)


def time_text(random):
    """A time, or something close to one."""
    if random.random() < 0.4:
        return random.choice(TIMES)
    date = "%04d-%02d-%02d" % (random.randrange(2200), random.randrange(14), random.randrange(33))
    clock = "%02d:%02d:%02d" % (random.randrange(25), random.randrange(61), random.randrange(61))
    fraction = random.choice(["", "", "." + "".join(random.choices("0123456789", k=random.randrange(11)))])
    offset = random.choice("+-") + "%02d:%02d" % (random.randrange(26), random.randrange(62))
    text = date + random.choice("TT ") + clock + fraction
    text += random.choice(["", "", "Z", offset, offset.replace(":", "")])
    if random.random() < 0.2:
        at = random.randrange(len(text))
        text = text[:at] + random.choice("0123456789-+:.TZtz ") + text[at + random.randrange(2):]
    return text


def member(random, key, value):
    gap = random.choice(["", " ", " ", " ", "\n\t", "  "])
    return quoted_key(random, key) + random.choice([":", ": ", ": ", " :\r\n"]) + value + gap


def filler(random, level=0):
    draw = random.randrange(9 if level < 4 else 5)
    if draw == 0:
        return json.dumps("".join(random.choice("abc \"\\\né😀\x7f") for _ in range(random.randrange(40))),
                          ensure_ascii=random.random() < 0.5)
    if draw == 1:
        return score_text(random)
    if draw < 5:
        return random.choice(["true", "false", "null", '"text of some length, as a summary has"'])
    inner = [filler(random, level + 1) for _ in range(random.randrange(4))]
    if draw < 7:
        return "[" + random.choice([",", ", "]).join(inner) + "]"
    return "{" + ", ".join(member(random, random.choice(KEYS), value) for value in inner) + "}"


def nested(random):
    """Objects and arrays about as deep as allowed; the payload adds one level."""
    levels = random.choice([510, 511, 512, 600, 5000])
    opening = [random.choice(["[", '{"a":', '[0,']) for _ in range(levels)]
    closing = ["}" if it[0] == "{" else "]" for it in reversed(opening)]
    return "".join(opening) + "1" + "".join(closing)


def assessment(random):
    if random.random() < 0.1:
        return random.choice(["null", "7", "[]", '"x"', "{}", "true", "NaN"])
    members = [("consistency", score_text(random)), ("confidence", score_text(random)),
               ("calibration_needed", random.choice(["true", "false", "false", "null", "1", '"true"'])),
               ("note", filler(random))]
    random.shuffle(members)
    members = members[:random.randrange(2, 5)]
    return "{" + ", ".join(member(random, key, value) for key, value in members) + "}"


def document(random):
    draw = random.random()
    if draw < 0.02:
        return filler(random)
    time = json.dumps(time_text(random)) if random.random() < 0.8 else score_text(random)
    members = [("agent", random.choice(NAMES)), ("gate", random.choice(NAMES)), ("timestamp", time),
               ("output_quality", score_text(random)), ("current_threshold", score_text(random)),
               ("self_assessment", assessment(random)), ("task", filler(random)), ("x" * 20, filler(random))]
    if random.random() < 0.3:
        members.append(("rmm_score", score_text(random)))
    if random.random() < 0.1:
        members.append((random.choice(KEYS[:7]), random.choice([assessment, score_text, filler])(random)))
    if random.random() < 0.005:
        members.append(("deep", nested(random)))
    random.shuffle(members)
    members = members[:random.randrange(len(members) + 1)]
    space = random.choice(["", "", " ", "\n  "])
    return space + "{" + space + ("," + space).join(member(random, *it) for it in members) + "}" + space


def mutated(random, payload):
    """The payload with a few bytes changed."""
    payload = bytearray(payload)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        at = random.randrange(len(payload) + 1)
        to = min(len(payload), at + random.randrange(1, 12))
        kind = random.randrange(8)
        if kind == 0:
            del payload[at:to]
        elif kind == 1:
            payload[at:at] = random.choice(TOKENS)
        elif kind == 2:
            payload[at:at + 1] = random.choice(TOKENS)
        elif kind == 3:
            payload[at:at] = payload[at:to]
        elif kind == 4:
            payload[at:at + 1] = bytes([random.randrange(256)])
        elif kind == 5:
            after = max(payload.find(b"{", at), payload.find(b",", at)) + 1
            payload[after:after] = random.choice(MEMBERS)
        elif kind == 6 and random.random() < 0.2:
            del payload[at:]
    return bytes(payload)


def rows(seed, count):
    source = random.Random(seed)
    for index in range(count):
        event = source.choice([EXECUTION, EVALUATION, EVALUATION, "other"])
        ts = time_text(source) if source.random() < 0.3 else "2025-01-01T00:00:00"
        ts = ts if source.random() < 0.8 else ""
        if index % VARIANTS == 0:
            whole = document(source).encode()
            yield event, ts, whole, "whole"
        else:
            yield event, ts, mutated(source, whole), "mutated"


def main():
    seed, count, now = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    out = open(sys.stdout.fileno(), "wb", buffering=1 << 20)
    for event, ts, payload, done in rows(seed, count):
        numbers, expected = verdict(event, ts, payload, now)
        for field in (event.encode(), ts.encode(), payload, numbers, expected, done.encode()):
            out.write(struct.pack(">I", len(field)) + field)
    out.flush()


if __name__ == "__main__":
    main()
