"""What is wrong with settings, in words: key, value, where it came from, and what would be right."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..errors import SettingsError
from .environment import BadVariable
from .keys import Key, Tree, dotted, is_secret, kind_at

M = TypeVar("M", bound=BaseModel)

LONGEST_VALUE = 80
RIGHT = {
    "missing": "it is required",
    "bool_parsing": "it should be true or false",
    "bool_type": "it should be true or false",
    "int_parsing": "it should be a whole number",
    "int_type": "it should be a whole number",
    "int_from_float": "it should be a whole number",
    "int_parsing_size": "it should be a smaller whole number",
    "float_parsing": "it should be a number",
    "string_type": "it should be text",
    "string_unicode": "it should be text",
    "dict_type": "it should be an object, {...}",
    "model_type": "it should be an object, {...}",
    "tuple_type": "it should be a list, [...]",
    "list_type": "it should be a list, [...]",
}


@dataclass
class Origins:
    """Where each value came from: the variable or the flag that set it, else the file."""

    file: str
    set_by: dict[Key, str] = field(default_factory=dict)

    def of(self, key: Key) -> str:
        """Name the origin of the value at a path."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.set_by:
                return self.set_by[key[:length]]
        below = [name for other, name in self.set_by.items() if other[: len(key)] == key]
        return below[0] if below else self.file

    def holder(self, key: Key) -> str | None:
        """Name the variable or flag that holds a value or a part of it, so that it cannot be changed in the file."""
        origin = self.of(key)
        return None if origin == self.file else origin


class Wrong(NamedTuple):
    """One thing that is wrong: where, what, and where the value came from."""

    field: str
    what: str
    origin: str
    shown: str = ""

    def __str__(self) -> str:
        return f"{self.field}{self._value} ({self.origin}): {self.what}"

    @property
    def message(self) -> str:
        """Say it without the place: a form has that beside it."""
        return f"{self._value.lstrip()}: {self.what}" if self.shown else self.what

    @property
    def _value(self) -> str:
        return f" is {self.shown}" if self.shown else ""


class Problems:
    """Collects all that is wrong, to be told at once."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.found: list[Wrong] = []

    def add(self, key: Key, what: str, shown: str = "") -> None:
        """Note a problem at a path; `shown` is the value, if it may be shown."""
        self.found.append(Wrong(dotted(key), what, self.origins.of(key), shown))

    def add_all(self, error: ValidationError, model: type[BaseModel], at: Key = (), known: Iterable[str] = ()) -> None:
        """Note what a model found wrong; `at` is the model's own path, `known` the keys that may stand there."""
        for each in error.errors(include_url=False, include_context=False):
            key = tuple(part for part in each["loc"] if part != "[key]")
            kind = kind_at(model, key)
            hidden = is_secret(kind)
            right = _right(each, model, key, known)
            if hidden and each["input"]:  # a model's own message may repeat it
                right = right.replace(str(each["input"]), "...")
            self.add((*at, *key), right, "hidden here" if hidden else _shown(each, kind))

    def add_bad(self, error: BadVariable, at: Key = ()) -> None:
        """Note a variable whose text cannot be read; `at` is the path that its key is relative to."""
        key = (*at, *error.key)
        self.origins.set_by[key] = error.name
        self.add(key, error.reason)

    def model(self, model: type[M], tree: Tree, at: Key = (), known: Iterable[str] = ()) -> M | None:
        """Check a value by a model; None if something is wrong, which is noted."""
        try:
            return model.model_validate(tree)
        except ValidationError as error:
            self.add_all(error, model, at, known)
            return None

    def check(self) -> None:
        """Raise `SettingsError` with all problems, if there are any."""
        if self.found:
            raise settings_error([*map(str, self.found)])


def settings_error(problems: Sequence[str]) -> SettingsError:
    """Make one error of all problems."""
    if len(problems) == 1:
        message = f"Wrong setting: {problems[0]}"
    else:
        message = "\n  ".join([f"{len(problems)} wrong settings:", *problems])
    return SettingsError(message, details={"problems": list(problems)})


def nearest(name: str, known: Iterable[str]) -> str:
    """Name the known word that was probably meant, as the end of a sentence."""
    found = difflib.get_close_matches(name, list(known), 1, 0.5)
    return f"; did you mean {found[0]}?" if found else ""


def _right(error: ErrorDetails, model: type[BaseModel], key: Key, known: Iterable[str]) -> str:
    if error["type"] == "extra_forbidden":
        section = kind_at(model, key[:-1])
        fields: Mapping[str, object] = getattr(section, "model_fields", {})
        keys = [getattr(each, "alias", None) or name for name, each in fields.items()]
        return f"there is no such setting{nearest(str(key[-1]), [*keys, *(known if len(key) == 1 else ())])}"
    message = error["msg"]
    if error["type"] == "value_error":
        return message.removeprefix("Value error, ")
    return RIGHT.get(error["type"]) or message.replace("Input should", "it should").replace(
        "String should", "it should"
    )


def _shown(error: ErrorDetails, kind: object) -> str:
    """Give a value for people: nothing for what no field is there for, since it may be a secret in the wrong place."""
    if kind is None or error["type"] in ("missing", "extra_forbidden"):
        return ""
    return shown(error["input"])


def shown(value: Tree) -> str:
    """Spell a value for people, on one line."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = json.dumps(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
