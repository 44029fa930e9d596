"""What flows from an agent's run to a page have in common."""

from __future__ import annotations

from collections.abc import Callable


def play(steps: list[Callable[[], str]]) -> None:
    """Runs the steps, and prints what each is and what it found."""
    for step in steps:
        print(f"{step.__doc__}\n    {step()}", flush=True)


def drop_pages(sandbox, since: float) -> list:
    """The pages about a drop."""
    return [notice for notice in sandbox.receiver.of("pager", since)
            if notice.labels["alertname"] == "ReflexiveQsrDrop"]
