"""The operations over a real host with two example clients, or scripted ones, without a server."""

from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import metadata
from types import SimpleNamespace

import pytest
import trio
import trio.testing
from amutorrent_example.settings import ExampleSettings
from operations import holders, labelled
from operations.channels import FIRST, OWNER
from operations.ed2k import PARTIAL, SCRIPTS, Ed2k, Script
from operations.moves import Rows
from operations.scene import Scene
from operations.wire import Reader, Wire, WireGate

from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.broadcast import Broadcast
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.client import ClientConfig
from amutorrent.events import Events
from amutorrent.host import Host, Parts
from amutorrent.instances import Instances
from amutorrent.log_ring import LogRing
from amutorrent.logs import Redaction
from amutorrent.moving import Moves, journal
from amutorrent.operations import Operations
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.peering import Peering
from amutorrent.plugins import load_plugins
from amutorrent.searches import Searches
from amutorrent.syncing import CategorySync
from amutorrent.web import HealthReport, WebContext, create_app

EXAMPLE = metadata.EntryPoint("example", "amutorrent_example", "amutorrent")


def example(seed, order=0, **settings):
    return ClientConfig(
        id=f"example-{seed}",
        type="example",
        name=seed,
        color=None,
        enabled=True,
        order=order,
        settings=ExampleSettings(seed=seed, **settings),
    )


async def run_inline(function, *args):
    return function(*args)


async def open_rig(
    nursery,
    client_types,
    configs,
    plugin_operations=(),
    table=(),
    shelf=None,
    attend=None,
    history_for=lambda catalogue: None,
    metrics_for=lambda catalogue: None,
):
    """Wire the parts of a daemon, without a server."""
    parts = []
    events, broadcast = Events(), Broadcast()
    if attend is not None:
        attend(events, broadcast)
    catalogue = Catalogue(Categories(), events)
    instances = Instances(catalogue, events, client_types, lambda name: run_inline)
    moves = Moves(instances, catalogue, events, broadcast, trio.to_thread.run_sync, shelf)
    searches = Searches(instances, catalogue, broadcast)
    peering, log_ring = Peering(instances, catalogue), LogRing(Redaction())
    sync = CategorySync(catalogue, instances, events)
    operations = Operations(
        [*HOST_OPERATIONS, *plugin_operations], lambda name: Host(name, lambda: parts[0] if parts else None)
    )
    parts.append(
        Parts(
            catalogue=catalogue,
            instances=instances,
            events=events,
            broadcast=broadcast,
            searches=searches,
            peering=peering,
            log_ring=log_ring,
            moves=moves,
            operations=operations,
            plugins=lambda: table,
            settings_of=lambda name: None,
            run_sync_for=lambda name: run_inline,
            storage_for=lambda name: None,
            accounts=None,
            category_sync=sync,
            history=history_for(catalogue),
            metrics=metrics_for(catalogue),
        )
    )
    await nursery.start(instances.run)
    await nursery.start(sync.run)
    await nursery.start(searches.run)
    await nursery.start(peering.run)
    await nursery.start(operations.serve)
    await instances.configure(configs)
    await nursery.start(moves.run)
    await trio.testing.wait_all_tasks_blocked()

    async def call(action, user=LOCAL_ADMIN, **request):
        reply = await operations.call(action, request, user)
        await trio.testing.wait_all_tasks_blocked()
        return reply

    context = WebContext(
        operations=operations,
        catalogue=catalogue,
        instances=instances,
        events=events,
        broadcast=broadcast,
        searches=searches,
        peering=peering,
        log_ring=log_ring,
        health=HealthReport,
    )
    return SimpleNamespace(
        call=call,
        moves=moves,
        events=events,
        broadcast=broadcast,
        catalogue=catalogue,
        instances=instances,
        operations=operations,
        parts=parts[0],
        context=context,
    )


@pytest.fixture
def wire_parts():
    """Give the function that wires the parts of a daemon, without a server."""
    return open_rig


