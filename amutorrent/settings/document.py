"""The whole configuration as one document, as forms show it: every key with its value, secrets masked.

Source: data-model 12, http-api 13.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic_core import to_jsonable_python

from ..client import ClientConfig
from .clients import ClientTypes, Entry
from .keys import Key, Tree
from .model import ClientEntry, HostSettings

MASK = "********"
"""Stands for a secret that is saved."""
OPEN = frozenset({"host", "type", "id", "name", "color"})
"""Keys that hold no secret, also where no model is known that would say so."""

_MISSING = object()


def plain(value: Any, *, masked: bool = False) -> Tree:  # Any: whatever a model may hold
    """Give a value of a model as JSON, by the names of config.json; `masked`: with `MASK` for every secret."""
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        return MASK if masked and secret else secret
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {field.alias or name: plain(getattr(value, name), masked=masked) for name, field in fields}
    if isinstance(value, Mapping):
        return {str(key): plain(each, masked=masked) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each, masked=masked) for each in value]
    return to_jsonable_python(value)


def veiled(value: Tree) -> Tree:
    """Mask every text of a tree that no model describes: any of them may be a secret."""
    if isinstance(value, dict):
        return {key: each if key in OPEN else veiled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [veiled(each) for each in value]
    return MASK if isinstance(value, str) and value else value


def at(tree: Tree, key: Sequence[str | int], default: Tree = _MISSING) -> Tree:
    """Give the value at a path. Raises `KeyError` without `default` if there is none."""
    for word in key:
        found = _step(tree, word)
        if found is _MISSING:
            if default is _MISSING:
                raise KeyError(word)
            return default
        tree = found
    return tree


def _step(tree: Tree, word: str | int) -> Tree:
    if isinstance(tree, dict):
        return tree.get(word, _MISSING)
    if isinstance(tree, list) and isinstance(word, int) and word < len(tree):
        return tree[word]
    return _MISSING


def has_mask(value: Tree) -> bool:
    """Say whether `MASK` stands anywhere in a value."""
    if isinstance(value, dict):
        return any(map(has_mask, value.values()))
    if isinstance(value, list):
        return any(map(has_mask, value))
    return bool(value == MASK)


class Sections:
    """The sections of plugins: those that a plugin has read by a model, and the others as they are written."""

    def __init__(self, read: Mapping[str, BaseModel], written: Mapping[str, dict[str, Tree]]) -> None:
        self._read = read
        self._written = written

    def tree(self, *, masked: bool) -> dict[str, Tree]:
        """Give all sections."""
        others = {name: veiled(each) if masked else each for name, each in self._written.items()}
        return others | {name: plain(each, masked=masked) for name, each in self._read.items()}


class Document:
    """What counts now. `locked` are the keys that a variable or a flag holds, each with its name."""

    def __init__(
        self,
        host: HostSettings,
        entries: Sequence[Entry],
        clients: Sequence[ClientConfig],
        types: ClientTypes,
        sections: Sections,
        locked: Mapping[Key, str],
    ) -> None:
        self.types = types
        self.locked = locked
        self.by_order = {each.order: each for each in clients}
        self.by_id = {each.id: each for each in clients}
        self._host = host
        self._entries = entries
        self._sections = sections

    def shown(self) -> dict[str, Tree]:
        """Give it for people: no secret stands in it."""
        return self._tree(masked=True)

    def effective(self) -> dict[str, Tree]:
        """Give it with its secrets, to compare with."""
        return self._tree(masked=False)

    def client(self, config: ClientConfig, *, masked: bool = False) -> dict[str, Tree]:
        """Give one client's entry with every key."""
        fields = ClientEntry.model_fields.items()
        common = {field.alias or name: plain(getattr(config, name)) for name, field in fields}
        if config.settings is not None:
            own: dict[str, Tree] = plain(config.settings, masked=masked)
            return common | own
        own = {key: value for key, value in self._entries[config.order].raw.items() if key not in common}
        return common | {key: veiled(value) if masked and key not in OPEN else value for key, value in own.items()}

    def _tree(self, *, masked: bool) -> dict[str, Tree]:
        tree: dict[str, Tree] = plain(self._host, masked=masked)
        configs = [self.by_order.get(each.number) for each in self._entries]
        tree["clients"] = [self.client(each, masked=masked) if each else {} for each in configs]
        tree["plugins"] = self._sections.tree(masked=masked)
        return tree
