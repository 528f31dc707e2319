"""Operations: what they do to the clients, and what they say."""

import base64
import json

import msgspec
import pytest
import trio
from amutorrent_example.client import Example
from msgspec import Struct

from amutorrent import (
    ClientFailed,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotReady,
    PluginError,
    Unreachable,
    Unsupported,
    User,
    operation,
)
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.metafile import encode
from amutorrent.operations.declare import declared
from amutorrent.operations.requests import Nothing
from amutorrent.operations.table import Operations

GUEST = User(id=1, name="guest", is_admin=False, permissions=frozenset({"assign_categories"}))
INFO = {b"name": b"new.bin", b"length": 5 << 20, b"piece length": 1 << 18, b"pieces": b"x" * 20}
TORRENT = encode({b"info": INFO, b"announce": b"http://tracker.example/announce"})


def refs(hashes, instance_id="example-one"):
    return [{"fileHash": hash, "instanceId": instance_id} for hash in hashes]


def status(rig, hash, instance_id="example-one"):
    return rig.catalogue.get(instance_id, hash).item.status


async def test_a_batch_answers_for_each_item_in_request_order(rig, autojump_clock):
    wanted = [
        *refs(rig.others[:1], "example-two"),
        *refs(["f" * 40]),
        *refs([rig.hashes[0].upper()]),
        *refs(rig.hashes[1:2], "nowhere"),
        *refs(rig.hashes[:1]),
    ]
    reply = await rig.call("batchPause", items=wanted)
    assert [(each.success, each.code) for each in reply.results] == [
        (True, None),
        (False, "item_not_found"),
        (True, None),
        (False, "instance_not_found"),
        (True, None),
    ]
    assert reply.message == "3/5 successful"
    assert reply.results[2].file_hash == rig.hashes[0]
    assert status(rig, rig.hashes[0]) == "paused"
    assert status(rig, rig.others[0], "example-two") == "paused"
    encoded = json.loads(msgspec.json.encode(reply))
    assert encoded["type"] == "batch-pause-complete"
    assert "error" not in encoded["results"][0]


async def test_stop_falls_back_to_pause_and_resume_undoes_it(rig, autojump_clock):
    await rig.call("batchStop", items=refs(rig.hashes))
    assert {status(rig, hash) for hash in rig.hashes} == {"paused"}
    await rig.call("batchResume", items=refs(rig.hashes))
    assert "paused" not in {status(rig, hash) for hash in rig.hashes}


async def test_without_instance_the_only_one_that_holds_the_hash(rig, autojump_clock):
    reply = await rig.call("pauseDownload", fileHash=rig.others[0])
    assert reply.results[0].instance_id == "example-two"
    magnet = f"magnet:?xt=urn:btih:{rig.others[0]}"
    await rig.call("addMagnetLinks", links=[magnet], instanceId="example-one")
    reply = await rig.call("pauseDownload", fileHash=rig.others[0])
    assert reply.results[0].code == "ambiguous_hash"


async def test_a_client_that_fails_costs_its_own_items_alone(rig, autojump_clock, monkeypatch):
    async def refuse(self, hashes):
        if rig.others[0] in hashes:
            raise ClientFailed("The disk is full")
        return dict.fromkeys(hashes)

    monkeypatch.setattr(Example, "pause", refuse)
    wanted = refs(rig.hashes[:1]) + refs(rig.others, "example-two")
    reply = await rig.call("batchPause", items=wanted)
    assert [each.success for each in reply.results] == [True, False, False, False]
    assert (reply.results[1].code, reply.results[1].error) == ("client_error", "The disk is full")


@pytest.mark.parametrize("answer", [None, [], {}, {"x": None}])
async def test_a_client_that_answers_nonsense_is_a_failed_item(rig, autojump_clock, monkeypatch, answer):
    async def nonsense(self, hashes):
        return answer

    monkeypatch.setattr(Example, "pause", nonsense)
    reply = await rig.call("batchPause", items=refs(rig.hashes[:1]))
    assert (reply.results[0].success, reply.results[0].code) == (False, "internal_error")