@pytest.fixture
async def rig(nursery):
    """Run two example clients."""
    plugins = load_plugins(entry_points=[EXAMPLE], host_operations=HOST_OPERATIONS)
    configs = [example("one", 0), example("two", 1, items=3)]
    rig = await open_rig(nursery, plugins.client_types, configs, plugins.operations, plugins.table)
    rig.hashes = [entry.item.hash for entry in rig.catalogue.items("example-one")]
    rig.others = [entry.item.hash for entry in rig.catalogue.items("example-two")]
    return rig


@pytest.fixture
def scripts():
    """Say what the two scripted ED2K clients of `ed2k` do; change it before they start, or later."""
    SCRIPTS.clear()
    SCRIPTS.update({0: Script(), 1: Script()})
    return SCRIPTS


@pytest.fixture
async def ed2k(nursery, scripts):
    """Run two scripted ED2K clients and the example client behind our web application, over a clock that jumps."""
    types = load_plugins(entry_points=[EXAMPLE], host_operations=HOST_OPERATIONS).client_types
    clients = [
        ClientConfig(
            id=f"ed2k-{number}",
            type="ed2ktest",
            name=f"E{number}",
            color=None,
            enabled=True,
            order=number,
            settings=Ed2k.Settings(script=number),
        )
        for number in scripts
    ]
    rig = await open_rig(nursery, {**types, "ed2ktest": Ed2k}, [*clients, example("one", 2)])
    rig.wire = Wire(create_app(replace(rig.context, gate=WireGate())))
    rig.wire.user = LOCAL_ADMIN
    rig.scripts, rig.script, rig.other = scripts, scripts[0], scripts[1]
    return rig


@pytest.fixture
def held():
    """Say what the three scripted clients of `labelled` hold."""
    labelled.HELD.clear()
    labelled.HELD.update({number: labelled.Held() for number in range(3)})
    return labelled.HELD


@pytest.fixture
def open_scene(nursery, wire_parts, held):
    """Give the function that runs a host over clients of `labelled`, asked about categories."""

    async def open(*configs):
        rig = await wire_parts(nursery, labelled.TYPES, configs)
        nursery.start_soon(rig.catalogue.run)
        return Scene(rig)

    return open


@pytest.fixture
async def scene(open_scene):
    """Run a host over a client that defines categories and one that has labels alone."""
    return await open_scene(labelled.config(0), labelled.config(1, "labelled"))


@pytest.fixture
def _remember(monkeypatch):
    """Let readers remember in `all` every message that `ask` passed over."""
    get = Reader.get

    async def remembering(self, *kinds):
        found = await get(self, *kinds)
        self.all = [*getattr(self, "all", ()), found]
        return found

    monkeypatch.setattr(Reader, "get", remembering)


@pytest.fixture
async def live(ed2k, nursery, _remember):
    """Let the list be published, and channels be supplied; the client whose items change all the time is left out."""
    await ed2k.instances.configure([each.config for each in ed2k.instances.all() if each.id != "example-one"])
    nursery.start_soon(ed2k.catalogue.run)
    nursery.start_soon(ed2k.wire.app.run)
    await ed2k.catalogue.owners.claim(OWNER, [(FIRST, PARTIAL)])
    ed2k.catalogue.publish()
    return ed2k


@pytest.fixture
def script(monkeypatch):
    """Say what the client of `holders` that has the host move its files does; waits of moves are short."""
    monkeypatch.setattr(holders.Hosted, "script", {})
    monkeypatch.setattr(journal, "AGAIN_S", 0.01)
    monkeypatch.setattr("amutorrent.moving.native.LOOK_S", 0.01)
    return holders.Hosted.script


@pytest.fixture
def start(wire_parts, script):
    """Give the function that runs a host over a client of `holders`, and collects what is heard and told of moves."""

    @asynccontextmanager
    async def start(type, *items, rows=None):
        holders.ITEMS[0] = list(items)
        rows = Rows() if rows is None else rows
        async with trio.open_nursery() as nursery:
            heard, told = [], []

            def attend(events, broadcast):
                broadcast.on_notice.append(heard.append)
                events.publish = lambda event: told.append(event) if event.name == "file_moved" else None

            rig = await wire_parts(nursery, holders.KINDS, [holders.config(type)], shelf=rows, attend=attend)
            rig.type, rig.rows, rig.heard, rig.told = type, rows, heard, told
            yield rig
            nursery.cancel_scope.cancel()

    return start
