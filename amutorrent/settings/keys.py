"""Paths of keys: how a variable names one, how a value is laid at one, and which type stands there."""

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

LONGEST_WORD = 60

Key = tuple[str | int, ...]
"""The path of a value in config.json: `("clients", 0, "host")`."""

Tree = Any
"""A JSON value. Any: it comes from a file, and is typed by the models."""


def dotted(key: Sequence[str | int]) -> str:
    """Spell a path for people, on one line: `clients.0.host`."""
    return ".".join(map(_spelled, key))


def _spelled(word: str | int) -> str:
    text = str(word)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= LONGEST_WORD else f"{text[:LONGEST_WORD]}..."


def locate(model: type[BaseModel], words: Sequence[str]) -> tuple[Key, Any] | None:
    """Find the path and the type that the words of a variable name, or None: no such setting."""
    for name, field in model.model_fields.items():
        if not words or name.upper() != words[0]:
            continue
        key: Key = (field.alias or name,)
        if len(words) == 1:
            return key, field.annotation
        inner = part(field)
        found = locate(inner, words[1:]) if inner else None
        return ((*key, *found[0]), found[1]) if found else None
    return None


def kind_at(model: type[BaseModel], key: Sequence[str | int]) -> Any:  # Any: a type of any form, or None
    """Give the type that stands at a path, or None if no field is there; inside a list or mapping it is its type."""
    if not key:
        return model
    for name, field in model.model_fields.items():
        if key[0] in (name, field.alias):
            inner = part(field)
            if len(key) == 1:
                return field.annotation
            return kind_at(inner, key[1:]) if inner else field.annotation
    return None


def part(field: FieldInfo) -> type[BaseModel] | None:
    """Give the model of a field that is a section of its own."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """List the variables of a model's keys."""
    for name, field in model.model_fields.items():
        inner = part(field)
        if inner:
            yield from names(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def is_collection(kind: Any) -> bool:  # Any: a type of any form
    """Say whether a value of this type is written as JSON in a variable."""
    if get_origin(kind) in (Union, UnionType):
        return any(map(is_collection, get_args(kind)))
    return (get_origin(kind) or kind) in (list, dict, tuple, set, frozenset)


def words_of(kind: Any) -> set[str]:  # Any: a type of any form
    """Give the words that a value of this type may be, beside what else it may be: `ed2k` or a list."""
    if get_origin(kind) in (Union, UnionType):
        return set().union(*map(words_of, get_args(kind)))
    return {each for each in get_args(kind) if isinstance(each, str)} if get_origin(kind) is Literal else set()


def is_secret(kind: Any) -> bool:  # Any: a type of any form
    """Say whether a value of this type must never be shown."""
    return kind is SecretStr or any(map(is_secret, get_args(kind)))


def lay(tree: Tree, key: Key, value: Tree) -> Tree:
    """Give `tree` with `value` at `key`; the tree itself is not changed.

    A list grows by one item at most, except by `{}`: raises `ValueError` for an item beyond that. What is neither an
    object nor a list where one is needed is replaced.
    """
    if not key:
        return value
    first, rest = key[0], key[1:]
    if isinstance(first, int):
        items = list(tree) if isinstance(tree, list) else []
        if first > len(items):
            raise ValueError(f"there is no item {len(items)} before it")
        items[first:] = [lay(items[first] if first < len(items) else None, rest, value), *items[first + 1 :]]
        return items
    entries = dict(tree) if isinstance(tree, dict) else {}
    entries[str(first)] = lay(entries.get(first), rest, value)
    return entries
