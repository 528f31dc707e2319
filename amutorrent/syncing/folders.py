"""Sees whether the folders of categories can be used on this machine, where we have to. Source: data-model 7.

A client that moves data itself needs nothing of us. For the others a category's folder, as we see it, has to exist and
to be readable and writable. It is looked at when a client connects and when a path changes. A network mount that hangs
costs one thread and a text, and nobody waits for it.
"""

import os
from collections.abc import Callable, Mapping

import trio

from ..capabilities import NativeMove
from ..catalogue import Catalogue
from ..events import Events
from ..instances import Instances
from ..model import Category
from ..paths import Paths

DEBOUNCE_S = 0.5
ANSWER_S = 5.0
THREADS = 8

Texts = dict[str, str | dict[str, str]]
Wanted = dict[str, dict[str | None, str]]
"""Category -> key of its mapping (None: its own path) -> the folder to look at."""


def unusable(folder: str) -> str | None:
    """Say what is wrong with a folder; None: nothing. Blocks as long as the disk does."""
    if not os.path.isdir(folder):
        return f"{folder} is not a folder" if os.path.exists(folder) else f"{folder} does not exist here"
    if not os.access(folder, os.R_OK | os.X_OK):
        return f"{folder} cannot be read"
    return None if os.access(folder, os.W_OK) else f"{folder} cannot be written"


class FolderChecks:
    """Puts `path_warnings` on categories. `run` does it."""

    def __init__(
        self,
        catalogue: Catalogue,
        instances: Instances,
        events: Events,
        *,
        look: Callable[[str], str | None] = unusable,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._catalogue = catalogue
        self._instances = instances
        self._events = events
        self._look = look
        self._answer_s = answer_s
        self._limiter = trio.CapacityLimiter(THREADS)
        self._hanging: set[str] = set()
        self._wake = trio.Event()

    async def run(self) -> None:
        """Go on until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._follow_instances)
            nursery.start_soon(self._follow_categories)
            while True:
                await self._wake.wait()
                await trio.sleep(DEBOUNCE_S)
                self._wake = trio.Event()
                await self.check()

    async def _follow_instances(self) -> None:
        with self._events.subscribe() as happened:
            connections = self._connections()
            while True:
                event = await happened.get()
                if event.name == "instances_changed" and (now := self._connections()) != connections:
                    connections = now
                    self._wake.set()

    def _connections(self) -> dict[str, int]:
        return {each.id: each.connections for each in self._instances.all()}

    async def _follow_categories(self) -> None:
        categories = self._catalogue.categories
        wanted: Wanted = {}
        while True:
            version = categories.version
            if (now := self._wanted()) != wanted:
                wanted = now
                self._wake.set()
            await categories.wait_version(version)

    async def check(self) -> None:
        """Look at all folders, and put what is wrong on the categories."""
        wanted = self._wanted()
        texts = await self._texts({folder for keys in wanted.values() for folder in keys.values()})
        warnings = {name: _warnings(keys, texts) for name, keys in wanted.items()}
        current = self._wanted()  # what changed meanwhile is looked at next
        self._catalogue.show_warnings(
            {name: each for name, each in warnings.items() if current.get(name) == wanted[name]}
        )

    def _wanted(self) -> Wanted:
        """Say which folders have to be usable, for which reason."""
        categories = tuple(self._catalogue.categories.all())
        wanted: Wanted = {category.name: {} for category in categories}
        for instance in self._instances.all():
            if instance.state == "disabled" or instance.has(NativeMove):
                continue
            paths = Paths(categories, instance.id, instance.config.type)
            for category in categories:
                folder = paths.folder(category)
                if folder:
                    wanted[category.name][_key(category, instance.id, instance.config.type)] = folder
        return wanted

    async def _texts(self, folders: set[str]) -> dict[str, str | None]:
        texts: dict[str, str | None] = {}

        async def one(folder: str) -> None:
            texts[folder] = await self._text(folder)

        async with trio.open_nursery() as nursery:
            for folder in folders:
                nursery.start_soon(one, folder)
        return texts

    async def _text(self, folder: str) -> str | None:
        late = f"{folder} did not answer within {self._answer_s:.0f} s"
        if folder in self._hanging:
            return late

        def work() -> str | None:
            self._hanging.add(folder)
            try:
                return self._look(folder)
            finally:
                self._hanging.discard(folder)

        with trio.move_on_after(self._answer_s):
            return await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)
        return late


def _key(category: Category, instance_id: str, client_type: str) -> str | None:
    """Give the key of the mapping that holds for an instance; None: it goes by the path itself."""
    mappings = category.path_mappings or {}
    return next((key for key in (instance_id, client_type) if mappings.get(key)), None)


def _warnings(keys: Mapping[str | None, str], texts: Mapping[str, str | None]) -> Texts | None:
    found: Texts = {}
    if None in keys and (text := texts[keys[None]]):
        found["path"] = text
    if mappings := {key: text for key, folder in keys.items() if key is not None and (text := texts[folder])}:
        found["mappings"] = mappings
    return found or None
