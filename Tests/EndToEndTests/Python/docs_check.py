#!/usr/bin/env python3
"""Compares the documentation with what it documents.

    docs_check.py BINARY EXPOSITION [ROOT]

BINARY answers `--help`, EXPOSITION is a page of /metrics in text format, and ROOT is the repository.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

import yaml
from prometheus_client.parser import text_string_to_metric_families

# These pages name metrics that are not served: an example, and those of other versions.
NOT_SERVED = {"docs/adding-a-metric.md", "CHANGELOG.md"}
# Their entries have names of the user's own.
NAMED_BY_USERS = {"agents", "gates", "subjects", "basic_auth_users"}


def table_rows(text: str, width: int) -> Iterator[list[str]]:
    """The cells of every table row with so many columns, without the headings."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
            if len(cells) == width:
                yield cells


def prose(text: str) -> str:
    """A page without its code blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def code(text: str) -> list[str]:
    """The texts between backticks."""
    return re.findall(r"`([^`]+)`", prose(text))


def metrics(root: pathlib.Path, page: str) -> Iterator[str]:
    """docs/metrics.md has every family with its type and labels, and no other."""
    served = {}
    for family in text_string_to_metric_families(page):
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = set().union(*(sample.labels for sample in family.samples)) - {"le"}
        served[name] = (family.type, labels)
    documented = {}
    for cells in table_rows((root / "docs/metrics.md").read_text(), 4):
        if cells[1] in {"counter", "gauge", "histogram"}:
            labels = set() if cells[2] == "–" else set(cells[2].split(", "))
            documented |= {name: (cells[1], labels) for name in code(cells[0])}
    for name in sorted(served.keys() | documented.keys()):
        if served.get(name) != documented.get(name):
            yield (f"docs/metrics.md: {name} is {documented.get(name, 'missing')}, "
                   f"served as {served.get(name, 'nothing')}")


TABLE = "reflexive_receiver_keys"
"""A table of a store that receives."""


def names(root: pathlib.Path, page: str) -> Iterator[str]:
    """Every page names only series that are served; `reflexive_http_*` stands for several.

    The external labels of the shipped Prometheus configuration are named likewise.
    """
    served = set(re.findall(r"^(\w+)", page, re.MULTILINE))
    labels = (root / "alerts" / "prometheus.yml").read_text()
    served |= set(re.findall(r"^ +(reflexive_\w+_url):", labels, re.MULTILINE))
    served |= {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE ")}
    served.add(TABLE)
    for path in pages(root):
        if str(path.relative_to(root)) in NOT_SERVED:
            continue
        for name in set(re.findall(r"\breflexive_\w+", path.read_text())):
            if name.endswith("_") and any(one.startswith(name) for one in served):
                continue
            if name not in served:
                yield f"{path.relative_to(root)}: nothing serves {name}"


def help_of(binary: str, *command: str) -> str:
    return subprocess.run(
        [binary, *command, "--help"], capture_output=True, text=True, check=True).stdout


def flags(root: pathlib.Path, binary: str) -> Iterator[str]:
    """docs/configuration.md has every flag of every command, and no other."""
    commands = re.findall(r"^  ([a-z-]+)  +|^  ([a-z-]+) \(default\)",
                          help_of(binary).split("SUBCOMMANDS:")[1], re.MULTILINE)
    offered = {
        (flag, command)
        for command in (first or second for first, second in commands)
        for flag in re.findall(r"^  (?:-\w, )?(--[\w.-]+)", help_of(binary, command), re.MULTILINE)
    }
    all_commands = {command for _, command in offered}
    documented = set()
    for cells in table_rows((root / "docs/configuration.md").read_text(), 4):
        if cells[0].startswith("`--"):
            flag = code(cells[0])[0].split()[0]
            users = all_commands if cells[1] == "all" else cells[1].split(", ")
            documented |= {(flag, command) for command in users}
    for flag, command in sorted(offered - documented):
        yield f"docs/configuration.md: {command} {flag} is missing"
    for flag, command in sorted(documented - offered):
        yield f"docs/configuration.md: {command} has no {flag}"


def keys(value: object) -> Iterator[str]:
    """The keys of a configuration, at every depth."""
    if isinstance(value, list):
        for item in value:
            yield from keys(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            named = key in NAMED_BY_USERS and isinstance(item, dict)
            yield from keys(list(item.values()) if named else item)


def configuration(root: pathlib.Path) -> Iterator[str]:
    """docs/configuration.md has every key of the examples, which tests hold complete."""
    words = set()
    for text in code((root / "docs/configuration.md").read_text()):
        words |= set(re.split(r"[.\[\] ]+", text)) | {text}
    for name in ("reflexive-exporter.example.yml", "web-config.example.yml"):
        for key in sorted(set(keys(yaml.safe_load((root / "deploy" / name).read_text())))):
            if key not in words:
                yield f"docs/configuration.md: the key {key} of deploy/{name} is missing"


def pages(root: pathlib.Path) -> list[pathlib.Path]:
    hidden = re.compile(r"^\.(build|venv|git$)")
    return [path for path in sorted(root.rglob("*.md"))
            if not any(hidden.match(part) for part in path.relative_to(root).parts)]


def anchors(path: pathlib.Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(root: pathlib.Path) -> Iterator[str]:
    """Relative links lead to files that are there, and to their headings."""
    for path in pages(root):
        for link in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text())):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            file = path.parent / target if target else path
            if not file.exists():
                yield f"{path.relative_to(root)}: {link} leads nowhere"
            elif anchor and anchor not in anchors(file):
                yield f"{path.relative_to(root)}: {link} has no such heading"


def tests(root: pathlib.Path) -> Iterator[str]:
    """Every test that SECURITY.md names exists."""
    sources = "\n".join(path.read_text() for path in (root / "Tests").rglob("*.swift"))
    for name in code((root / "SECURITY.md").read_text()):
        match = re.fullmatch(r"(?:EndToEndTests/)?(\w+Tests)(?:/(\w+))?", name)
        if not match or (root / "Tests" / match[1]).is_dir():
            continue
        if not re.search(rf"\b(struct|class|enum|extension) {match[1]}\b", sources):
            yield f"SECURITY.md: there is no {match[1]}"
        elif match[2] and not re.search(rf"\bfunc {match[2]}\b", sources):
            yield f"SECURITY.md: there is no test {match[2]}"


def main() -> int:
    binary, exposition = sys.argv[1], pathlib.Path(sys.argv[2]).read_text()
    root = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else __file__).resolve()
    if root.is_file():
        root = root.parents[3]
    found = [*metrics(root, exposition), *names(root, exposition), *flags(root, binary),
             *configuration(root), *links(root), *tests(root)]
    print("\n".join(found) or f"{len(pages(root))} pages agree with what they document")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
