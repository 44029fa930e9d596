#!/usr/bin/env python3
"""Checks the dashboards without Grafana: dashboard-linter's rules that apply, and our own.

    lint.py [--sdk]      --sdk loads each dashboard through grafana-foundation-sdk, too
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator

import dashboards
import promql
import yaml

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
PANEL_TYPES = {"stat", "timeseries", "table", "heatmap", "state-timeline", "text"}
UNITS = {
    "none", "short", "percent", "percentunit", "bytes", "decbytes", "s", "ms", "dtdurations",
    "cps", "cpm", "ops", "reqps", "rps", "dateTimeFromNow", "bool", "bool_yes_no",
}
# The page of the row that an exemplar names. Grafana takes $$ for a $ that it does not replace itself.
EXEMPLAR = ("$REFLEXIVE_EVIDENCE_URL/evidence/$${__value.raw}"
            "?store=$${__data.fields.store:percentencode}")
COUNTER_FUNCTIONS = {"rate", "irate", "increase"}


def variables(dashboard: dict) -> Iterator[str]:
    """template-datasource, template-job, template-instance, template-on-time-change-reload."""
    by_name = {variable["name"]: variable for variable in dashboards.variables(dashboard)}
    source = by_name.get("datasource", {})
    if (source.get("type"), source.get("query"), source.get("label")) != (
        "datasource", "prometheus", "Data source"):
        yield "no variable `datasource` of the type prometheus with the label `Data source`"
    for name in ("job", "instance", "store"):
        if name not in by_name:
            yield f"no variable `{name}`"
    for variable in dashboards.variables(dashboard, "query"):
        name = variable["name"]
        if variable["datasource"] != DATASOURCE:
            yield f"variable {name}: not of the data source variable"
        if variable["refresh"] != 2:
            yield f"variable {name}: not reloaded when the time changes"
        if variable["label"] != name.title():
            yield f"variable {name}: its label is not {name.title()}"
        expected = ".+" if name in {"job", "instance"} else ".*"
        if variable["multi"] and (not variable["includeAll"] or variable["allValue"] != expected):
            yield f"variable {name}: All is not {expected}"


def model(dashboard: dict) -> Iterator[str]:
    """What Grafana's JSON model wants, and what a provisioned dashboard should be."""
    if not 36 <= dashboard["schemaVersion"] <= 42:
        yield f"schemaVersion is {dashboard['schemaVersion']}"
    if dashboard["id"] is not None or dashboard["editable"]:
        yield "has a database id or is editable"
    if not re.fullmatch(r"reflexive-[a-z]{1,30}", dashboard["uid"]):
        yield f"uid {dashboard['uid']}"
    if "reflexive" not in dashboard["tags"]:
        yield "no tag to link it by"
    if not dashboard["time"]["from"].startswith("now-") or dashboard["time"]["to"] != "now":
        yield "default time is not relative"
    refresh = re.fullmatch(r"(\d+)(s|m)", dashboard["refresh"])
    if not refresh or int(refresh[1]) * (60 if refresh[2] == "m" else 1) < 10:
        yield f"refresh {dashboard['refresh']}"
    if dashboard["graphTooltip"] != 1:
        yield "no shared crosshair"
    links = dashboard["links"]
    if not any(l["type"] == "dashboards" and l["includeVars"] and l["keepTime"] for l in links):
        yield "no links to the others that keep variables and time"
    if "__inputs" in dashboard:
        yield "has __inputs"
    if re.search(r"https?://(localhost|127\.0\.0\.1)", json.dumps(dashboard)):
        yield "links to localhost"
    known = {variable["name"] for variable in dashboards.variables(dashboard)}
    for address in set(re.findall(r'"url": "\$\{(\w+)\}/', json.dumps(dashboard))) - known:
        yield f"links begin with ${address}, which is no variable"
    if '"url": "${evidence}/' not in json.dumps(dashboard):
        yield "no link to rows of evidence"
    for annotation in dashboard["annotations"]["list"]:
        if annotation["datasource"] != DATASOURCE:
            yield f"annotation {annotation['name']}: not of the data source variable"


def layout(dashboard: dict) -> Iterator[str]:
    """Ids are unique; panels lie within 24 columns and do not overlap."""
    seen: dict[tuple[int, int], str] = {}
    ids: set[int] = set()
    for panel in dashboard["panels"]:
        grid = panel["gridPos"]
        if panel["id"] in ids:
            yield f"{panel['title']}: id {panel['id']} is there twice"
        ids.add(panel["id"])
        if grid["x"] + grid["w"] > 24:
            yield f"{panel['title']}: wider than the page"
        for x in range(grid["x"], grid["x"] + grid["w"]):
            for y in range(grid["y"], grid["y"] + grid["h"]):
                if (x, y) in seen:
                    yield f"{panel['title']} lies over {seen[x, y]}"
                    return
                seen[x, y] = panel["title"]


