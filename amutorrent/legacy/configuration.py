"""config.json: the clients, and the few settings that mean the same here. Source: legacy-store 2."""

from collections.abc import Mapping
from typing import Any

from ..settings import ClientTypes, Settings
from ..settings.clients import COMMON, Entry, Resolver
from ..settings.keys import Key, Tree, dotted
from ..settings.problems import Origins, Problems
from .report import FileReport

OLD_RETENTION = 30
"""The default there; nobody chose it, and here nothing is deleted unless somebody does."""
AUTOMATIC = ("sonarr", "radarr")


class OldSettings:
    """What config.json says. Nothing of it is trusted to be of the right type."""

    def __init__(self, tree: dict[str, Any] | None) -> None:  # Any: JSON values
        self._tree = tree or {}

    def part(self, *names: str) -> dict[str, Any]:  # Any: JSON values
        """Give a section; {} if it is none."""
        found: Tree = self._tree
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def clients(self) -> list[dict[str, Any]]:  # Any: JSON values
        """Give the entries of clients."""
        found = self._tree.get("clients")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def names(self) -> dict[str, str]:
        """Give the names of instances, by id."""
        return {str(each["id"]): str(each.get("name") or each["id"]) for each in self.clients if each.get("id")}

    @property
    def is_older(self) -> bool:
        """Whether it is of a version that had one client of each type, at the top."""
        return "clients" not in self._tree and any(
            isinstance(self._tree.get(each), dict) for each in ("amule", "rtorrent")
        )


def changes(old: OldSettings, settings: Settings, types: ClientTypes, report: FileReport) -> dict[Key, Tree]:
    """Give what is to be set here, and say what cannot be."""
    if old.is_older:
        report.skip("clients", "they stand in an older form: start version 3.8.8 once, stop it, and import again")
    found = _clients(old, settings, types, report)
    wanted: dict[Key, Tree] = {("server", name): old.part("server").get(name) for name in ("host", "port")}
    wanted[("history", "enabled")] = old.part("history").get("enabled")
    days = old.part("history").get("retentionDays")
    if days == OLD_RETENTION:
        report.note(
            f"history.retentionDays: {OLD_RETENTION} was the default there; here rows are kept until you set it"
        )
    elif days is not None:
        wanted[("history", "retentionDays")] = days
    for key, value in wanted.items():
        if value is None or settings.says(key):
            continue
        if problem := settings.problem({key: value}):
            report.skip(dotted(key), problem)
        else:
            found[key] = value
    _tell(old, report)
    return found


def _clients(old: OldSettings, settings: Settings, types: ClientTypes, report: FileReport) -> dict[Key, Tree]:
    known, found = {each.id for each in settings.clients}, dict[Key, Tree]()
    number = settings.places
    for each in old.clients:
        report.read += 1
        where = f"client {each.get('name') or each.get('id') or each.get('type')!r}"
        config, entry = _client(each, number, types, report, where)
        if config is None:
            continue
        if config in known:
            report.known += 1
            continue
        known.add(config)
        found[("clients", number)] = entry
        number += 1
        report.taken += 1
    return found


def _client(
    old: Mapping[str, Tree], number: int, types: ClientTypes, report: FileReport, where: str
) -> tuple[str | None, Tree]:
    """Give the id and the entry of a client, or None and the reason in the report."""
    kind = types.provided.get(str(old.get("type")))
    if kind is None:
        report.skip(where, f"no plugin provides the type {old.get('type')!r}; what it did is taken over all the same")
        return None, None
    keys = COMMON | {field.alias or name for name, field in kind.Settings.model_fields.items()}
    entry = {key: value for key, value in old.items() if key in keys and value is not None}
    problems = Problems(Origins("config.json"))
    resolved = Resolver(types, problems).resolve([Entry(number, entry, ())])
    if resolved and not problems.found:
        return resolved[0].id, entry
    told = "; ".join(f"{each.field.rpartition('.')[2]}: {each.message}" for each in problems.found)
    if old.get("source") == "env":
        told += " (it came from environment variables, which are not in the file)"
    report.skip(where, told or "it cannot be read")
    return None, None


def _tell(old: OldSettings, report: FileReport) -> None:
    """Say what was switched on there and has no counterpart here, or is to be set anew."""
    if old.part("server", "auth").get("enabled") is False:
        report.note("server.auth.enabled: signing in was off; here it is on until you set it")
    if old.part("server", "auth", "trustedProxy").get("enabled"):
        report.note("server.auth.trustedProxy: signing in by a proxy's header was on; set it here with trustedProxies")
    for name in AUTOMATIC:
        if old.part("integrations", name).get("enabled"):
            report.note(f"integrations.{name}: automatic searches have no counterpart here")
    if old.part("eventScripting").get("enabled"):
        report.note("eventScripting: scripts have no counterpart here")
