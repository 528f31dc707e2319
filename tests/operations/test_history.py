"""The routes of the history: who sees and deletes what, every query, every wrong one."""

import pytest
import trio
from operations.conftest import example
from operations.wire import Wire
from store.conftest import running_store
from store.test_history import row

from amutorrent.accounts import LOCAL_ADMIN, User
from amutorrent.errors import InvalidRequest, NotFound
from amutorrent.history import History
from amutorrent.model.history import HistoryFilter, HistoryRow
from amutorrent.store import HistoryShelf

NAMES = {1: "Ann", 2: "Bob"}
ROWS = [row(number, owner_id=number % 3, username=NAMES.get(number % 3, "external")) for number in range(12)]


def user(id, *permissions):
    return User(id=id, name=NAMES[id], is_admin=False, permissions=frozenset(permissions))


@pytest.fixture
async def kept(nursery, tmp_path, wire_parts):
    """Run the operations over a history of twelve rows."""
    store = await _store(nursery, tmp_path)
    shelf = HistoryShelf(store)
    await shelf.change([(each.instance_id, each.hash) for each in ROWS], lambda found: ROWS)
    return await wire_parts(nursery, {}, [], history_for=lambda catalogue: History(catalogue, shelf, lambda: NAMES))


async def _store(nursery, folder):
    opened = trio.Event()
    stores = []

    async def hold():
        async with running_store("", folder) as store:
            stores.append(store)
            opened.set()
            await trio.sleep_forever()

    nursery.start_soon(hold)
    await opened.wait()
    return stores[0]


def numbers(reply):
    return [int(each.hash, 16) for each in reply.entries]


SEES_ALL, SEES_OWN = ("view_history", "view_all_downloads"), ("view_history",)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (LOCAL_ADMIN, set(range(12))),
        (user(1, *SEES_ALL), set(range(12))),
        (user(1, *SEES_OWN), {1, 4, 7, 10}),
        (user(2, *SEES_OWN), {2, 5, 8, 11}),
    ],
)
async def test_who_sees_what(kept, who, seen):
    page = await kept.call("getHistory", who)
    assert (set(numbers(page)), page.total, page.track_username) == (seen, len(seen), True)
    assert set(numbers(await kept.call("getHistoryAll", who))) == seen
    assert (await kept.call("getHistoryStats", who)).total == len(seen)
    for each in ROWS:
        if int(each.hash, 16) in seen:
            assert (await kept.call("getHistoryEntry", who, hash=each.hash.upper())).filename == each.filename
        else:
            with pytest.raises(NotFound):
                await kept.call("getHistoryEntry", who, hash=each.hash)


@pytest.mark.parametrize(
    ("who", "deletes"),
    [
        (LOCAL_ADMIN, set(range(12))),
        (user(1, "clear_history", "view_all_downloads", "edit_all_downloads"), set(range(12))),
        (user(1, "clear_history", "view_all_downloads"), {1, 4, 7, 10}),
        (user(2, "clear_history"), {2, 5, 8, 11}),
    ],
)
async def test_who_deletes_what(kept, who, deletes):
    for each in ROWS:
        if int(each.hash, 16) in deletes:
            assert (await kept.call("deleteHistory", who, hash=each.hash)).deleted == 1
        else:
            with pytest.raises(NotFound):
                await kept.call("deleteHistory", who, hash=each.hash)
    assert set(numbers(await kept.call("getHistory"))) == set(range(12)) - deletes


async def test_the_row_of_one_instance(kept):
    wanted = {"hash": ROWS[4].hash}
    with pytest.raises(NotFound):
        await kept.call("deleteHistory", instanceId="i0", **wanted)
    assert (await kept.call("getHistoryEntry", instanceId="i1", **wanted)).instance_id == "i1"
    assert (await kept.call("deleteHistory", instanceId="i1", **wanted)).deleted == 1


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"search": " BOB "}, lambda each: each.username == "Bob"),
        ({"status": "missing, deleted"}, lambda each: each.status in ("missing", "deleted")),
        ({"clientType": "beta"}, lambda each: each.client_type == "beta"),
        ({"instanceId": "i0,i2"}, lambda each: each.instance_id != "i1"),
        ({"username": "external"}, lambda each: each.username == "external"),
        ({"tracker": "t1.example"}, lambda each: each.tracker_domain == "t1.example"),
        ({"category": "none"}, lambda each: each.category == "Default"),
        ({"category": "none,tv"}, lambda each: True),
        ({"from": "1003", "to": "1970-01-01T00:00:01.006Z"}, lambda each: 1003 <= each.started_at < 1006),
        ({"from": "1970-01-01T01:00:01.005+01:00"}, lambda each: each.started_at >= 1005),
        ({"to": "1970-01-01"}, lambda each: False),
    ],
)
async def test_queries(kept, query, fits):
    assert set(numbers(await kept.call("getHistory", **query))) == {int(e.hash, 16) for e in ROWS if fits(e)}