def panel(panel: dict) -> Iterator[str]:
    """panel-title-description, panel-units, panel-datasource, and what a reader needs."""
    if panel["type"] not in PANEL_TYPES:
        yield f"panel type {panel['type']}"
    if not panel.get("title") or len(panel.get("description", "")) < 20:
        yield "no title or description"
    if panel["type"] == "text":
        return
    if not panel.get("targets"):
        yield "no targets"
    if panel.get("datasource") != DATASOURCE:
        yield "not of the data source variable"
    defaults = panel["fieldConfig"]["defaults"]
    units = {defaults.get("unit")} | {
        prop["value"]
        for override in panel["fieldConfig"]["overrides"]
        for prop in override["properties"]
        if prop["id"] == "unit"
    }
    if not units <= UNITS:
        yield f"units {units - UNITS}"
    if panel["type"] == "stat":
        steps = defaults["thresholds"]["steps"]
        if not steps or steps[0]["value"] is not None:
            yield "thresholds without a base"
        if defaults["unit"] == "percentunit" and not {"min", "max"} <= set(defaults):
            yield "a share without min and max"
    refs = [target["refId"] for target in panel["targets"]]
    if len(refs) != len(set(refs)):
        yield "a refId is there twice"
    yield from names(panel, refs)


def names(panel: dict, refs: list[str]) -> Iterator[str]:
    """Overrides, transformations and data links name fields that the panel has."""
    fields = {"Time", "Value"} | {f"Value #{ref}" for ref in refs}
    for target in panel["targets"]:
        for kind, labels in promql.label_lists(grafana_free(target["expr"])):
            fields |= set(labels) if kind == "by" else set()
    renamed = set(fields)
    for transformation in panel.get("transformations", []):
        options = transformation["options"]
        for key in ("renameByName", "excludeByName", "indexByName"):
            for field in options.get(key, {}):
                if field not in fields:
                    yield f"a transformation names {field}"
        renamed |= set(options.get("renameByName", {}).values())
    if panel["type"] == "table":
        for override in panel["fieldConfig"]["overrides"]:
            matcher = override["matcher"]
            if matcher["id"] == "byName" and matcher["options"] not in renamed:
                yield f"an override names {matcher['options']}"
        for order in panel["options"].get("sortBy", []):
            if order["displayName"] not in renamed:
                yield f"sorted by {order['displayName']}"
    for field in re.findall(r"__data\.fields\.(\w+)", json.dumps(panel)):
        if field not in fields:
            yield f"a link names the field {field}"
    for label in re.findall(r"__field\.labels\.(\w+)", json.dumps(panel)):
        for target in panel["targets"]:
            lists = promql.label_lists(grafana_free(target["expr"]))
            if not any(kind == "by" and label in labels for kind, labels in lists):
                yield f"a link names the label {label}, which query {target['refId']} drops"


def markup(dashboard: dict) -> Iterator[str]:
    """Names stand where Grafana shows text, and are encoded in addresses.

    Grafana takes texts and titles of annotations, text panels and some cells for HTML or Markdown;
    tags, legends and other cells are text.
    """
    for annotation in dashboard["annotations"]["list"]:
        shown = annotation["titleFormat"] + annotation["textFormat"]
        if set(re.findall(r"\{\{\s*(\w+)", shown)) - {"alertname"}:
            yield f"annotation {annotation['name']}: a name in its title or text, which are HTML"
    for panel in dashboards.panels(dashboard):
        if panel["type"] == "text" and (
            panel["options"]["mode"] != "markdown" or "$" in panel["options"]["content"]):
            yield f"{panel['title']}: HTML, or a variable in Markdown"
        if set(re.findall(r'"type": "(markdown|html|image|json-view)"', json.dumps(panel))):
            yield f"{panel['title']}: a cell that is not shown as text"
        for url in re.findall(r'"url": "(.*?)"', json.dumps(panel)):
            for name in re.findall(r"\$\{(__(?:data|value|field|series)[^}]*)\}", url):
                if not name.endswith(":percentencode"):
                    yield f"{panel['title']}: {name} is not encoded in a link"


def grafana_free(expression: str) -> str:
    """The expression with Grafana's own variables replaced, so that it is PromQL."""
    return re.sub(r"\$__\w+", "5m", expression)


def target(panel: dict, target: dict, names: set[str], multi: set[str]) -> Iterator[str]:
    """target-job, target-instance, target-rate-interval, target-counter-agg, legends."""
    if target["datasource"] != DATASOURCE:
        yield "not of the data source variable"
    expression = target["expr"]
    if target["range"] == target["instant"]:
        yield "neither a range nor an instant query"
    yield from selectors(expression, names, multi)
    for match in re.finditer(r"\{\{\s*(\w+)\s*\}\}", target["legendFormat"]):
        lists = promql.label_lists(grafana_free(expression))
        grouped = {label for kind, labels in lists if kind == "by" for label in labels}
        if lists and any(kind == "by" for kind, _ in lists) and match[1] not in grouped:
            yield f"the legend names {match[1]}, which the query drops"
    if panel["type"] == "timeseries" and target["legendFormat"] == "__auto":
        yield "no legend"
    if panel["type"] == "table" and (target.get("format") != "table" or not target["instant"]):
        yield "no instant table"


