"""The routes of the history: who sees and deletes what, every query, every wrong one."""

import csv
import io
import json
from dataclasses import replace

import msgspec
import pytest
import trio
from operations.conftest import WireGate, example
from operations.wire import Wire
from store.conftest import running_store
from store.test_history import row

from amutorrent.accounts import LOCAL_ADMIN, User
from amutorrent.errors import InvalidRequest, NotFound, StorageUnavailable
from amutorrent.history import History
from amutorrent.history import history as history_module
from amutorrent.model.history import HistoryEntry, HistoryFilter, HistoryRow
from amutorrent.store import HistoryShelf
from amutorrent.web import create_app

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


TEXTS = ["search", "status", "clientType", "instanceId", "username", "tracker", "category", "from", "to"]


@pytest.mark.parametrize("field", TEXTS)
async def test_a_nul_is_refused_and_costs_the_database_nothing(kept, field):
    for action in ("getHistory", "exportHistory"):
        with pytest.raises(InvalidRequest) as caught:
            await kept.call(action, **{field: "abc\0def"})
        assert caught.value.details["field"] == field
    assert kept.parts.history._shelf._store.problem is None


async def test_a_nul_in_the_name_of_an_instance_is_refused(kept):
    for action in ("getHistoryEntry", "deleteHistory"):
        with pytest.raises(InvalidRequest) as caught:
            await kept.call(action, hash=ROWS[0].hash, instanceId="i\0")
        assert caught.value.details["field"] == "instanceId"
    assert (await kept.call("getHistoryStats")).total == 12


async def test_a_nul_in_an_address_is_answered_as_a_wrong_request(kept):
    status, _, (answer,) = await exported(kept, search="ab\0c")
    assert (status, json.loads(answer)["details"]) == (400, {"field": "search"})


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


async def exported(kept, who=LOCAL_ADMIN, **query):
    """Give status, headers and the chunks of a file."""
    wire = Wire(create_app(replace(kept.context, gate=WireGate())))
    wire.user, sent = who, []

    async def send(message):
        sent.append(message)

    scope = {**wire.scope("http", "/api/history/export", query), "method": "GET", "scheme": "http"}
    await wire.app(scope, trio.sleep_forever, send)
    assert [each.get("more_body", True) for each in sent] == [True] * (len(sent) - 1) + [False]
    return sent[0]["status"], dict(sent[0]["headers"]), [each["body"].decode() for each in sent[1:] if each["body"]]


async def test_a_file_of_comma_separated_values(kept, monkeypatch):
    monkeypatch.setattr(history_module, "CHUNK", 5)
    bad = [row(20 + number, filename=f'{sign}1,"x"\n', status="missing") for number, sign in enumerate("=+-@")]
    await kept.parts.history._shelf.change([], lambda found: bad)
    status, headers, chunks = await exported(kept, sortBy="size", sortDir="asc")
    assert (status, headers[b"content-type"]) == (200, b"text/csv; charset=utf-8")
    assert headers[b"content-disposition"] == b'attachment; filename="history.csv"'
    assert b"content-length" not in headers
    assert len(chunks) == 4, "it is sent as it is read"
    head, *lines = csv.reader(io.StringIO("".join(chunks), newline=""))
    assert tuple(head) == HistoryEntry.__struct_fields__
    assert [line[2] for line in lines] == [str(each.size) for each in (*ROWS, *bad)]
    assert [line[1] for line in lines[12:]] == [f'\'{sign}1,"x"\n' for sign in "=+-@"]
    assert (lines[0][5], lines[0][7]) == ("", "i0"), "what is not there is empty"


async def test_a_file_of_json_lines(kept):
    status, headers, chunks = await exported(kept, format="jsonl", status="completed")
    assert (status, headers[b"content-type"]) == (200, b"application/jsonl")
    found = [json.loads(line) for line in "".join(chunks).splitlines()]
    page = msgspec.to_builtins(await kept.call("getHistory", status="completed"))
    assert found == page["entries"]
    assert len(found) == 3


async def test_files_of_nothing_and_of_the_own_rows(kept):
    assert (await exported(kept, search="nonesuch"))[2] == [",".join(HistoryEntry.__struct_fields__) + "\r\n"]
    assert (await exported(kept, search="nonesuch", format="jsonl"))[2] == []
    _, _, chunks = await exported(kept, user(2, *SEES_OWN), format="jsonl")
    assert len("".join(chunks).splitlines()) == 4
    status, _, (answer,) = await exported(kept, sortBy="nonesuch")
    assert (status, json.loads(answer)["code"]) == (400, "validation_error")
    assert (await exported(kept, user(1, "search")))[0] == 403


async def test_a_file_when_the_database_is_away(kept, monkeypatch):
    async def ill(*arguments):
        raise StorageUnavailable("test")

    monkeypatch.setattr(kept.parts.history._shelf, "after", ill)
    status, _, (answer,) = await exported(kept)
    assert (status, json.loads(answer)["code"]) == (503, "storage_unavailable")
