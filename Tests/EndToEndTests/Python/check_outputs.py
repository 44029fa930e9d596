"""The outputs of `check` with names that are anything at all, read by others.

JUnit is held against Jenkins's schema and read by junitparser. Lines for GitHub are taken apart as its
runner does it. Usage: check_outputs.py EXPORTER
"""

from __future__ import annotations

import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

import junitparser
from lxml import etree

HERE = pathlib.Path(__file__).resolve().parent
NAMES = [
    "triage", "\n::error::planted", "::stop-commands::planted", "a\r\n::set-output name=x::planted",
    "##[set-output name=x;]planted", "#[##[add-mask]planted", "%0A::error::planted", "100%", "a|b|c",
    "back`tick", "``", "`", " ", "a\\|b", "<script>alert(1)</script>", "\"'&<>", "]]>", "--><!--",
    "\x00", "\x1b[31mred", "\u202eright to left", "\u2028line", "\ufffe\uffff", "é", "e\u0301",
    "**bold** [link](http://x)", "@everyone", "\U0001f600", "x" * 256, "\x01" * 256, "`" * 256, "|" * 256,
]


def store(path: pathlib.Path, names: list[str]) -> None:
    """A store in which every name has an agent, a gate and a subject that are breached."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, "
                       "payload TEXT, ts TEXT)")
    rows = []
    for name in names:
        for _ in range(5):
            rows.append(("metacognitive_agent_execution",
                         {"agent": name, "output_quality": 0.1, "rmm_score": 0.2}))
            rows.append(("quality_gate_evaluation",
                         {"gate": name, "self_assessment": {"consistency": 0.1}}))
    connection.executemany(
        "INSERT INTO evidence (event, payload, ts) VALUES (?, ?, '2026-01-02T03:04:05Z')",
        [(event, json.dumps(payload)) for event, payload in rows])
    connection.commit()
    connection.close()


def command(line: str) -> tuple[str, str] | None:
    """The command that GitHub's runner sees in a line, and its properties.

    Source: actions/runner, src/Runner.Common/ActionCommand.cs.
    """
    if line.lstrip().startswith("::"):
        head = re.match(r"::([^ :]+)(?: ([^:]*))?::", line.lstrip())
        if head:
            return head[1], head[2] or ""
    start = line.find("##[")
    end = line.find("]", start)
    return (line[start + 3 : end], "") if 0 <= start < end else None


def check_lines(text: str) -> None:
    """Nothing but our annotations is a command."""
    lines = text.split("\n")
    assert lines[-1] == "" and all(lines[:-1]), "empty lines"
    annotations = [command(line) for line in lines]
    found = [each for each in annotations if each]
    assert len(found) == 9, found
    for name, properties in found:
        assert name == "error", name
        assert re.fullmatch(r"title=reflexive-exporter check%3A [a-z ]+", properties), properties
    assert re.search(r"::and \d+ more$", lines[8]), lines[8]
    assert max(len(line.encode()) for line in lines) <= 3500
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]", text)


def check_junit(path: pathlib.Path, verdicts: list[dict], skipped: int = 0) -> None:
    """Valid by Jenkins's schema, and read back with each verdict in it."""
    schema = etree.XMLSchema(etree.parse(HERE / "junit-10.xsd"))
    schema.assertValid(etree.parse(path))
    suites = junitparser.JUnitXml.fromfile(str(path))
    cases = [case for suite in suites for case in suite]
    assert len(cases) == len(verdicts) == suites.tests, (len(cases), len(verdicts), suites.tests)
    states = {"breached": junitparser.Failure, "no_data": junitparser.Error,
              "too_few": junitparser.Skipped}
    by_state = {state: sum(isinstance(r, kind) for case in cases for r in case.result)
                for state, kind in states.items()}
    for state in states:
        there = sum(verdict["state"] == state for verdict in verdicts)
        assert by_state[state] == there, (state, by_state, there)
    assert {case.classname for case in cases} == {verdict["store"] for verdict in verdicts}
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "names of test cases that are equal"
    assert suites.failures == by_state["breached"] and suites.errors == by_state["no_data"]