def selectors(expression: str, names: set[str], multi: set[str]) -> Iterator[str]:
    """Matchers and ranges of every selector in a query."""
    for variable in re.findall(r"\$\{?([a-zA-Z_]\w*)", expression):
        if not variable.startswith("__") and variable not in names:
            yield f"${variable} is no variable"
    ranged = re.findall(r"\[([^\]]*)\]", expression)
    if any(range_ != "$__rate_interval" for range_ in ranged):
        yield f"ranges {ranged}: not $__rate_interval"
    for selector in promql.selectors(grafana_free(expression)):
        matchers = {(label, operator, value) for label, operator, value in selector.matchers}
        for label in ("job", "instance"):
            if (label, "=~", f"${label}") not in matchers:
                yield f'{selector.metric}: no {label}=~"${label}"'
        for label, operator, value in matchers:
            if value.lstrip("$") in multi and value.startswith("$") and operator != "=~":
                yield f"{selector.metric}: {label}{operator}{value}, but it has many values"
        is_counter = selector.metric.endswith(("_total", "_bucket", "_sum", "_count"))
        if is_counter and selector.function not in COUNTER_FUNCTIONS:
            yield f"{selector.metric}: a bare counter"
        if selector.range and not is_counter and selector.function != "changes":
            yield f"{selector.metric}: {selector.function} of a gauge"


def dashboard_problems(name: str, dashboard: dict) -> Iterator[str]:
    """Everything that is wrong with one dashboard."""
    checks = (variables, model, layout, markup)
    for problem in (problem for check in checks for problem in check(dashboard)):
        yield f"{name}: {problem}"
    known = {variable["name"] for variable in dashboards.variables(dashboard)}
    multi = {v["name"] for v in dashboards.variables(dashboard) if v.get("multi")}
    for each in dashboards.panels(dashboard):
        for problem in panel(each):
            yield f"{name}: {each['title']}: {problem}"
        for part in each.get("targets", []):
            for problem in target(each, part, known, multi):
                yield f"{name}: {each['title']} / {part['refId']}: {problem}"
    for annotation in dashboard["annotations"]["list"]:
        for problem in selectors(annotation["expr"], known, multi):
            yield f"{name}: annotation {annotation['name']}: {problem}"


def provisioning_problems() -> Iterator[str]:
    """What the provisioning files must say."""
    root = dashboards.ROOT / "provisioning"
    for path in (root / "dashboards").glob("*.yml"):
        for provider in yaml.safe_load(path.read_text())["providers"]:
            if provider["allowUiUpdates"] or not provider["options"]["path"]:
                yield f"{path.name}: allows updates in the browser, or has no path"
    for path in (root / "datasources").glob("*.yml"):
        for source in yaml.safe_load(path.read_text())["datasources"]:
            data = source["jsonData"]
            names = {entry["name"] for entry in data["exemplarTraceIdDestinations"]}
            if not source["uid"] or not data["timeInterval"] or "evidence_id" not in names:
                yield f"{path.name}: no uid, timeInterval or way from exemplars to evidence"
            for entry in data["exemplarTraceIdDestinations"]:
                if entry["url"] != EXEMPLAR:
                    yield f"{path.name}: exemplars lead to {entry['url']}"


def sdk_problems(name: str, dashboard: dict) -> Iterator[str]:
    """What grafana-foundation-sdk does not know or does not return."""
    from grafana_foundation_sdk.models.dashboard import Dashboard

    loaded = Dashboard.from_json(dashboard)
    known = {key for key in vars(loaded)}
    camel = lambda key: re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower().rstrip("_")
    for key in dashboard:
        if camel(key) not in known and key not in known and f"{camel(key)}_val" not in known:
            yield f"{name}: the schema does not know {key}"
    if len(loaded.panels or []) != len(dashboard["panels"]):
        yield f"{name}: the schema loses panels"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sdk", action="store_true", help="load with grafana-foundation-sdk, too")
    options = parser.parse_args()
    problems = list(provisioning_problems())
    found = dashboards.dashboards()
    for name, dashboard in found.items():
        problems += dashboard_problems(name, dashboard)
        if options.sdk:
            problems += sdk_problems(name, dashboard)
    uids = [dashboard["uid"] for dashboard in found.values()]
    if len(set(uids)) != len(uids):
        problems.append("two dashboards have one uid")
    print("\n".join(problems) or f"{len(found)} dashboards are in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
