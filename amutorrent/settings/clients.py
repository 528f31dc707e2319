"""The entries of `clients`: checked by the host's fields and by the model of their type. Source: data-model 1, 12."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from ..client import Client, ClientConfig, ClientSettings
from .environment import PREFIX, BadVariable, Variable, value_of
from .keys import Key, Tree, lay, names
from .model import ClientEntry
from .problems import Problems, nearest, shown

COMMON = frozenset(field.alias or name for name, field in ClientEntry.model_fields.items())
"""The keys that the host reads, as they are written."""
ID = re.compile(r"[A-Za-z0-9._-]+")

log = logging.getLogger("amutorrent.settings")


@dataclass(frozen=True)
class Entry:
    """One entry as it is written: number, what file and JSON variables say, and the variables of its keys."""

    number: int
    raw: dict[str, Tree]
    variables: Sequence[Variable]

    @property
    def at(self) -> Key:
        """The path of the entry."""
        return ("clients", self.number)


@dataclass(frozen=True)
class ClientTypes:
    """The client types that the plugins provide, and why a plugin is not there, by its name."""

    provided: Mapping[str, type[Client]]
    unavailable: Mapping[str, str]


class Resolver:
    """Makes `ClientConfig`s of entries; collects problems, and the names of variables that mean nothing."""

    def __init__(self, types: ClientTypes, problems: Problems) -> None:
        self._types = types
        self._problems = problems
        self.unknown: list[str] = []

    def resolve(self, entries: Sequence[Entry]) -> list[ClientConfig]:
        """Check all entries. An empty one only holds its place."""
        found = [self._one(each) for each in entries if each.raw or each.variables]
        configs = [each for each in found if each is not None]
        first: dict[str, int] = {}
        for config in configs:
            other = first.setdefault(config.id, config.order)
            if other != config.order:
                key = ("clients", config.order, "id")
                self._problems.add(key, f"clients.{other} has the same id; give one of them another", shown(config.id))
        return configs

    def _one(self, entry: Entry) -> ClientConfig | None:
        laid = self._laid(entry, ClientEntry, last=False)
        written = {key: value for key, value in laid.raw.items() if key in COMMON}
        common = self._problems.model(ClientEntry, written, entry.at)
        type_name = written.get("type")
        if not isinstance(type_name, str):
            return None
        kind = self._types.provided.get(type_name)
        if kind is not None:
            return self._provided(entry, common, kind)
        if type_name not in self._types.unavailable:
            self._problems.add((*entry.at, "type"), self._right_types(type_name), shown(type_name))
            return None
        return _disabled(entry, common, type_name, self._types.unavailable[type_name])

    def _provided(self, entry: Entry, common: ClientEntry | None, kind: type[Client]) -> ClientConfig | None:
        raw = self._laid(entry, kind.Settings, last=True).raw
        own = {key: value for key, value in raw.items() if key not in COMMON}
        try:
            settings = self._problems.model(kind.Settings, own, entry.at, known=COMMON)
            id = f"{kind.type}-{settings.address().replace(':', '_')}" if settings else ""
        except Exception:  # the plugin's own code failed: it costs this instance alone, as at load
            log.exception("the settings of client type %s failed", kind.type)
            return _disabled(entry, common, kind.label, f"The plugin for {kind.type} failed; see the log")
        if common is None or settings is None:
            return None
        id = common.id or id
        if not ID.fullmatch(id):
            self._problems.add((*entry.at, "id"), "its address makes no id; give it one of letters, digits, . _ and -")
            return None
        return _config(entry, common, id, settings, kind.label, None)

    def _laid(self, entry: Entry, model: type[BaseModel], *, last: bool) -> Entry:
        """Lay the variables that a model knows over an entry; after the last one, the others are unknown."""
        raw = entry.raw
        for variable in entry.variables:
            try:
                value = value_of(variable, [ClientEntry, model])
            except BadVariable as error:
                if last or error.key[0] in COMMON:
                    self._problems.add_bad(error, entry.at)
                continue
            if value is not None:
                raw = lay(raw, value.key, value.value)
                self._problems.origins.set_by[(*entry.at, *value.key)] = value.name
            elif last:
                prefix = f"{PREFIX}CLIENTS__{entry.number}__"
                known = [*names(ClientEntry, prefix), *names(model, prefix)]
                self.unknown.append(f"{variable.name}{nearest(variable.name, known)}")
        return Entry(entry.number, raw, entry.variables)

    def _right_types(self, wrong: str) -> str:
        provided = sorted(self._types.provided)
        if not provided:
            return "no plugin provides a client type"
        return f"no plugin provides this client type; those found are {', '.join(provided)}{nearest(wrong, provided)}"


def _config(
    entry: Entry, common: ClientEntry, id: str, settings: ClientSettings | None, label: str, error: str | None
) -> ClientConfig:
    return ClientConfig(
        id=id,
        type=common.type,
        name=common.name or label,
        color=common.color,
        enabled=common.enabled,
        order=entry.number,
        settings=settings,
        error=error,
        category_sync=common.category_sync,
        category_sync_in=common.category_sync_in,
        category_sync_out=common.category_sync_out,
    )


def _disabled(entry: Entry, common: ClientEntry | None, label: str, reason: str) -> ClientConfig | None:
    if common is None:
        return None
    return _config(entry, common, common.id or _guessed_id(entry, common), None, label, reason)


def _guessed_id(entry: Entry, common: ClientEntry) -> str:
    """Give the id that most types would give, where the type's own rule cannot be asked."""
    host, port = entry.raw.get("host", "local"), entry.raw.get("port", entry.number)
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{common.type}-{host}-{port}")


def secrets(value: Any) -> Iterator[str]:  # Any: whatever a model may hold
    """List the secrets that stand anywhere in a value."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secrets(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from secrets(each)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from secrets(each)
