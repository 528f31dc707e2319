"""A host over the scripted clients with labels, asked about categories over either transport."""

from dataclasses import replace

import trio
from operations.labelled import HELD
from operations.wire import Wire, WireGate

from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.web import create_app

ROUTE = "/api/v1/categories"
ONE, TWO, THREE = ("1" * 40, "2" * 40, "3" * 40)
WAIT_S = 100


class Scene:
    """A host over scripted clients, asked over either transport."""

    def __init__(self, rig):
        self.rig = rig
        self.catalogue = rig.catalogue
        self.wire = Wire(create_app(replace(rig.context, gate=WireGate())))
        self.wire.user = LOCAL_ADMIN

    async def post(self, **body):
        return await self.wire.rest("POST", ROUTE, body)

    async def put(self, **body):
        return await self.wire.rest("PUT", ROUTE, body)

    async def delete(self, **body):
        return await self.wire.rest("DELETE", ROUTE, body)

    async def names(self):
        status, reply = await self.wire.rest("GET", ROUTE)
        assert (status, reply["type"]) == (200, "categories-update")
        return [each["name"] for each in reply["data"]]

    def category(self, name):
        return self.catalogue.categories.get(name)

    def shown(self, instance_id):
        """Give the categories of an instance's items, and see that numbers fit."""
        found = {}
        for entry in self.catalogue.items(instance_id):
            assert entry.category_id == self.category(entry.item.category).id
            found[entry.item.hash] = entry.item.category
        return found

    async def until(self, condition):
        """Let the clock go on until something is so."""
        with trio.fail_after(WAIT_S):
            while not condition():  # noqa: ASYNC110  (nobody tells; the clock jumps)
                await trio.sleep(0.5)

    async def away(self, number, instance_id):
        """Switch a client off, and wait until that was noticed."""
        HELD[number].reachable = False
        instance = self.rig.instances.get(instance_id)
        instance.poke()
        await self.until(lambda: instance._connection is None)

    async def back(self, number, instance_id):
        """Switch it on again, and wait until it was polled anew."""
        HELD[number].reachable = True
        instance = self.rig.instances.get(instance_id)
        before = instance.connections
        instance.reconnect()
        await self.until(lambda: instance.connections > before)
