"""Reads the dashboards: their panels, targets and every query in them."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT.parent / "alerts" / "tests"))


@dataclass(frozen=True)
class Query:
    """One PromQL query: where it stands (panel, variable or annotation), and what it asks."""

    dashboard: str
    place: str
    kind: str
    expression: str
    target: dict


def dashboards() -> dict[str, dict]:
    """Every dashboard by its file's name."""
    return {
        path.name: json.loads(path.read_text())
        for path in sorted((ROOT / "dashboards").glob("*.json"))
    }


def panels(dashboard: dict) -> Iterator[dict]:
    """Every panel but rows, those inside of rows included."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def variables(dashboard: dict, kind: str | None = None) -> list[dict]:
    """The template variables, in order."""
    found = dashboard["templating"]["list"]
    return [variable for variable in found if kind in (None, variable["type"])]


def label_values(variable: dict) -> tuple[str, str]:
    """The selector and the label of a variable's `label_values(selector, label)`."""
    query = variable["query"]["query"]
    if not (query.startswith("label_values(") and query.endswith(")")):
        raise ValueError(f"variable {variable['name']}: {query!r} is no label_values()")
    selector, _, label = query[len("label_values(") : -1].rpartition(",")
    return selector.strip(), label.strip()


def queries(name: str, dashboard: dict) -> Iterator[Query]:
    """Every query of the dashboard: of its panels, variables and annotations."""
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            place = f"{panel['title']} / {target['refId']}"
            yield Query(name, place, "panel", target["expr"], target)
    for variable in variables(dashboard, "query"):
        yield Query(name, variable["name"], "variable", label_values(variable)[0], {})
    for annotation in dashboard["annotations"]["list"]:
        yield Query(name, annotation["name"], "annotation", annotation["expr"], {})
