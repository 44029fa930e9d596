"""An exposition: fetched, parsed by prometheus_client's parsers, and split into raw lines."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.samples import Exemplar

from allowed import SeriesKey, key

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
ACCEPT = {
    TEXT: "text/plain;version=0.0.4",
    OPENMETRICS: "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
}

# A label's value may hold anything, `}` and ` ` too, so a sample is cut by its quotes.
_SAMPLE = re.compile(
    rb'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*",?)*\})? (.+)'
)


@dataclass
class Exposition:
    """One page in one format. A sample's name is that of the text format in both."""

    format: str
    text: str
    families: dict[str, Metric] = field(default_factory=dict)
    values: dict[SeriesKey, float] = field(default_factory=dict)
    exemplars: dict[SeriesKey, Exemplar] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def is_openmetrics(self) -> bool:
        return self.format == OPENMETRICS

    def samples(self) -> Iterator[tuple[str, str]]:
        """(name, name with labels) of every sample line, as they stand in the page."""
        for line in self.text.encode("utf-8").split(b"\n"):
            if not line or line.startswith(b"#"):
                continue
            if match := _SAMPLE.fullmatch(line):
                yield match[1].decode(), (match[1] + (match[2] or b"")).decode()
            else:
                self.faults.append(f"not a sample: {line!r}")


def fetch(url: str, format: str, timeout: float = 10) -> Exposition:
    request = urllib.request.Request(url, headers={"Accept": ACCEPT[format]})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        page = parse(answer.read(), format)
        content_type = answer.headers.get("Content-Type", "")
        if content_type.replace(" ", "") != format.replace(" ", ""):
            page.faults.append(f"Content-Type {content_type!r} instead of {format!r}")
        return page


def load(url_or_file: str) -> list[Exposition]:
    """A URL in both formats; a file in the one that its end tells."""
    if url_or_file.startswith(("http://", "https://")):
        return [fetch(url_or_file, format) for format in (TEXT, OPENMETRICS)]
    data = Path(url_or_file).read_bytes()
    return [parse(data, OPENMETRICS if data.rstrip().endswith(b"# EOF") else TEXT)]


def parse(data: bytes, format: str) -> Exposition:
    """Never raises for a bad page: what a parser refuses is one of its `faults`."""
    try:
        page = Exposition(format, data.decode("utf-8", "strict"))
    except UnicodeDecodeError as error:
        return Exposition(format, "", faults=[f"not UTF-8: {error}"])
    try:
        for family in (parse_openmetrics if page.is_openmetrics else parse_text)(page.text):
            _add(page, family)
    except ValueError as error:
        page.faults.append(f"refused by the {format.split(';')[0]} parser: {error}")
    return page


def _add(page: Exposition, family: Metric) -> None:
    if family.name in page.families:
        page.faults.append(f"family {family.name} occurs twice")
    page.families[family.name] = family
    for sample in family.samples:
        series = key(sample.name, **sample.labels)
        if series in page.values:
            page.faults.append(f"duplicate series {series}")
        page.values[series] = sample.value
        if sample.timestamp is not None:
            page.faults.append(f"{series} has a timestamp")
        if sample.exemplar is not None:
            page.exemplars[series] = sample.exemplar