@pytest.mark.parametrize(
    ("action", "request_"),
    [
        ("batchPause", {"items": []}),
        ("batchPause", {}),
        ("batchPause", {"items": [{"fileHash": "xyz"}]}),
        ("batchPause", {"items": [{"fileHash": "a" * 40}] * 1001}),
        ("batchSetTags", {"items": [{"fileHash": "a" * 40}]}),
        ("batchSetTags", {"items": [{"fileHash": "a" * 40}], "add": ["a,b"]}),
        ("batchSetTags", {"items": [{"fileHash": "a" * 40}], "add": [" "]}),
        ("renameFile", {"fileHash": "a" * 40, "newName": "a/b"}),
        ("renameFile", {"fileHash": "a" * 40, "newName": "  "}),
        ("renameFile", {"fileHash": "a" * 40, "newName": "x" * 256}),
        ("setSpeedLimits", {"instanceId": "example-one"}),
        ("setSpeedLimits", {"instanceId": "example-one", "download": -1}),
        ("addMagnetLinks", {"links": []}),
        ("addMagnetLinks", {"links": ["magnet:?xt=urn:btih:" + "a" * 40], "savePath": "relative"}),
        ("addMagnetLinks", {"links": ["magnet:?xt=urn:btih:" + "a" * 40], "savePath": "/a/../b"}),
        ("addMagnetLinks", {"links": ["magnet:?xt=urn:btih:" + "a" * 40], "categoryName": "a/b"}),
        ("addTorrentFile", {"data": "not base64!"}),
        ("addTorrentFile", {"data": base64.b64encode(b"not a torrent").decode()}),
    ],
)
async def test_bad_requests_are_refused_and_change_nothing(rig, autojump_clock, action, request_):
    before = [entry.item for entry in rig.catalogue.items()]
    with pytest.raises(InvalidRequest):
        await rig.call(action, **request_)
    assert [entry.item for entry in rig.catalogue.items()] == before


async def test_magnets_are_added_and_bad_ones_are_failed_results(rig, autojump_clock):
    good = "magnet:?xt=urn:btih:" + "A" * 32 + "&dn=New"
    reply = await rig.call(
        "addMagnetLinks", links=[good, "http://x", good], instanceId="example-two", categoryName="tv", paused=True
    )
    assert [(each.success, each.hash, each.code) for each in reply.results] == [
        (True, "0" * 40, None),
        (False, None, "validation_error"),
        (True, "0" * 40, None),
    ]
    item = rig.catalogue.get("example-two", "0" * 40).item
    assert (item.name, item.category, item.status) == ("New", "tv", "stopped")
    assert rig.catalogue.categories.get("tv").id == 1
    again = await rig.call("addMagnetLinks", links=[good], instanceId="example-two")
    assert again.results[0].code == "already_exists"


async def test_a_torrent_file_is_added_with_name_and_size(rig, autojump_clock):
    reply = await rig.call("addTorrentFile", data=base64.b64encode(TORRENT).decode(), savePath="/data")
    assert (reply.name, reply.size, reply.instance_id, reply.client_id) == (
        "new.bin",
        5 << 20,
        "example-one",
        "example",
    )
    assert rig.catalogue.get("example-one", reply.hash).item.directory == "/data"
    with pytest.raises(Conflict):
        await rig.call("addTorrentFile", data=base64.b64encode(TORRENT).decode())


async def test_categories_tags_and_names(rig, autojump_clock):
    hash = rig.hashes[0]
    await rig.call("batchSetFileCategory", items=refs([hash]), categoryName="films")
    await rig.call("batchSetTags", items=refs([hash]), add=["a", "b"])
    await rig.call("batchSetTags", items=refs([hash]), remove=["a"])
    await rig.call("renameFile", fileHash=hash, newName=" New name ", instanceId="example-one")
    item = rig.catalogue.get("example-one", hash).item
    assert (item.category, item.tags, item.name) == ("films", ("b",), "New name")
    await rig.call("setFileCategory", fileHash=hash, categoryId=0)
    assert rig.catalogue.get("example-one", hash).item.category == "Default"
    with pytest.raises(NotFound):
        await rig.call("setFileCategory", fileHash=hash, categoryId=99)


