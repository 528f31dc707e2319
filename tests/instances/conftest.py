"""Instances of a scripted client, under the supervision that the daemon gives."""

import pytest
from instances.scripted import SCRIPTS, Script, Scripted

from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.events import Events
from amutorrent.instances import Instances


async def run_inline(function, *args):
    return function(*args)


@pytest.fixture
def script():
    SCRIPTS.clear()
    SCRIPTS[0], SCRIPTS[1] = Script(), Script()
    return SCRIPTS[0]


@pytest.fixture
async def instances(script, nursery):
    events = Events()
    catalogue = Catalogue(Categories(), events)
    instances = Instances(catalogue, events, {"scripted": Scripted}, lambda name: run_inline)
    instances.catalogue, instances.events = catalogue, events
    await nursery.start(instances.run)
    return instances
