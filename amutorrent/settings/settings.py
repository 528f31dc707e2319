"""All settings of a daemon: read once from file, environment and flags, and saved key by key. Source: data-model 12."""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import platformdirs
import trio
from pydantic import BaseModel

from ..client import Client, ClientConfig
from ..errors import InvalidRequest, SettingsError
from ..model import camel
from .clients import ClientTypes, Resolver, secrets
from .document import at
from .documents import Documents
from .environment import BadVariable, value_of, variables
from .file import ConfigFile
from .keys import Key, Tree, dotted, lay
from .layers import Layered
from .model import FORMAT, DirectorySettings, DiskSettings, HistorySettings, ServerSettings, UpdateSettings
from .problems import Problems

CONFIG = "config.json"

M = TypeVar("M", bound=BaseModel)
log = logging.getLogger("amutorrent.settings")


def find_data_dir(flag: str | Path | None, environ: Mapping[str, str]) -> Path:
    """Give the data directory: by flag, else AMUTORRENT_DATA_DIR, else the platform's place for such things."""
    chosen = flag or environ.get("AMUTORRENT_DATA_DIR")
    found = Path(chosen) if chosen else platformdirs.user_data_path("amutorrent", appauthor=False)
    return found.expanduser().absolute()


class Settings(Documents):
    """The settings; `server` and `directories` are sections, `clients` what `resolve_clients` found last."""

    def __init__(
        self,
        data_dir: str | Path | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        flags: Mapping[str, str | int | None] | None = None,
        types: ClientTypes | None = None,
    ) -> None:
        """Read everything. `flags` are values by name (see `layers.FLAGS`); None: not given.

        Raises `SettingsError` with all that is wrong, also in the entries of clients if `types` is given.
        """
        environ = os.environ if environ is None else environ
        self.data_dir = find_data_dir(data_dir, environ)
        self._variables = variables(environ)
        self._flags = {name: value for name, value in (flags or {}).items() if value is not None}
        self._file = ConfigFile(self.data_dir / CONFIG)
        self._saving = trio.Lock()
        self._types = types
        self._read: dict[str, BaseModel] = {}
        self.on_change: list[Callable[[], None]] = []
        """Called after each save: something may have another value now."""
        self.clients: list[ClientConfig] = []
        self.secrets: set[str] = set()
        """Every secret value that was read so far: what a log must never show."""
        self._load()
        self._begun = self.document().effective()

    def _load(self) -> None:
        layered = Layered(self._file, self._variables, self._flags)
        clients = Resolver(self._types, layered.problems).resolve(layered.entries) if self._types else []
        self._host = layered.checked()
        self._layered = layered
        self._keep(clients)
        for name, section in [*self._read.items()]:
            checked = self._section(layered, name, type(section), Problems(layered.origins))
            if checked is None:
                del self._read[name]
            else:
                self._take_section(name, checked)

    def _keep(self, clients: list[ClientConfig]) -> None:
        self.clients = clients
        self.secrets.update(filter(None, secrets([each.settings for each in clients])))
        self.secrets.update(self._host.database.secrets)

    # -- what was read

    @property
    def server(self) -> ServerSettings:
        """Where the daemon listens."""
        return self._host.server

    @property
    def directories(self) -> DirectorySettings:
        """Where things lie."""
        return self._host.directories

    @property
    def updates(self) -> UpdateSettings:
        """Whether newer releases are asked for, and whom."""
        return self._host.updates

    @property
    def history(self) -> HistorySettings:
        """What is kept of downloads that are over."""
        return self._host.history

    @property
    def disk(self) -> DiskSettings:
        """When a disk counts as nearly full."""
        return self._host.disk

    @property
    def database_url(self) -> str:
        """The URL of the database, "" for the file in the data directory. It may hold a password."""
        return self._host.database.url.get_secret_value()

    @property
    def is_new(self) -> bool:
        """Whether there is no config.json, and no variable names a client."""
        return not self._file.exists and not self._layered.entries

    @property
    def locked(self) -> dict[str, str]:
        """The keys that a variable or a flag holds, such as `server.port`, each with its name."""
        return {dotted(key): name for key, name in self._layered.origins.set_by.items()}

    def resolve_clients(
        self, client_types: Mapping[str, type[Client]], unavailable: Mapping[str, str]
    ) -> list[ClientConfig]:
        """Check the entries of `clients` by the types that plugins provide.

        `unavailable` says why a plugin is not there, by its name: an entry of that type stays, with `error`. Variables
        that mean nothing are logged. Raises `SettingsError` with all that is wrong.
        """
        self._types = ClientTypes(client_types, unavailable)
        problems = Problems(self._layered.origins)
        resolver = Resolver(self._types, problems)
        clients = resolver.resolve(self._layered.entries)
        problems.check()
        self._keep(clients)
        for name in [*self._layered.unknown, *resolver.unknown]:
            log.warning("there is no setting %s", name)
        return clients

    # -- sections of plugins

    def plugin_section(self, name: str) -> dict[str, Tree]:
        """Give `plugins.<name>` as it is written, with the text of variables laid over it."""
        section = dict(self._layered.plugins.get(name, {}))
        for variable in self._layered.plugin_variables(name):
            section[camel(variable.words[0].lower())] = variable.text
        return section

    def read_plugin(self, name: str, model: type[M]) -> M:
        """Give `plugins.<name>` checked by the plugin's model. Raises `SettingsError` with all that is wrong."""
        problems = Problems(self._layered.origins)
        checked = self._section(self._layered, name, model, problems, told=True)
        problems.check()
        assert checked is not None
        self._take_section(name, checked)
        return checked

    def _take_section(self, name: str, checked: BaseModel) -> None:
        self.secrets.update(filter(None, secrets(checked)))
        self._read[name] = checked

    def _section(
        self, layered: Layered, name: str, model: type[M], problems: Problems, *, told: bool = False
    ) -> M | None:
        """Read a plugin's section; None if something is wrong, which is noted. `told`: log what means nothing."""
        section: Tree = layered.plugins.get(name, {})
        at: Key = ("plugins", name)
        for variable in layered.plugin_variables(name):
            try:
                value = value_of(variable, [model])
            except BadVariable as error:
                problems.add_bad(error, at)
                continue
            if value is not None:
                section = lay(section, value.key, value.value)
                layered.origins.set_by[(*at, *value.key)] = value.name
            elif told:
                log.warning("there is no setting %s", variable.name)
        return problems.model(model, section, at)

    # -- saving

    @property
    def places(self) -> int:
        """The number that a further entry of `clients` gets."""
        return len(self._layered.entries)

    def says(self, key: Key) -> bool:
        """Say whether the file, a variable or a flag gives a key its value, not the default."""
        return self._holder(key) is not None or at(self._file.tree, key, None) is not None

    def problem(self, changes: Mapping[Key, Tree]) -> str | None:
        """Say what would be wrong if these keys were set; None: nothing."""
        tree: dict[str, Tree] = dict(self._file.tree)
        for key, value in changes.items():
            tree = lay(_with_places(tree, key), key, value)
        try:
            self._check(tree)
        except InvalidRequest as error:
            return error.message
        return None

    async def save(self, changes: Mapping[Key, Tree]) -> None:
        """Set keys in config.json, all or none; what variables and flags say is never written.

        Raises `InvalidRequest` for a wrong value and for a key that a variable or flag holds, `Conflict`
        (`config_changed`) if the file was edited meanwhile, `StorageUnavailable` if it cannot be written.
        """
        async with self._saving:
            tree = self._file.tree or {"version": FORMAT}
            for key, value in changes.items():
                holder = self._holder(key)
                if holder:
                    raise InvalidRequest(f"{dotted(key)} is set by {holder}: change it there", field=dotted(key))
                tree = lay(_with_places(tree, key), key, value)
            self._check(tree)
            await trio.to_thread.run_sync(self._file.save, tree)
            self._reload()

    def _reload(self) -> None:
        self._load()
        for listener in self.on_change:
            listener()

    def _holder(self, key: Key) -> str | None:
        """Name the variable or flag that holds a key."""
        if key[0] == "plugins":
            for variable in self._layered.plugin_variables(str(key[1])):
                if camel(variable.words[0].lower()) == key[2]:
                    return variable.name
        return self._layered.origins.holder(key)

    def _check(self, tree: dict[str, Tree]) -> None:
        """Read the settings as they would be. Raises `InvalidRequest`."""
        layered = Layered(self._file, self._variables, self._flags, tree=tree)
        try:
            if self._types:
                Resolver(self._types, layered.problems).resolve(layered.entries)
            layered.checked()
        except SettingsError as error:
            raise InvalidRequest(error.message, details=error.details) from error


def _with_places(tree: dict[str, Tree], key: Key) -> dict[str, Tree]:
    """Add the empty entries that hold the places of those which come wholly from the environment."""
    if key[0] != "clients" or len(key) < 2 or not isinstance(key[1], int):
        return tree
    entries = list(tree.get("clients", []))
    return {**tree, "clients": entries + [{}] * (key[1] - len(entries))}