async def test_an_unknown_category_is_created_only_by_those_who_may(rig, autojump_clock):
    with pytest.raises(NotFound) as caught:
        await rig.call("batchSetFileCategory", GUEST, items=refs(rig.hashes[:1]), categoryName="new")
    assert caught.value.code == "category_not_found"


async def test_delete_takes_items_off_the_list(rig, autojump_clock):
    reply = await rig.call("batchDelete", items=refs(rig.hashes[:2]), deleteFiles=True)
    assert reply.message == "Deleted 2/2 files"
    assert rig.catalogue.find(rig.hashes[0]) == []
    reply = await rig.call("delete", fileHash=rig.hashes[2])
    assert reply.results[0].success


async def test_permissions_are_checked_before_anything_else(rig, autojump_clock):
    with pytest.raises(Forbidden) as caught:
        await rig.call("batchPause", GUEST, items=refs(rig.hashes[:1]))
    assert caught.value.details == {"permission": "pause_resume"}
    with pytest.raises(Forbidden) as caught:
        await rig.call("connectInstance", GUEST, instanceId="example-one")
    assert caught.value.code == "admin_required"


async def test_what_a_client_cannot_do_is_unsupported(rig, autojump_clock):
    with pytest.raises(Unsupported):
        await rig.call("setSpeedLimits", instanceId="example-one", download=1000)
    with pytest.raises(Unreachable):
        await rig.call("setSpeedLimits", download=1000)
    reply = await rig.call("batchRecheck", items=refs(rig.hashes[:1]))
    assert reply.results[0].code == "unsupported_by_client"


async def test_detail_gives_null_for_what_the_client_lacks(rig, autojump_clock):
    detail = await rig.call("itemDetail", hash=rig.hashes[0])
    assert (detail.raw, detail.trackers_detailed, detail.peers) == ({}, None, None)
    with pytest.raises(Unsupported):
        await rig.call("itemFiles", hash=rig.hashes[0])


async def test_a_change_runs_to_its_end_though_the_caller_hangs_up(rig, autojump_clock, monkeypatch, caplog):
    ended = []

    async def slowly(self, hashes):
        await trio.sleep(5)
        ended.append(hashes)
        return dict.fromkeys(hashes)

    monkeypatch.setattr(Example, "pause", slowly)
    with caplog.at_level("INFO", "amutorrent.audit"):
        with trio.move_on_after(1) as scope:
            await rig.call("batchPause", items=refs(rig.hashes[:1]))
        assert scope.cancelled_caught
        await trio.sleep(10)
    assert ended == [rig.hashes[:1]]
    assert "batchPause by local admin: 1/1 successful" in caplog.text


async def test_what_is_offered_on_the_socket_alone_runs_to_its_end_too(rig, autojump_clock, monkeypatch, caplog):
    ended = []

    async def slowly(self, hashes):
        await trio.sleep(5)
        ended.append(hashes)
        return dict.fromkeys(hashes)

    monkeypatch.setattr(Example, "pause", slowly)
    with caplog.at_level("INFO", "amutorrent.audit"):
        with trio.move_on_after(1):
            await rig.call("pauseDownload", fileHash=rig.hashes[0])
        await trio.sleep(10)
    assert ended == [rig.hashes[:1]]
    assert "pauseDownload by local admin" in caplog.text


@pytest.mark.parametrize("answer", [["x"], {}, "oops", 7])
async def test_nonsense_about_an_item_is_a_failed_item(rig, autojump_clock, monkeypatch, answer):
    async def nonsense(self, hashes, *more):
        return answer if isinstance(answer, (list, dict)) else {rig.hashes[0]: answer}

    monkeypatch.setattr(Example, "set_category", nonsense)
    reply = await rig.call("batchSetFileCategory", items=refs(rig.hashes[:1]), categoryName="tv")
    assert (reply.results[0].success, reply.results[0].code) == (False, "internal_error")


async def test_a_client_that_refuses_all_magnets_gives_failed_results(rig, autojump_clock, monkeypatch):
    async def refuse(self, magnets, options):
        raise ClientFailed("No room for bad\udce9")

    monkeypatch.setattr(Example, "add_magnets", refuse)
    reply = await rig.call("addMagnetLinks", links=["magnet:?xt=urn:btih:" + "a" * 40, "x"])
    assert [(each.success, each.code) for each in reply.results] == [
        (False, "client_error"),
        (False, "validation_error"),
    ]
    assert msgspec.json.encode(reply)


