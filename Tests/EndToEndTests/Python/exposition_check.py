#!/usr/bin/env python3
"""Checks a page as an exposition, whatever its values are.

    exposition_check.py http://127.0.0.1:9464/metrics
    exposition_check.py --text page.txt --openmetrics page.om

Strict parsers accept it; no series occurs twice; every family stands in one piece with HELP and
TYPE; histograms add up; both formats have the same series and values; `promtool check metrics` is
silent. Prints what is wrong and exits with 1 if anything is.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from allowed import SeriesKey
from page import OPENMETRICS, TEXT, Exposition, fetch, parse

_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
_SUFFIXES = ("_total", "_bucket", "_count", "_sum")

VOLATILE = ("process_", "reflexive_http_", "reflexive_store_last_read_", "reflexive_store_commit_")
"""Prefixes of series that may differ between one request and the next."""

ATTEMPTS = 5
"""Windows move on between the requests for the two formats, so those are asked for again."""


def line_faults(page: Exposition) -> Iterator[str]:
    """Duplicates, families in pieces, missing or late HELP and TYPE: parsers pass some of them."""
    described: dict[str, dict[str, str]] = {}
    closed: set[str] = set()
    current = ""
    for line in page.text.split("\n"):
        if line.startswith(("# HELP ", "# TYPE ", "# UNIT ")):
            _, keyword, name, *rest = line.split(" ", 3)
            if keyword in described.setdefault(name, {}):
                yield f"{keyword} of {name} occurs twice"
            described[name][keyword] = rest[0] if rest else ""
        elif line and not line.startswith("#"):
            name = re.split(r"[{ ]", line, maxsplit=1)[0]
        else:
            continue
        family = _family(name, described)
        if family != current:
            if family in closed:
                yield f"family {family} is interleaved with others"
            closed.add(current)
            current = family
    for name, keywords in described.items():
        if missing := {"HELP", "TYPE"} - keywords.keys():
            yield f"{name} has no {' and no '.join(sorted(missing))}"
        if keywords.get("TYPE") == "counter" and name.endswith("_total") == page.is_openmetrics:
            yield f"counter family {name} is named for the other format"


def _family(name: str, described: dict[str, dict[str, str]]) -> str:
    for suffix in ("", *_SUFFIXES):
        if name.removesuffix(suffix) in described:
            return name.removesuffix(suffix)
    return f"{name} (not described before its sample)"


def duplicate_faults(page: Exposition) -> Iterator[str]:
    """Series with the same name and labels, in any order of the labels."""
    seen = set()
    for name, text in page.samples():
        series = name, tuple(sorted(_LABEL.findall(text[len(name) :])))
        if series in seen:
            yield f"duplicate series {text}"
        seen.add(series)
        if len(dict(series[1])) != len(series[1]):
            yield f"a label occurs twice in {text}"


def value_faults(page: Exposition) -> Iterator[str]:
    """No NaN; every bucket holds the ones below it, and the last one everything."""
    buckets: dict[SeriesKey, list[tuple[str, float]]] = {}
    for (name, labels), value in page.values.items():
        if value != value:
            yield f"{name}{dict(labels)} is NaN"
        if name.endswith("_bucket"):
            rest = tuple(label for label in labels if label[0] != "le")
            series = (name.removesuffix("_bucket"), rest)
            buckets.setdefault(series, []).append((dict(labels)["le"], value))
    for (name, labels), pairs in buckets.items():
        bounds = [float(le) for le, _ in pairs]
        counts = [count for _, count in pairs]
        where = f"histogram {name}{dict(labels)}"
        if bounds != sorted(set(bounds)) or bounds[-1] != float("inf"):
            yield f"{where} has the bounds {bounds}"
        if counts != sorted(counts) or counts[-1] != page.values.get((f"{name}_count", labels)):
            yield f"{where} does not add up: {counts}"
        if (f"{name}_sum", labels) not in page.values:
            yield f"{where} has no sum"
        if any(le != "+Inf" and repr(float(le)) != le for le, _ in pairs):
            yield f"{where} has bounds that are not canonical: {[le for le, _ in pairs]}"


def disagreements(text: Exposition, openmetrics: Exposition) -> Iterator[str]:
    """Series or values that are not the same in both formats."""
    for series in text.values.keys() ^ openmetrics.values.keys():
        if not series[0].startswith("reflexive_http_"):
            yield f"only in one format: {series}"
    for series in text.values.keys() & openmetrics.values.keys():
        if series[0].startswith(VOLATILE):
            continue
        if text.values[series] != openmetrics.values[series]:
            yield f"{series}: {text.values[series]} and {openmetrics.values[series]}"


def promtool_faults(page: Exposition) -> Iterator[str]:
    tool = shutil.which("promtool")
    if tool is None:
        yield "promtool is not installed"
        return
    run = subprocess.run(
        [tool, "check", "metrics"], input=page.text.encode(), capture_output=True, check=False
    )
    output = (run.stdout + run.stderr).decode(errors="replace").strip()
    if output or run.returncode:
        yield from (f"promtool: {line}" for line in output.splitlines() or [str(run.returncode)])


def page_faults(page: Exposition) -> list[str]:
    """Everything that one page shows by itself."""
    duplicates = list(duplicate_faults(page))
    found = [*page.faults, *line_faults(page), *duplicates, *value_faults(page)]
    if not page.text.endswith("# EOF\n" if page.is_openmetrics else "\n"):
        found.append("the page does not end as it must")
    if not page.is_openmetrics:
        found += promtool_faults(page)
    return [f"[{page.format.split(';')[0]}] {fault}" for fault in found]


def check_url(url: str) -> list[str]:
    """Both formats of a URL; they must agree in one of a few attempts."""
    different: list[str] = []
    for _ in range(ATTEMPTS):
        pages = [fetch(url, format) for format in (TEXT, OPENMETRICS)]
        found = [fault for page in pages for fault in page_faults(page)]
        different = list(disagreements(*pages))
        if found or not different:
            return found
    return different


def check_files(text: str | None, openmetrics: str | None) -> list[str]:
    pages = [
        parse(Path(file).read_bytes(), format)
        for file, format in ((text, TEXT), (openmetrics, OPENMETRICS))
        if file
    ]
    found = [fault for page in pages for fault in page_faults(page)]
    return found + list(disagreements(*pages)) if len(pages) == 2 else found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?")
    parser.add_argument("--text", help="a file with a page in the text format")
    parser.add_argument("--openmetrics", help="a file with an OpenMetrics page")
    arguments = parser.parse_args()
    if arguments.url:
        found = check_url(arguments.url)
    else:
        found = check_files(arguments.text, arguments.openmetrics)
    print("\n".join(found) or "the exposition is sound")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
