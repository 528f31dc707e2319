"""A live list of a test: its items, the catalogue that holds them, and a reader that replays what it is told."""

import json

from lab.info import info

from amutorrent import Item
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.events import Events

A = "example-a"


def item(number, **facts):
    values = {
        "name": f"item {number}",
        "status": "active",
        "progress": 0.0,
        "size": 1000,
        "download_speed": 0,
        "upload_speed": 0,
        "complete": False,
    }
    return Item(hash=f"{number:040x}", **{**values, **facts})


def catalogue_of(*ids):
    catalogue = Catalogue(Categories(), Events())
    for each in ids or (A,):
        catalogue.put_instance(each, info(type="example", name=each))
    return catalogue


class Reader:
    """A socket's reader by websocket.md 5.1."""

    def __init__(self, catalogue):
        self.items, self.seq, self.full_forms = {}, -1, 0
        self.view = catalogue.view(LOCAL_ADMIN)
        self.read(self.view.full())
        catalogue.on_tick.append(lambda tick: self.read(tick.message(self.view)))

    def read(self, message):
        data = json.loads(message)["data"]
        if "items" in data:
            self.items = {(each["instanceId"], each["hash"]): each for each in data["items"]}
            self.seq = data["seq"]
            self.full_forms += 1
            return
        delta = data["delta"]
        assert delta["seq"] == self.seq + 1 or self.seq == -1
        self.apply(delta)

    def apply(self, delta):
        self.seq = delta["seq"]
        for each in delta["added"]:
            self.items[each["instanceId"], each["hash"]] = each
        for key in delta["removed"]:
            instance_id, _, hash = key.rpartition(":")
            self.items.pop((instance_id, hash), None)
        for each in delta["changed"]:
            merged = {**self.items[each["instanceId"], each["hash"]], **each}
            self.items[each["instanceId"], each["hash"]] = {k: v for k, v in merged.items() if v is not None}