async def test_pages_in_order(kept):
    order = {"sortBy": "uploaded", "sortDir": "asc"}
    page = await kept.call("getHistory", limit=5, offset=2, **order)
    assert (numbers(page), page.total) == ([2, 3, 4, 5, 6], 12)
    assert numbers(await kept.call("getHistory", limit=500, offset=2**62, **order)) == []
    for name in HistoryRow.__struct_fields__:
        if name not in ("id", "owner_id"):
            assert len(numbers(await kept.call("getHistory", sortBy=name))) == 12


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"offset": -1}, "offset"),
        ({"sortBy": "download_speed"}, "sortBy"),
        ({"sortBy": "id"}, "sortBy"),
        ({"sortDir": "up"}, "sortDir"),
        ({"status": "done"}, "status"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2024-13-01"}, "to"),
        ({"to": "99999999999999999999-"}, "to"),
    ],
)
async def test_wrong_queries(kept, query, field):
    with pytest.raises(InvalidRequest) as caught:
        await kept.call("getHistory", **query)
    assert caught.value.details["field"] == field


@pytest.mark.parametrize("days", [0, -1, 2**40, "many", None])
async def test_a_wrong_number_of_days_deletes_nothing(kept, days):
    with pytest.raises(InvalidRequest):
        await kept.call("cleanHistory", retentionDays=days)
    with pytest.raises(InvalidRequest):
        await kept.call("cleanHistory")
    assert (await kept.call("getHistoryStats")).total == 12


async def test_cleaning(kept):
    assert (await kept.call("cleanHistory", retentionDays=1)).deleted == 9
    stats = await kept.call("getHistoryStats")
    assert (stats.total, stats.downloading, stats.completed, stats.missing, stats.deleted) == (3, 3, 0, 0, 0)


async def test_the_shape_on_the_wire(kept):
    from dataclasses import replace

    from operations.conftest import WireGate

    from amutorrent.web import create_app

    wire = Wire(create_app(replace(kept.context, gate=WireGate())))
    wire.user = LOCAL_ADMIN
    status, told = await wire.rest("GET", "/api/history", query={"limit": "1", "sortBy": "size"})
    assert (status, told.keys()) == (200, {"entries", "total", "trackUsername"})
    (entry,) = told["entries"]
    assert entry["started_at"] == "1970-01-01T00:00:01Z"
    assert (entry["deleted_at"], entry["download_speed"], entry["path"]) == (None, None, "/p/11")
    assert (await wire.rest("GET", "/api/history/stats"))[1] == {
        "total": 12, "completed": 3, "deleted": 3, "missing": 3, "downloading": 3,
    }  # fmt: skip
    status, told = await wire.rest("DELETE", f"/api/history/{ROWS[1].hash}", query={"instanceId": "i1"})
    assert (status, told) == (200, {"success": True, "deleted": 1})
    assert (await wire.rest("DELETE", f"/api/history/{ROWS[1].hash}"))[1]["code"] == "not_found"
    assert (await wire.rest("GET", "/api/history/nothex"))[0] == 400


async def test_removing_and_renaming_are_told_to_the_history(nursery, tmp_path, wire_parts):
    from amutorrent_example.client import Example

    shelf = HistoryShelf(await _store(nursery, tmp_path))
    rig = await wire_parts(
        nursery,
        {"example": Example},
        [example("one")],
        history_for=lambda catalogue: History(catalogue, shelf, lambda: NAMES),
    )
    history = rig.parts.history
    with trio.fail_after(10):
        while not rig.catalogue.count():
            await trio.lowlevel.checkpoint()
    rig.catalogue.publish()
    await history.recorder.write()
    first, second = [entry.item.hash for entry in rig.catalogue.items()][:2]
    items = [{"fileHash": first}, {"fileHash": "f" * 40}]
    await rig.call("batchDelete", items=items)
    await rig.call("renameFile", fileHash=second, newName="better")
    assert (await history.find(first, HistoryFilter())).status == "deleted"
    assert (await history.find(second, HistoryFilter())).filename == "better"
