"""The operations over a real host with two example clients, without a server."""

from importlib import metadata
from types import SimpleNamespace

import pytest
import trio.testing
from amutorrent_example.settings import ExampleSettings

from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.broadcast import Broadcast
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.client import ClientConfig
from amutorrent.events import Events
from amutorrent.host import Host, Parts
from amutorrent.instances import Instances
from amutorrent.operations import Operations
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins

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


@pytest.fixture
async def rig(nursery):
    parts = []
    events = Events()
    catalogue = Catalogue(Categories(), events)
    plugins = load_plugins(entry_points=[EXAMPLE], host_operations=HOST_OPERATIONS)
    instances = Instances(catalogue, events, plugins.client_types, lambda name: run_inline)
    operations = Operations(
        [*HOST_OPERATIONS, *plugins.operations], lambda name: Host(name, lambda: parts[0] if parts else None)
    )
    parts.append(
        Parts(
            catalogue=catalogue,
            instances=instances,
            events=events,
            broadcast=Broadcast(),
            operations=operations,
            plugins=lambda: plugins.table,
            settings_of=lambda name: None,
            run_sync_for=lambda name: run_inline,
        )
    )
    await nursery.start(instances.run)
    await nursery.start(operations.serve)
    await instances.configure([example("one", 0), example("two", 1, items=3)])
    await trio.testing.wait_all_tasks_blocked()

    async def call(action, user=LOCAL_ADMIN, **request):
        reply = await operations.call(action, request, user)
        await trio.testing.wait_all_tasks_blocked()
        return reply

    return SimpleNamespace(
        call=call,
        catalogue=catalogue,
        instances=instances,
        operations=operations,
        hashes=[entry.item.hash for entry in catalogue.items("example-one")],
        others=[entry.item.hash for entry in catalogue.items("example-two")],
    )
