"""A move that the client makes: followed by what the client itself says, however long it takes."""

from contextlib import suppress

import trio

from ..errors import ClientFailed, NotFound
from ..instances import Instances
from ..model import Item
from .carrier import Around
from .journal import Following, Key

LOOK_S = 1.0
STILL = 5
"""Polls in a row that show an item at rest at its old place: the client has given up."""


async def follow(key: Key, plan: Following, around: Around) -> None:
    """Return when the client says that the data is at its new place. Raises when it says that it will not be."""
    still = 0
    while still < STILL:
        await _next_poll(around.instances, key[0])
        item = around.catalogue.plain(key)
        if item is None:
            if around.catalogue.holds(key) is False:
                raise NotFound("The item is gone", code="item_not_found")
            continue
        if item.status == "moving":
            still = 0
        elif is_at(item, plan.destination):
            return
        else:
            still += 1
        await trio.sleep(LOOK_S)
    raise ClientFailed((item and item.message) or "The client left the data where it is")


async def shows(key: Key, folder: str, around: Around) -> None:
    """Return when the list shows that the data of an item is in a folder, or that there is no such item."""
    with suppress(NotFound):
        while (item := around.catalogue.plain(key)) is not None and not is_at(item, folder):
            await _next_poll(around.instances, key[0])


async def _next_poll(instances: Instances, instance_id: str) -> None:
    """Wait for what the client says next; a client that does not answer is waited for."""
    instance = instances.get(instance_id)
    instance.poke()
    with trio.move_on_after(60):
        await instance.wait_polled()
        return
    await trio.sleep(LOOK_S)


def is_at(item: Item, folder: str) -> bool:
    """Say whether a client says that the data of an item lies in a folder."""
    parent = item.path.rstrip("/").rpartition("/")[0] if item.path else None
    return folder.rstrip("/") in (parent, (item.directory or "").rstrip("/") or None)
