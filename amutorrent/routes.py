"""When two routes can match the same path."""

import itertools
import re
from collections.abc import Sequence
from types import EllipsisType

HOST_ROUTES = (
    ("WS", "/"),
    ("WS", "/ws"),
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/api/openapi.json"),
    ("GET", "/login"),
    ("GET", "/setup"),
    ("GET", "/entry/<name>"),
    ("GET", "/api/docs"),
)
"""What the host serves beside its operations: (method, rule)."""

Part = str | EllipsisType | None
Shape = tuple[Part, ...]
"""The segments of a rule: text, None for a parameter, `...` for the rest of the path."""

_PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>|{\w+}")


def shape(rule: str) -> Shape:
    """Read a rule, written as Quart does (`<int:id>`) or as operations do (`{id}`)."""
    parts: list[Part] = []
    for part in rule.strip("/").split("/"):
        match = _PARAMETER.search(part)
        parts.append(part if match is None else ... if match[1] == "path" else None)
    return tuple(parts)


def meet(one: Sequence[Part], other: Sequence[Part]) -> bool:
    """Say whether there is a path that both shapes match."""
    for a, b in itertools.zip_longest(one, other, fillvalue=False):
        if a is ... or b is ...:
            return True
        if a is False or b is False or (a is not None and b is not None and a != b):
            return False
    return True
