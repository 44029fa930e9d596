#!/usr/bin/env python3
"""Mutated requests to export logs, and what protobuf's own parser makes of them.

    logs_oracle.py SEED COUNT

Writes for each: the request, and its content in words or `refused`, each with its length before it.
"""

from __future__ import annotations

import random
import struct
import sys

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

EVENT = "gen_ai.evaluation.result"
KEYS = ["gen_ai.evaluation.name", "gen_ai.evaluation.score.value", "gen_ai.agent.name",
        "service.name", "error.type", "event.name", "other", ""]
TEXTS = [EVENT, "", "quality", "ü€😀", "another.event"]
NUMBERS = [0.0, 0.5, -1.0, 1e300, float("inf"), float("nan")]
# Tags of groups and of every wire type, lengths that are too large, varints that are too long.
PIECES = [b"\x0b", b"\x0c", b"\x13\x14", b"\x00", b"\x06", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
          b"\xff" * 10 + b"\x7f", b"\x80\x80\x80\x80\x10", b"\x0a\xff\xff\xff\xff\x0f", b"\xc0\x80",
          b"\xed\xa0\x80", b"\x0a\x00", b"\x12\x00", b"\x62\x00", b"\x5a\x00", b"\x80", b"\x88\x00"]


def value(chance: random.Random, depth: int = 0) -> AnyValue:
    made = AnyValue()
    kind = chance.randrange(9 if depth < 3 else 6)
    if kind == 0:
        made.string_value = chance.choice(TEXTS)
    elif kind == 1:
        made.bool_value = chance.random() < 0.5
    elif kind == 2:
        made.int_value = chance.choice([0, 1, -1, 2**63 - 1, -(2**63)])
    elif kind in (3, 4):
        made.double_value = chance.choice(NUMBERS)
    elif kind == 5:
        made.bytes_value = bytes(chance.randrange(256) for _ in range(3))
    elif kind == 6:
        made.array_value.values.extend(value(chance, depth + 1) for _ in range(chance.randrange(3)))
    elif kind == 7:
        made.kvlist_value.values.extend(attribute(chance, depth + 1)
                                        for _ in range(chance.randrange(3)))
    return made


def attribute(chance: random.Random, depth: int = 0) -> KeyValue:
    made = KeyValue(key=chance.choice(KEYS))
    if chance.random() < 0.9:
        made.value.CopyFrom(value(chance, depth))
    return made


def request(chance: random.Random) -> bytes:
    made = ExportLogsServiceRequest()
    for _ in range(chance.randrange(3)):
        resource = made.resource_logs.add(schema_url=chance.choice(["", "https://a"]))
        resource.resource.attributes.extend(attribute(chance) for _ in range(chance.randrange(3)))
        for _ in range(chance.randrange(3)):
            scope = resource.scope_logs.add()
            scope.scope.name = chance.choice(TEXTS)
            scope.scope.attributes.extend(attribute(chance) for _ in range(chance.randrange(2)))
            for _ in range(chance.randrange(4)):
                record = scope.log_records.add(
                    time_unix_nano=chance.choice([0, 1, 2**64 - 1]),
                    observed_time_unix_nano=chance.choice([0, 1_795_680_000_123_456_789]),
                    severity_number=chance.choice([0, 9, 13]), severity_text=chance.choice(TEXTS),
                    flags=chance.choice([0, 1]), event_name=chance.choice([EVENT, EVENT, "", "x"]),
                    trace_id=bytes(chance.choice([0, 16])), span_id=b"12345678")
                record.body.CopyFrom(value(chance))
                record.attributes.extend(attribute(chance) for _ in range(chance.randrange(4)))
    return made.SerializeToString()


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    made = bytearray(chance.choice(seeds))
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        at = chance.randrange(len(made) + 1)
        kind = chance.randrange(7)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(made):
            made[at] = chance.randrange(256)
        elif kind == 2:
            del made[at:at + chance.randrange(4)]
        elif kind == 3:
            made[at:at] = chance.choice(PIECES)
        elif kind == 4:
            del made[at:]
        elif kind == 5:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            made[at:at] = other[start:start + chance.randrange(40)]
        else:
            made += chance.choice(seeds)
    return bytes(made)


def nested(depth: int, number: int) -> bytes:
    """A record whose body is an array in an array, or a group in a group that nobody knows."""
    content = b""
    for _ in range(depth):
        if number == 5:
            content = lengthy(5, lengthy(1, content))
        else:
            content = b"\x7b" + content + b"\x7c"
    record = lengthy(5, content) if number == 5 else content
    return lengthy(1, lengthy(2, lengthy(2, record)))


def lengthy(number: int, content: bytes) -> bytes:
    size, prefix = len(content), bytes([number << 3 | 2])
    while size >= 0x80:
        prefix += bytes([size & 0x7F | 0x80])
        size >>= 7
    return prefix + bytes([size]) + content


def is_kept(key: str) -> bool:
    return key.startswith("gen_ai.") or key in {"service.name", "error.type"}


def words(attribute: KeyValue) -> str:
    found = attribute.value
    kind = found.WhichOneof("value")
    if kind == "string_value":
        text = "t" + found.string_value.encode().hex()
    elif kind == "bool_value":
        text = f"b{int(found.bool_value)}"
    elif kind == "int_value":
        text = f"i{found.int_value}"
    elif kind == "double_value":
        text = "d" + struct.pack(">d", found.double_value).hex()
    else:
        text = "o"
    return f"{attribute.key.encode().hex()}={text}"


def name(record) -> str:
    if record.event_name:
        return record.event_name
    for attribute in reversed(record.attributes):
        if attribute.key == "event.name":
            kind = attribute.value.WhichOneof("value")
            return attribute.value.string_value if kind == "string_value" else ""
    return ""


def content(message: ExportLogsServiceRequest) -> str:
    others, lines = 0, []
    for resource in message.resource_logs:
        records = []
        for scope in resource.scope_logs:
            for record in scope.log_records:
                if name(record) != EVENT:
                    others += 1
                    continue
                kept = [words(each) for each in record.attributes
                        if is_kept(each.key) or each.key == "event.name"]
                records.append(" ".join([
                    "record", str(record.time_unix_nano), str(record.observed_time_unix_nano),
                    record.trace_id.hex(), record.span_id.hex(), ",".join(kept)]))
        if records:
            kept = [words(each) for each in resource.resource.attributes if is_kept(each.key)]
            lines += ["resource " + ",".join(kept), *records]
    return "\n".join([f"others {others}", *lines])


def expected(made: bytes) -> str:
    try:
        return content(ExportLogsServiceRequest.FromString(made))
    except DecodeError:
        return "refused"


def main() -> None:
    chance = random.Random(int(sys.argv[1]))
    seeds = [request(chance) for _ in range(2000)]
    cases = [nested(depth, number) for number in (5, 15) for depth in range(1, 110)]
    cases += [mutated(chance, seeds) for _ in range(int(sys.argv[2]))]
    for made in cases:
        for part in (made, expected(made).encode()):
            sys.stdout.buffer.write(len(part).to_bytes(4, "big") + part)


if __name__ == "__main__":
    main()
