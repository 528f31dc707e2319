"""The part of the settings that forms use: all of it as one document, shown, tried and taken back.

Source: data-model 12, http-api 13.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import trio
from pydantic import BaseModel

from ..client import ClientConfig
from ..errors import AmutorrentError, Conflict, InvalidRequest
from ..model import camel
from .clients import ClientTypes, Entry, Resolver, secrets
from .document import Document, Sections, at
from .editing import Complaint, Edit
from .environment import Variable
from .file import ConfigFile
from .keys import Key, Tree, dotted
from .layers import Layered
from .model import DirectorySettings, HostSettings, ServerSettings
from .problems import Origins, Problems

AT_START: tuple[Key, ...] = (
    *(("server", camel(name)) for name in ServerSettings.model_fields if name != "log_level"),
    *(("directories", camel(name)) for name in DirectorySettings.model_fields if name != "browse"),
    ("database",),
)
"""What is looked at when the daemon starts, and not again: another value waits for the next start."""

M = TypeVar("M", bound=BaseModel)


class Documents(ABC):
    """What `Settings` has beside the reading and the saving of single keys; the attributes are set there."""

    clients: list[ClientConfig]
    secrets: set[str]
    _file: ConfigFile
    _variables: list[Variable]
    _flags: dict[str, str | int]
    _types: ClientTypes | None
    _layered: Layered
    _host: HostSettings
    _read: dict[str, BaseModel]
    _saving: trio.Lock
    _begun: Tree

    @abstractmethod
    def plugin_section(self, name: str) -> dict[str, Tree]:
        """Give `plugins.<name>` as it is written, with the text of variables laid over it."""

    @abstractmethod
    def _section(self, layered: Layered, name: str, model: type[M], problems: Problems) -> M | None:
        """Read a plugin's section; None if something is wrong, which is noted."""

    @abstractmethod
    def _reload(self) -> None:
        """Read the file anew, and tell everybody."""

    @property
    def revision(self) -> str:
        """Name what was read or saved last: `replace` wants to be told it."""
        return self._file.revision

    @property
    def restart_needed(self) -> list[str]:
        """The keys that have another value now than when the daemon started, which is the one that counts."""
        now = self.document().effective()
        return [dotted(key) for key in AT_START if at(now, key, None) != at(self._begun, key, None)]

    @property
    def plugin_models(self) -> dict[str, type[BaseModel]]:
        """The models by which plugins have read their sections, by name."""
        return {name: type(section) for name, section in self._read.items()}

    def trial(self, entries: Sequence[Tree]) -> list[ClientConfig | str]:
        """Read entries of `clients` that are not saved; a text says what is wrong with one.

        Raises `InvalidRequest` for a mask that has nothing saved behind it, or something behind another address.
        """
        found: list[ClientConfig | str] = []
        for number, sent in enumerate(entries):
            edit, problems = Edit(self.document(), self._file.tree), Problems(Origins("here"))
            row = Entry(number, edit.reveal(number, sent), ())
            resolved = Resolver(self._types or ClientTypes({}, {}), problems).resolve([row])
            self.secrets.update(filter(None, secrets([each.settings for each in resolved])))
            edit.settle({each.order: each for each in resolved}, laid=False)
            if edit.complaints:
                field, message = edit.complaints[0]
                raise InvalidRequest(message, field=field)
            said = "; ".join(f"{each.field}: {each.message}" for each in problems.found)
            found.append(resolved[0] if resolved and not said else said or "This entry has no type")
        return found

    def document(self) -> Document:
        """Give all that counts now as one document."""
        return self._document(self._layered, self._host)

    def _document(self, layered: Layered, host: HostSettings) -> Document:
        known = {*layered.plugins, *self._read}
        words = {each.upper().replace("-", "_") for each in known}
        names = known | {each for each in layered.plugin_names if each.upper().replace("-", "_") not in words}
        sections = Sections(self._read, {name: self.plugin_section(name) for name in names})
        locked = dict(layered.origins.set_by)
        for name in names:
            for variable in layered.plugin_variables(name):
                locked.setdefault(("plugins", name, camel(variable.words[0].lower())), variable.name)
        types = self._types or ClientTypes({}, {})
        return Document(host, layered.entries, self.clients, types, sections, locked)

    async def replace(
        self,
        sent: Mapping[str, Tree],
        revision: str,
        *,
        further: Callable[[HostSettings], Sequence[Complaint]],
        follow: Callable[[list[tuple[str, str]]], Awaitable[None]],
    ) -> None:
        """Take a whole document back from a form (`editing.py`), all or nothing.

        `further` says what else is wrong with it; `follow` lets other things follow clients from one id to another
        before it counts: if that fails, the file is as before. Raises `Conflict` (`config_changed`) if `revision` is
        not that of the file now, `InvalidRequest` with all that is wrong, `StorageUnavailable`.
        """
        async with self._saving:
            if revision != self._file.revision:
                raise Conflict("The configuration was changed meanwhile: load it again", code="config_changed")
            edit = Edit(self.document(), self._file.tree)
            tree = edit.write(sent)
            moved = self._settled(edit, tree, further)
            await trio.to_thread.run_sync(self._file.save, tree)
            try:
                await follow(moved)
            except AmutorrentError:
                await trio.to_thread.run_sync(self._file.undo)
                raise
            self._reload()

    def _settled(
        self, edit: Edit, tree: dict[str, Tree], further: Callable[[HostSettings], Sequence[Complaint]]
    ) -> list[tuple[str, str]]:
        """Read the settings as they would be; gives the ids that were and now are. Raises `InvalidRequest`."""
        layered = Layered(self._file, self._variables, self._flags, tree=tree)
        clients = Resolver(self._types, layered.problems).resolve(layered.entries) if self._types else []
        for name, section in self._read.items():
            self._section(layered, name, type(section), layered.problems)
        moved = edit.settle({each.order: each for each in clients})
        wrong = [*edit.complaints, *((each.field, each.message) for each in layered.problems.found)]
        if layered.host is not None:
            wrong += further(layered.host)
        if wrong:
            problems = [{"field": field, "message": message} for field, message in dict(wrong).items()]
            first = f"{problems[0]['field']}: {problems[0]['message']}"
            message = first if len(problems) == 1 else f"{len(problems)} settings are wrong; the first is {first}"
            raise InvalidRequest(message, field=problems[0]["field"], details={"problems": problems})
        return moved
