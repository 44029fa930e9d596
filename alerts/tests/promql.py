"""A tokenizer for PromQL, enough to find and replace the parts of an expression.

Not a parser: it knows which token is a metric, a function, a matcher, a duration; it does not know
precedence. Expressions are checked by promtool; this only reads those that promtool accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<duration>(?:\d+(?:ms|[smhdwy]))+)(?![\w.])
  | (?P<number>0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)
  | (?P<op>==|!=|<=|>=|=~|!~|[-+*/%^<>=(){}\[\],:@])
    """,
    re.VERBOSE,
)
SET_OPERATORS = {"and", "or", "unless"}
AGGREGATIONS = {
    "sum", "min", "max", "avg", "count", "group", "stddev", "stdvar",
    "topk", "bottomk", "quantile", "count_values",
}
LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
MODIFIERS = SET_OPERATORS | LABEL_LISTS | {"offset", "bool", "atan2", "inf", "nan", "start", "end"}


@dataclass(frozen=True)
class Token:
    """One token: its kind, its text, and where it begins in the expression."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place behind the token."""
        return self.start + len(self.text)


@dataclass
class Selector:
    """A metric with its matchers as (label, operator, value), and its range if it has one."""

    metric: str
    matchers: list[tuple[str, str, str]] = field(default_factory=list)
    range: str | None = None
    function: str | None = None


def tokens(expression: str) -> list[Token]:
    """The expression's tokens, without white space and comments."""
    found, place = [], 0
    while place < len(expression):
        match = TOKEN.match(expression, place)
        if match is None:
            raise ValueError(f"unexpected {expression[place:place + 20]!r} in {expression!r}")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup or "", match.group(), place))
        place = match.end()
    return found


def unquote(text: str) -> str:
    """What a string token says."""
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def selectors(expression: str) -> list[Selector]:
    """Every vector selector, in order; `function` is the call right around it."""
    parts, found, place = tokens(expression), [], 0
    while place < len(parts):
        token = parts[place]
        following = parts[place + 1].text if place + 1 < len(parts) else ""
        if token.kind == "word" and token.text in LABEL_LISTS and following == "(":
            place = _closing(parts, place + 1) + 1
            continue
        bare = token.kind == "op" and token.text == "{"
        metric = token.kind == "word" and following != "(" and token.text not in MODIFIERS
        metric = metric and token.text not in AGGREGATIONS
        if bare or metric:
            selector = Selector("" if bare else token.text)
            if place > 1 and parts[place - 1].text == "(" and parts[place - 2].kind == "word":
                selector.function = parts[place - 2].text
            place = _read(parts, place if bare else place + 1, selector)
            if not selector.metric:
                selector.metric = next((v for n, _, v in selector.matchers if n == "__name__"), "")
            found.append(selector)
            continue
        place += 1
    return found


def _read(parts: list[Token], place: int, selector: Selector) -> int:
    """Reads `{...}` and `[...]` at `place` into the selector; answers the place behind them."""
    if place < len(parts) and parts[place].text == "{":
        end = _closing(parts, place)
        body = parts[place + 1 : end]
        for index, token in enumerate(body):
            if token.kind == "op" and token.text in {"=", "!=", "=~", "!~"}:
                value = body[index + 1]
                text = unquote(value.text) if value.kind == "string" else value.text
                selector.matchers.append((body[index - 1].text, token.text, text))
        place = end + 1
    if place < len(parts) and parts[place].text == "[":
        end = _closing(parts, place)
        selector.range = "".join(token.text for token in parts[place + 1 : end])
        place = end + 1
    return place


def _closing(parts: list[Token], place: int) -> int:
    """The index of the bracket that closes the one at `place`."""
    depth = 0
    for index in range(place, len(parts)):
        if parts[index].text in {"(", "{", "["}:
            depth += 1
        elif parts[index].text in {")", "}", "]"}:
            depth -= 1
            if depth == 0:
                return index
    raise ValueError("a bracket is not closed")


def label_lists(expression: str) -> list[tuple[str, list[str]]]:
    """Every `by (...)`, `without (...)`, `on (...)`, ... with its labels."""
    parts, found = tokens(expression), []
    for index, token in enumerate(parts[:-1]):
        if token.text in LABEL_LISTS and parts[index + 1].text == "(":
            end = _closing(parts, index + 1)
            labels = [part.text for part in parts[index + 2 : end] if part.kind == "word"]
            found.append((token.text, labels))
    return found
