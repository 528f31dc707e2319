"""The indexer over the host's real operations and two scripted ED2K clients, spoken to without a network."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import trio
from amutorrent_torznab import Indexer
from operations.conftest import open_rig
from operations.ed2k import SCRIPTS, Ed2k, Script
from operations.wire import Wire

from amutorrent import Host, Storage, StorageUnavailable
from amutorrent.client import ClientConfig
from amutorrent.settings import PluginSettings, Settings
from amutorrent.web import create_app

ATTR = "{http://torznab.com/schemas/2015/feed}attr"


class Shelf:
    """Keeps records in memory: a database's threads know nothing of a clock that jumps."""

    def __init__(self):
        self.kept, self.broken, self.writes = {}, False, 0

    async def get(self, owner, collection, key):
        return (await self.all(owner, collection)).get(key)

    async def all(self, owner, collection):
        self._check()
        return {key: json.loads(text) for (kind, key), text in sorted(self.kept.items()) if kind == collection}

    async def change(self, owner, changes):
        self._check()
        self.writes += 1
        for place, text in changes.items():
            if text is None:
                self.kept.pop(place, None)
            else:
                self.kept[place] = text

    def _check(self):
        if self.broken:
            raise StorageUnavailable("The disk is full")


class Answer:
    """A response, read as the apps read it."""

    def __init__(self, sent):
        self.status = sent[0]["status"]
        self.headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        self.body = b"".join(each.get("body", b"") for each in sent[1:])

    @property
    def xml(self):
        return ElementTree.fromstring(self.body)

    @property
    def items(self):
        assert self.status == 200, self.body
        return self.xml.findall("channel/item")

    @property
    def titles(self):
        return [each.findtext("title") for each in self.items]

    @property
    def error(self):
        assert self.xml.tag == "error", self.body
        return self.status, int(self.xml.get("code"))


class Rig:
    """The indexer, and who asks it."""

    def __init__(self, parts, context, folder, nursery):
        self._parts, self._context, self._folder, self._nursery = parts, context, folder, nursery
        self.shelf = Shelf()
        self.scripts = SCRIPTS
        self.script = SCRIPTS[0]
        self.catalogue, self.instances, self.operations = parts.catalogue, parts.instances, parts.operations

    def configure(self, **section):
        """Write the section of the plugin."""
        (self._folder / "config.json").write_text(json.dumps({"version": "1.0", "plugins": {"torznab": section}}))
        self.settings = PluginSettings(Settings(self._folder, environ={}), "torznab")

    async def start(self, **options):
        """Start the indexer; again, and it is another one over the same records. `options` are of the web context."""
        parts = replace(
            self._parts,
            settings_of=lambda name: self.settings,
            storage_for=lambda name: Storage(name, self.shelf),
        )
        self.indexer = Indexer(Host("torznab", lambda: parts))
        self._nursery.start_soon(self.indexer.serve)
        await trio.testing.wait_all_tasks_blocked()
        surfaces = {"surfaces": [self.indexer.blueprint()], "public_surfaces": {"torznab"}}
        self._wire = Wire(create_app(replace(self._context, **surfaces, **options)))

    async def ask(self, path="/indexer/amule/api", method="GET", root="", headers=(), **query):
        """Make a request."""
        scope = {**self._wire.scope("http", root + path, query), "method": method, "scheme": "http", "root_path": root}
        scope["headers"] = [*scope["headers"], *headers]
        waiting, sent = [{"type": "http.request", "body": b"", "more_body": False}], []

        async def receive():
            return waiting.pop() if waiting else await trio.sleep_forever()

        async def send(message):
            sent.append(message)

        await self._wire.app(scope, receive, send)
        return Answer(sent)

    async def search(self, q="ubuntu", **query):
        """Search."""
        return await self.ask(t="search", q=q, **query)

    @property
    def searched(self):
        """List what the first client was asked to search: (expression, network)."""
        return [(each[1], each[2]) for each in self.script.asked if each[0] == "start_search"]


def attributes(item):
    """Give the attributes of an item, the last of each name."""
    return {each.get("name"): each.get("value") for each in item.iter(ATTR)}


@pytest.fixture
def shelf():
    """Give records in memory."""
    return Shelf()


@pytest.fixture
async def rig(nursery, tmp_path):
    SCRIPTS.clear()
    SCRIPTS.update({0: Script(), 1: Script()})
    clients = [
        ClientConfig(
            id=f"ed2k-{number}", type="ed2ktest", name=f"E{number}", color=None, enabled=True, order=number,
            settings=Ed2k.Settings(script=number),
        )
        for number in SCRIPTS
    ]  # fmt: skip
    opened = await open_rig(nursery, {"ed2ktest": Ed2k}, clients)
    running = Rig(opened.parts, opened.context, tmp_path, nursery)
    running.configure(searchDelaySeconds=0)
    await running.start()
    return running
