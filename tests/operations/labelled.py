"""Scripted clients with labels, written as a plugin writes one: what they hold outlives their connections."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import amutorrent as am
from amutorrent.client import ClientConfig


@dataclass
class Held:
    """What one client holds. `refuses`: category -> the error with which it answers; `asked`: what was asked of it."""

    categories: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    reachable: bool = True
    refuses: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    default_path: str = "/downloads"


HELD: dict[int, Held] = {}


class Settings(am.ClientSettings):
    """Names what it holds."""

    number: int = 0


class Labelled(am.Client, am.SetCategory):
    """Items with labels, and nothing more."""

    type = "labelled"
    label = "Labelled"
    network = "bittorrent"
    Settings = Settings

    def __init__(self, held):
        self.held = held
        self.first = True

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        held = HELD[settings.number]
        if not held.reachable:
            raise am.Unreachable("It is switched off")
        yield cls(held)

    async def probe(self):
        return am.Probe(version="1")

    async def poll(self):
        if not self.held.reachable:
            raise am.Unreachable("It is switched off")
        return am.Changes(
            items=[item(hash, label) for hash, label in self.held.labels.items()],
            full=True,
            default_path=self.held.default_path,
            categories=self.defined(),
        )

    def defined(self):
        return None

    async def set_category(self, hashes, category):
        self.ask("set_category", tuple(hashes), category)
        self.held.labels.update(dict.fromkeys(hashes, self.spelt(category or "Default")))
        return dict.fromkeys(hashes)

    def spelt(self, name):
        return name

    def ask(self, *what):
        self.held.asked.append(what)
        for name in what[1:]:
            if isinstance(name, str) and name in self.held.refuses:
                raise self.held.refuses[name]


class Defining(Labelled, am.Categories):
    """Defines categories as well."""

    type = "defining"

    def defined(self):
        return [am.ClientCategory(name=name, path=path) for name, path in self.held.categories.items()]

    async def create_category(self, name, path):
        self.ask("create", name, path)
        if self.spelt(name) in self.held.categories:
            raise am.Conflict("There is one")
        self.held.categories[self.spelt(name)] = path

    async def rename_category(self, name, new_name):
        self.ask("rename", name, new_name)
        if name not in self.held.categories:
            raise am.NotFound("There is none")
        if new_name in self.held.categories:
            raise am.Conflict("There is one")
        self.held.categories[new_name] = self.held.categories.pop(name)
        self.held.labels = {hash: new_name if label == name else label for hash, label in self.held.labels.items()}

    async def update_category(self, name, path):
        self.ask("update", name, path)
        if name not in self.held.categories:
            raise am.NotFound("There is none")
        self.held.categories[name] = path

    async def delete_category(self, name):
        self.ask("delete", name)
        self.held.categories.pop(name, None)
        self.held.labels = {hash: "Default" if label == name else label for hash, label in self.held.labels.items()}


class Lower(Defining):
    """Keeps names in lower case."""

    type = "lower"
    lower_cases_categories = True

    def spelt(self, name):
        return name if name == "Default" else name.lower()


class Moving(Labelled, am.NativeMove):
    """Moves data itself."""

    type = "moving"


TYPES = {each.type: each for each in (Labelled, Defining, Lower, Moving)}


def config(number, type="defining", **sync):
    """Configure one; its id is its type and its number."""
    return ClientConfig(
        id=f"{type}-{number}",
        type=type,
        name=f"{type.title()} {number}",
        color=None,
        enabled=True,
        order=number,
        settings=TYPES[type].Settings(number=number),
        **sync,
    )


def item(hash, label):
    return am.Item(
        hash=hash,
        name=f"item {hash[-4:]}",
        size=1,
        size_downloaded=0,
        progress=0.0,
        download_speed=0,
        upload_speed=0,
        complete=False,
        status="active",
        category=label,
    )
