"""AMUTORRENT_ variables: which key each one names, and its value."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from .keys import Key, Tree, is_collection, is_secret, locate, words_of

PREFIX = "AMUTORRENT_"
FILE = "_FILE"
OUTSIDE = frozenset({"AMUTORRENT_DATA_DIR", "AMUTORRENT_URL", "AMUTORRENT_API_KEY"})
"""Read by commands, not settings."""


@dataclass(frozen=True)
class Variable:
    """One variable: its whole name, the words of its path that are still to be found, and its text."""

    name: str
    words: tuple[str, ...]
    text: str

    def below(self, count: int) -> "Variable":
        """Give it without the first words of its path."""
        return Variable(self.name, self.words[count:], self.text)


@dataclass(frozen=True)
class Value:
    """What one variable says."""

    key: Key
    value: Tree
    name: str


class BadVariable(Exception):
    """A variable that names a key, but whose text cannot be read."""

    def __init__(self, key: Key, name: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.name, self.reason = key, name, reason


def variables(environ: Mapping[str, str]) -> list[Variable]:
    """List ours, in the order of their list indexes; an empty one is not set."""
    ours = [name for name, text in environ.items() if name.startswith(PREFIX) and text and name not in OUTSIDE]
    return [
        Variable(name, tuple(name.removeprefix(PREFIX).split("__")), environ[name])
        for name in sorted(ours, key=_natural)
    ]


def _natural(name: str) -> list[tuple[bool, int, str]]:
    words = name.split("__")
    return [(is_index(word), int(word) if is_index(word) else 0, word) for word in words]


def is_index(word: str) -> bool:
    """Say whether a word of a path is the number of a list item."""
    return re.fullmatch("[0-9]{1,4}", word) is not None


def value_of(variable: Variable, models: Iterable[type[BaseModel]]) -> Value | None:
    """Read a variable as a key of the first of `models` that has it; None: no such setting. Raises `BadVariable`.

    A secret's variable may end in `_FILE`: it names the file that holds the value.
    """
    models = list(models)
    for model in models:
        found = locate(model, variable.words)
        if found:
            key, kind = found
            return Value(key, _typed(key, kind, variable), variable.name)
    if not variable.words or not variable.words[-1].endswith(FILE):
        return None
    for model in models:
        found = locate(model, (*variable.words[:-1], variable.words[-1].removesuffix(FILE)))
        if found and is_secret(found[1]):
            return Value(found[0], _from_file(found[0], variable), variable.name)
    return None


def _typed(key: Key, kind: Any, variable: Variable) -> Tree:  # Any: a type of any form
    if not is_collection(kind) or variable.text in words_of(kind):
        return variable.text
    try:
        return json.loads(variable.text)
    except (ValueError, RecursionError) as error:
        raise BadVariable(key, variable.name, 'it should be JSON, such as ["a", "b"]') from error


def _from_file(key: Key, variable: Variable) -> str:
    try:
        return Path(variable.text).read_text("utf-8").removesuffix("\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BadVariable(key, variable.name, f"cannot read the file {variable.text}: {reason}") from error