async def test_a_call_from_a_plugin_names_the_bad_field(rig, autojump_clock):
    with pytest.raises(InvalidRequest) as caught:
        await rig.call("batchPause", items=[{"fileHash": "xyz"}])
    assert caught.value.details == {"field": "items[0].fileHash"}
    assert "$." not in caught.value.message


async def test_a_plugins_operation_runs_with_its_own_host(rig, autojump_clock):
    before = rig.catalogue.get("example-one", rig.hashes[0]).item.size_downloaded
    reply = await rig.call("fastForward", seconds=3)
    assert reply.instance_id == "example-one"
    assert rig.catalogue.get("example-one", rig.hashes[0]).item.size_downloaded > before


async def test_instances_and_plugins_are_listed(rig, autojump_clock):
    listed = await rig.call("getInstances")
    assert [(each.id, each.order, each.enabled) for each in listed.data] == [
        ("example-one", 0, True),
        ("example-two", 1, True),
    ]
    assert listed.data[0].capabilities["fastForward"] is True
    plugins = await rig.call("getPlugins")
    assert [(each.name, each.state, each.provides.client_types) for each in plugins.data] == [
        ("example", "loaded", ["example"])
    ]


async def test_the_snapshot_holds_everything(rig, autojump_clock):
    snapshot = await rig.call("requestFullSnapshot")
    data = json.loads(snapshot.body())["data"]
    assert {each["hash"] for each in data["items"]} == {*rig.hashes, *rig.others}
    assert list(data["stats"]["instances"]) == ["example-one", "example-two"]


async def test_an_unknown_action_is_not_found(rig, autojump_clock):
    with pytest.raises(NotFound):
        await rig.call("noSuchThing")


def test_a_reply_without_type_is_refused_when_it_is_declared():
    with pytest.raises(PluginError, match="no tag"):

        @operation("bad", http="GET /api/v1/bad")
        async def bad(request: Nothing, call: object) -> Nothing:
            return request


class Untyped(Struct, tag="x", tag_field="kind"):
    """A reply whose `type` is missing on the wire."""


def test_a_reply_on_the_socket_needs_a_type_whatever_its_route():
    async def handler(request: Nothing, call: object) -> Untyped:
        return Untyped()

    with pytest.raises(PluginError, match="no tag"):
        operation("bad", http="GET /api/other/bad")(handler)
    operation("good", http="GET /api/other/good", socket=False)(handler)


@pytest.mark.parametrize("http", ["get /x", "GET x", "PATCH /x", ""])
def test_a_malformed_route_is_refused_when_it_is_declared(http):
    with pytest.raises(PluginError, match="is not of the form"):
        operation("bad", http=http)(lambda request, call: None)


class Waits(Struct, frozen=True, tag="waits"):
    """A reply that never comes."""


@operation("waits")
async def waits(request: Nothing, call: object) -> Waits:
    """Change something for ever."""
    await trio.sleep_forever()
    return Waits()


async def test_a_caller_hears_that_the_daemon_stopped_in_the_middle_of_a_change(caplog):
    caplog.set_level("INFO", logger="amutorrent.audit")
    operations = Operations(declared([waits], "tests"), lambda name: None)
    heard = []

    async def ask():
        with pytest.raises(NotReady, match="stopped in the middle of waits"):
            await operations.call("waits", {}, LOCAL_ADMIN)
        heard.append("told")

    async with trio.open_nursery() as callers:
        async with trio.open_nursery() as daemon:
            await daemon.start(operations.serve)
            callers.start_soon(ask)
            await trio.testing.wait_all_tasks_blocked()
            daemon.cancel_scope.cancel()
        await trio.testing.wait_all_tasks_blocked()
        assert heard == ["told"]
    with pytest.raises(NotReady, match="does not run"):
        await operations.call("waits", {}, LOCAL_ADMIN)
    assert caplog.records == [], "what has no outcome has no audit line that says so"