def check_markdown(text: str, rows: int | None) -> None:
    """Every row of the table has its cells, and no more."""
    assert len(text.encode()) <= 900 << 10, len(text.encode())
    lines = [line for line in text.split("\n") if line.startswith("|")]
    for line in lines:
        cells = re.sub(r"\\[\\|]", "", line).count("|")
        assert cells == 9, line
    if rows is not None:
        assert len(lines) == rows + 2, (len(lines), rows)


def run(exporter: str, path: pathlib.Path, *arguments: str) -> tuple[dict, dict[str, str]]:
    """All outputs of one check; the JSON read."""
    outputs = {name: path.with_suffix(f".{name}") for name in ("json", "junit", "github", "markdown")}
    flags = [part for name, file in outputs.items() for part in ("--output", f"{name}={file}")]
    result = subprocess.run([exporter, "check", "--store", path, *flags, "--output", "table", *arguments],
                            capture_output=True, text=True, check=False)
    report = json.loads(outputs["json"].read_text())
    assert result.returncode == report["exit_code"], (result, report["exit_code"])
    texts = {name: file.read_text() for name, file in outputs.items()} | {"table": result.stdout}
    assert not list(path.parent.glob("*.partial"))
    return report, texts


WRITER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
written = failed = 0
while True:
    try:
        connection.execute("INSERT INTO evidence (event, payload, ts) SELECT event, payload, ts "
                           "FROM evidence WHERE id = 1")
        written += 1
    except sqlite3.OperationalError:
        failed += 1
    print(written, failed, flush=True)
    time.sleep(0.002)
"""


def check_beside_a_writer(exporter: str, root: pathlib.Path, mode: str) -> str:
    """No write of a writer that waits for nobody fails, and each check sees all rows before it."""
    path, log = root / f"{mode}.db", root / f"{mode}.log"
    store(path, ["a"])
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    with open(log, "w", encoding="ascii") as output:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=output)
    try:
        while not log.read_text().count("\n"):
            time.sleep(0.01)
        for _ in range(5):
            before = int(log.read_text().splitlines()[-2:][0].split()[0])
            report, _ = run(exporter, path)
            (rows,) = [v["samples"] for v in report["verdicts"] if v["indicator"] == "rejected"]
            assert report["exit_code"] == 1 and rows >= before, (report["errors"], rows, before)
    finally:
        writer.kill()
        writer.wait()
    written, failed = log.read_text().split("\n")[-2].split()
    assert failed == "0", (mode, written, failed)
    return f"{mode}: {written} writes beside five checks, none failed"


def main() -> None:
    """Runs it."""
    exporter = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        store(root / "hostile.db", NAMES)
        report, texts = run(exporter, root / "hostile.db")
        # A name of NUL or of half a pair is a name; equal ones are one agent.
        assert len({v["subject"] for v in report["verdicts"] if v["subject_kind"] == "agent"}) \
            == len(NAMES)
        check_junit(root / "hostile.junit", report["verdicts"])
        check_lines(texts["github"])
        check_markdown(texts["markdown"], len(report["verdicts"]))
        # The first line names the columns, the last sums up.
        table = texts["table"].split("\n")
        assert len(table) == len(report["verdicts"]) + 3, len(table)
        assert all(command(line) is None for line in table)
        print(f"{len(NAMES)} hostile names, {len(report['verdicts'])} verdicts: JUnit valid and read "
              f"back, {len(texts['github'].encode())} bytes for GitHub")

        store(root / "many.db", ["\x01" * 250 + str(n).zfill(5) for n in range(500)])
        report, texts = run(exporter, root / "many.db")
        check_lines(texts["github"])
        check_markdown(texts["markdown"], None)
        assert "lines are left out" in texts["markdown"][-60:]
        check_junit(root / "many.junit", report["verdicts"])
        print(f"{len(report['verdicts'])} verdicts of long names: {len(texts['markdown'].encode())} "
              f"bytes of Markdown, {len(texts['junit'].encode())} of JUnit")

        for mode in ("delete", "wal"):
            print(check_beside_a_writer(exporter, root, mode))

        few = root / "few.db"
        store(few, ["a"])
        with sqlite3.connect(few) as connection:
            connection.execute("DELETE FROM evidence WHERE id > 4")
        report, _ = run(exporter, few)
        check_junit(root / "few.junit", report["verdicts"])
        report, _ = run(exporter, few, "--since", "id:100")
        assert report["exit_code"] == 2 and report["verdict"] == "unknown"


if __name__ == "__main__":
    main()
