"""The configuration of a running daemon, as an admin sees and changes it. Source: http-api 13, data-model 12."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import trio
from pydantic import BaseModel, ValidationError

from ..catalogue import Catalogue
from ..client import Client, RunSync
from ..errors import AmutorrentError, DeadlineExceeded, InvalidRequest
from ..instances import Instances
from ..settings import HostSettings, Settings
from ..settings.document import plain
from ..settings.editing import Complaint
from ..settings.keys import Tree, dotted
from ..settings.model import DirectorySettings
from .detecting import FoundClient, detect
from .folders import Folder, browse
from .form import ClientTypeForm, SectionForm, client_type_form, form_fields
from .trying import Tested, try_clients, try_folder

if TYPE_CHECKING:
    from ..accounts import Accounts

BROWSE_S = 5.0
BROWSERS = 4
"""So many folders are looked into at a time: one that hangs keeps its thread until it ends."""
IN_CONTAINER = ("/.dockerenv", "/run/.containerenv")
Follower = Callable[[str, str], Awaitable[None]]
"""Lets something follow an instance from its old id to its new one. Raises `StorageUnavailable`: nothing changed."""

log = logging.getLogger("amutorrent.settings")


class Configuration:
    """Shows, tries and saves. `followers` are told of clients that get another id, before that counts."""

    def __init__(
        self,
        settings: Settings,
        instances: Instances,
        catalogue: Catalogue,
        accounts: "Accounts",
        kinds: Mapping[str, type[Client]],
        run_sync_for: Callable[[str], RunSync],
        followers: Sequence[Follower] = (),
    ) -> None:
        self._settings = settings
        self._instances = instances
        self._catalogue = catalogue
        self._accounts = accounts
        self._kinds = kinds
        self._run_sync_for = run_sync_for
        self._followers = followers
        self._saving = trio.Lock()
        self._browsers = trio.CapacityLimiter(BROWSERS)

    # -- showing

    @property
    def revision(self) -> str:
        """Name the configuration that counts; `save` wants to be told it."""
        return self._settings.revision

    @property
    def locked(self) -> list[str]:
        """The keys that variables and flags hold."""
        return sorted(map(dotted, self._settings.document().locked))

    @property
    def restart_needed(self) -> list[str]:
        """The keys whose values wait for the next start."""
        return self._settings.restart_needed

    def current(self) -> dict[str, Tree]:
        """Give the whole configuration, secrets masked."""
        return self._settings.document().shown()

    def defaults(self) -> dict[str, Tree]:
        """Give the configuration of an install that nobody has touched."""
        tree: dict[str, Tree] = plain(HostSettings.of({}), masked=True)
        for name, model in self._settings.plugin_models.items():
            with suppress(ValidationError):  # one that needs a value has no defaults as a whole
                tree["plugins"][name] = plain(model(), masked=True)
        return tree

    def client_types(self) -> list[ClientTypeForm]:
        """Describe the client types that there are."""
        return [client_type_form(kind) for kind in self._kinds.values()]

    def sections(self) -> list[SectionForm]:
        """Describe the settings of plugins, as far as plugins have read them by a model."""
        models: Mapping[str, type[BaseModel]] = self._settings.plugin_models
        return [SectionForm(name=name, fields=form_fields(model)) for name, model in models.items()]

    @staticmethod
    def in_container() -> bool:
        """Say whether the daemon runs in a container, whose paths are its own."""
        return any(Path(each).exists() for each in IN_CONTAINER)

    # -- trying

    async def try_clients(self, entries: Sequence[Tree]) -> list[Tested]:
        """Connect to clients as entries say. A mask stands for the saved secret.

        Raises `InvalidRequest` for a mask with nothing saved behind it, or behind another address.
        """
        return await try_clients(self._settings.trial(entries), self._kinds, self._run_sync_for)

    async def try_folders(self, directories: Mapping[str, Tree]) -> dict[str, Tested | list[Tested]]:
        """Look at folders; the keys are those of `directories`. Raises `InvalidRequest` for another key."""
        results: dict[str, Tested | list[Tested]] = {}
        for key, value in directories.items():
            try:
                checked = DirectorySettings.model_validate({key: value})
            except ValidationError as error:
                said = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
                raise InvalidRequest(said, field=f"directories.{key}") from error
            paths = plain(checked)[key]
            if isinstance(paths, str):
                results[key] = await try_folder(paths, writable=True) if paths else Tested(success=True, error=None)
            else:
                results[key] = [await try_folder(each, writable=False) for each in paths]
        return results

    async def browse(self, path: str, *, include_files: bool = False) -> Folder:
        """List a folder that may be looked into (`folders.py`). Raises `DeadlineExceeded` for one that hangs."""
        roots = self._settings.directories.browse
        with trio.move_on_after(BROWSE_S):
            return await trio.to_thread.run_sync(
                browse, roots, path, include_files, limiter=self._browsers, abandon_on_cancel=True
            )
        raise DeadlineExceeded("The folder does not answer: is a network share away?")

    async def detect(self) -> list[FoundClient]:
        """Look for clients on this machine, within 3 s."""
        return await detect(self._kinds, self._settings.clients)

    # -- saving

    async def save(self, sent: Mapping[str, Tree], revision: str) -> None:
        """Save a whole configuration, all or nothing, and let it count.

        Only the clients that changed connect anew. Raises `Conflict` (`config_changed`), `InvalidRequest` with all
        problems, `StorageUnavailable`.
        """
        async with self._saving:
            moved: list[tuple[str, str]] = []

            async def follow(ids: list[tuple[str, str]]) -> None:
                await self._follow(steps(ids))
                moved.extend(ids)

            await self._settings.replace(sent, revision, further=self._further, follow=follow)
            if moved:
                self._catalogue.categories.follow_instances(dict(moved))
                self._catalogue.start_over()  # who sees what has changed with the ids
            await self._instances.configure(self._settings.clients)

    def _further(self, host: HostSettings) -> list[Complaint]:
        """Say what is wrong beside the values themselves."""
        accounts = self._accounts.roster.accounts.values()
        if host.server.auth.enabled and not any(each.is_admin and not each.disabled for each in accounts):
            what = "there is no enabled admin, so nobody could sign in: make one first (`amutorrent users add`)"
            return [("server.auth.enabled", what)]
        return []

    async def _follow(self, moves: Iterable[tuple[str, str]]) -> None:
        """Let everything follow to new ids, or nothing."""
        done: list[tuple[Follower, str, str]] = []
        try:
            for old, new in moves:
                for follower in self._followers:
                    await follower(old, new)
                    done.append((follower, old, new))
        except AmutorrentError:
            for follower, old, new in reversed(done):
                try:
                    await follower(new, old)
                except AmutorrentError as error:
                    log.warning("what belonged to %s is left with %s: %s", old, new, error.message)
            raise


def steps(moved: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Order changes of ids so that none meets another: two that change places go by way of ids that nobody has."""
    if not {new for _, new in moved} & {old for old, _ in moved}:
        return list(moved)
    between = [f"{old}?" for old, _ in moved]  # no id of ours may hold this character
    away = [(old, by) for (old, _), by in zip(moved, between, strict=True)]
    return away + [(by, new) for (_, new), by in zip(moved, between, strict=True)]
