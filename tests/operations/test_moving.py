"""Moves: begun by an operation, carried in the background over real folders, ended with a message and an event."""

from contextlib import asynccontextmanager
from dataclasses import replace as changed

import msgspec
import pytest
import trio
import trio.testing
from msgspec.structs import replace
from operations.holders import ITEMS, KINDS, Hosted, config, item

import amutorrent as am
from amutorrent.accounts import User
from amutorrent.errors import StorageUnavailable
from amutorrent.model import ClientCategory
from amutorrent.moving import faults, journal
from amutorrent.store import MoveRow
from amutorrent.web.hub import Hub

A, B, C = "a" * 40, "b" * 40, "c" * 40
BYTES = b"12345678"


class Rows:
    """A shelf in memory, which outlives the moves; `problem` is what it raises."""

    def __init__(self, *rows):
        self.rows = list(rows)
        self.problem = None
        self.phases = []

    async def load(self):
        self._check()
        return list(self.rows)

    async def add(self, row):
        self._check()
        self.rows.append(row)

    async def put(self, row):
        self._check()
        self.phases.append(row.phase)
        self.rows = [row if each.hash == row.hash else each for each in self.rows]

    async def drop(self, row):
        self._check()
        self.rows = [each for each in self.rows if each.hash != row.hash]

    async def wait_well(self):
        await until(lambda: not self.problem)

    def _check(self):
        if self.problem:
            raise self.problem


@pytest.fixture(autouse=True)
def script(monkeypatch):
    monkeypatch.setattr(Hosted, "script", {})
    monkeypatch.setattr(journal, "AGAIN_S", 0.01)
    monkeypatch.setattr("amutorrent.moving.native.LOOK_S", 0.01)
    return Hosted.script


@pytest.fixture
def start(wire_parts):
    @asynccontextmanager
    async def start(type, *items, rows=None):
        ITEMS[0] = list(items)
        rows = Rows() if rows is None else rows
        async with trio.open_nursery() as nursery:
            heard, told = [], []

            def attend(events, broadcast):
                broadcast.on_notice.append(heard.append)
                events.publish = lambda event: told.append(event) if event.name == "file_moved" else None

            rig = await wire_parts(nursery, KINDS, [config(type)], shelf=rows, attend=attend)
            rig.type, rig.rows, rig.heard, rig.told = type, rows, heard, told
            yield rig
            nursery.cancel_scope.cancel()

    return start


def file(path, content=BYTES):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files(folder):
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


async def move(rig, *hashes, to, **more):
    return await rig.call("batchMoveFiles", items=[{"fileHash": hash} for hash in hashes], destPath=str(to), **more)


async def until(condition):
    with trio.fail_after(20):
        while not condition():  # noqa: ASYNC110  (what is waited for is seen from outside)
            await trio.sleep(0.01)


async def ended(rig, count=1):
    await until(lambda: len(rig.heard) == count and not rig.rows.rows)
    await trio.testing.wait_all_tasks_blocked()


def shown(rig, hash=A):
    return rig.catalogue.get(rig.type, hash).item


async def test_a_move_from_its_beginning_to_its_end(start, tmp_path, script):
    script["settle"] = trio.Event()
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await move(rig, A, to=tmp_path / "new")
        assert reply.message == f"Moving 1/1 files to {tmp_path}/new"
        assert [(each.success, each.skipped) for each in reply.results] == [(True, False)]
        await until(lambda: ("settle", str(tmp_path / "new")) in script["asked"])
        now = shown(rig)
        assert (now.status, now.complete, now.move_files_total) == ("moving", True, 1)
        assert now.move_current_file == "x"
        assert rig.catalogue.plain(("hosted", A)).status == "seeding"
        assert [row.phase for row in rig.rows.rows] == ["telling"]
        again = await move(rig, A, to=tmp_path / "other")
        assert [(each.success, each.code) for each in again.results] == [(False, "already_exists")]
        for action, fields in (("batchDelete", {}), ("batchDelete", {"deleteFiles": True})):
            refused = await rig.call(action, items=[{"fileHash": A}], **fields)
            assert [each.error for each in refused.results] == ["The data of this item is being moved"]
        script["settle"].set()
        await ended(rig)
        assert files(tmp_path) == {"new/x": BYTES}
        now = shown(rig)
        assert (now.status, now.path, now.move_status, now.move_error) == ("seeding", f"{tmp_path}/new/x", None, None)
        (notice,) = rig.heard
        assert (notice.message(None).message, notice.item) == (f"aaaa is now in {tmp_path}/new", ("hosted", A))
        (event,) = rig.told
        assert (event.facts["dest_path"], event.facts["source_path"]) == (str(tmp_path / "new"), str(tmp_path / "old"))
        assert rig.rows.phases == ["placing", "aside", "telling", "leaving"]
        assert [each[0] for each in script["asked"]] == ["check", "release", "settle"]


async def test_a_folder_of_several_files(start, tmp_path):
    for name in ("one", "sub/two"):
        file(tmp_path / "old" / "item" / name)
    async with start("hosted", item(A, tmp_path / "old" / "item", multi_file=True)) as rig:
        await move(rig, A, to=tmp_path / "new")
        await ended(rig)
        assert files(tmp_path) == {"new/item/one": BYTES, "new/item/sub/two": BYTES}
        assert not (tmp_path / "old" / "item").exists()


async def test_what_is_there_already_is_skipped(start, tmp_path):
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await move(rig, A, to=tmp_path / "old")
        assert [(each.success, each.skipped) for each in reply.results] == [(True, True)]
        assert (rig.rows.phases, rig.rows.rows, shown(rig).move_status) == ([], [], None)
        reply = await move(rig, A, to=tmp_path / "new")
        assert reply.results[0].success
        await ended(rig)


async def test_what_speaks_against_a_move_is_answered_at_once(start, tmp_path, script, monkeypatch):
    file(tmp_path / "new" / "x", b"another")
    before = files(tmp_path)
    held = item(A, file(tmp_path / "old" / "x"))
    async with start("hosted", held, item(B, tmp_path / "gone"), item(C, file(tmp_path / "p"), complete=False)) as rig:
        reply = await move(rig, A, B, C, "0" * 40, to=tmp_path / "new")
        assert [each.code for each in reply.results] == [
            "already_exists",
            "client_error",
            "unsupported_by_client",
            "item_not_found",
        ]
        script["check"] = [am.InvalidRequest("It does not share this folder", field="destPath")]
        reply = await move(rig, A, to=tmp_path / "elsewhere")
        assert [each.error for each in reply.results] == ["It does not share this folder"]
        reply = await move(rig, A, to=tmp_path / "p" / "below")
        assert [each.code for each in reply.results] == ["client_error"]
        rig.rows.problem = StorageUnavailable("The disk of the database is full")
        reply = await move(rig, A, to=tmp_path / "elsewhere")
        assert [each.code for each in reply.results] == ["storage_unavailable"]
        rig.rows.problem = None
        assert files(tmp_path) == {**before, "old/x": BYTES, "p": BYTES}
        assert (shown(rig).status, rig.heard) == ("seeding", [])
        await move(rig, A, to=tmp_path / "elsewhere")
        await ended(rig)


async def test_a_client_that_does_not_take_it_up_has_it_back(start, tmp_path, script):
    script["settle"] = [am.ClientFailed("The client lists it nowhere")]
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        await move(rig, A, to=tmp_path / "new")
        await ended(rig)
        assert files(tmp_path) == {"old/x": BYTES}
        assert list((tmp_path / "new").iterdir()) == []
        assert script["asked"][-2:] == [("settle", str(tmp_path / "new")), ("settle", None)]
        (notice,) = rig.heard
        assert "The client lists it nowhere" in notice.message(None).message
        assert notice.message(None).details == {"fileHash": A, "instanceId": "hosted"}
        assert rig.told == []
        now = shown(rig)
        assert (now.status, now.path) == ("seeding", f"{tmp_path}/old/x")
        assert "lists it nowhere" in now.move_error
        await move(rig, A, to=tmp_path / "new")
        await ended(rig, 2)
        assert (files(tmp_path), shown(rig).move_error) == ({"new/x": BYTES}, None)


async def test_a_client_that_does_not_answer_is_waited_for(start, tmp_path, script, monkeypatch):
    monkeypatch.setattr("amutorrent.moving.carrier.AGAIN_S", 0.01)
    script["settle"] = [am.Unreachable("Gone"), am.DeadlineExceeded("Slow"), am.ProtocolError("Nonsense"), None]
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        await move(rig, A, to=tmp_path / "new")
        await ended(rig)
        assert (files(tmp_path), len(rig.told)) == ({"new/x": BYTES}, 1)


async def test_nothing_goes_on_unwritten(start, tmp_path, script):
    script["release"] = trio.Event()
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        await move(rig, A, to=tmp_path / "new")
        rig.rows.problem = StorageUnavailable("Full")
        script["release"].set()
        await until(lambda: list((tmp_path / "new").glob(".amutorrent-*/x")))
        await trio.sleep(0.1)
        assert files(tmp_path / "old") == {"x": BYTES}
        assert not (tmp_path / "new" / "x").exists()
        rig.rows.problem = None
        await ended(rig)
        assert files(tmp_path) == {"new/x": BYTES}


@pytest.mark.parametrize("point", faults.POINTS[:10])
async def test_after_a_crash_it_goes_on(start, tmp_path, monkeypatch, script, point):
    """The first daemon stands still at a point, as one that was killed there; a second one takes up what it wrote."""

    def stop(name):
        if name == point:
            raise Stop

    monkeypatch.setattr(faults, "reached", stop)
    held = item(A, file(tmp_path / "old" / "x"))
    rows = Rows()
    async with start("hosted", held, rows=rows) as rig:
        await move(rig, A, to=tmp_path / "new")
        await until(lambda: shown(rig).move_error)
    monkeypatch.undo()
    assert len(rows.rows) == 1
    told = ITEMS[0][0]
    async with start("hosted", told, rows=rows) as rig:
        await ended(rig)
        assert files(tmp_path) == {"new/x": BYTES}
        assert (shown(rig).path, shown(rig).move_error) == (f"{tmp_path}/new/x", None)
        assert len(rig.told) == 1


class Stop(Exception):
    """What no part of a move expects."""


async def test_a_move_of_an_instance_that_is_gone_is_undone(start, tmp_path, script):
    rows = Rows()
    script["settle"] = trio.Event()
    async with start("hosted", item(A, file(tmp_path / "old" / "x")), rows=rows) as rig:
        await move(rig, A, to=tmp_path / "new")
        await until(lambda: ("settle", str(tmp_path / "new")) in script["asked"])
    rows.rows = [changed(row, instance_id="other") for row in rows.rows]
    async with start("hosted", rows=rows) as rig:
        await ended(rig)
        assert files(tmp_path) == {"old/x": BYTES}
        assert "no instance 'other'" in rig.heard[0].message(None).message


async def test_rows_that_cannot_be_read_harm_nothing(start, tmp_path, caplog):
    rows = Rows(MoveRow("i", B, "copying", "{", "", 1), MoveRow("i", C, "no phase", "{}", "", 2))
    async with start("hosted", item(A, file(tmp_path / "old" / "x")), rows=rows) as rig:
        await until(lambda: caplog.text.count("cannot be read") == 2)
        assert (await move(rig, A, to=tmp_path / "old")).results[0].skipped


# -- categories


def define(rig, name, path):
    rig.catalogue.categories.merge([ClientCategory(name=name, path=str(path))])


async def categorise(rig, *hashes, name, move=True):
    items = [{"fileHash": hash} for hash in hashes]
    return await rig.call("batchSetFileCategory", items=items, categoryName=name, moveFiles=move)


async def test_files_follow_their_category(start, tmp_path):
    async with start("hosted", item(A, file(tmp_path / "old" / "x")), item(B, file(tmp_path / "tv" / "y"))) as rig:
        define(rig, "tv", tmp_path / "tv")
        await categorise(rig, A, name="tv", move=False)
        assert files(tmp_path) == {"old/x": BYTES, "tv/y": BYTES}
        reply = await categorise(rig, A, B, name="tv")
        assert [each.success for each in reply.results] == [True, True]
        await ended(rig)
        await until(lambda: shown(rig).category == "tv")
        assert files(tmp_path) == {"tv/x": BYTES, "tv/y": BYTES}


async def test_the_folder_of_a_category_may_be_elsewhere_for_us(start, tmp_path, script):
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        define(rig, "tv", "/client/tv")
        categories = rig.catalogue.categories
        mapped = replace(categories.get("tv"), path_mappings={"hosted": str(tmp_path / "mapped")})
        categories._put(mapped)
        await categorise(rig, A, name="tv")
        await ended(rig)
        assert files(tmp_path) == {"mapped/x": BYTES}
        assert script["asked"][-1] == ("settle", "/client/tv")


async def test_shared_files_are_in_a_category_by_lying_in_its_folder(start, tmp_path):
    part = item(B, file(tmp_path / "part"), complete=False, shared=False)
    async with start("shares", item(A, file(tmp_path / "old" / "x")), part) as rig:
        define(rig, "tv", tmp_path / "tv")
        reply = await categorise(rig, A, B, name="tv", move=False)
        assert [each.success for each in reply.results] == [True, True]
        await ended(rig)
        assert files(tmp_path) == {"tv/x": BYTES, "part": BYTES}
        assert [each.category for each in ITEMS[0]] == ["Default", "tv"]


async def test_shared_files_cannot_be_in_a_category_without_a_folder(start, tmp_path, monkeypatch):
    async def refuse(self, hashes, category):
        return dict.fromkeys(hashes, am.ClientFailed("It goes by the folder"))

    monkeypatch.setattr(KINDS["shares"], "set_category", refuse)
    async with start("shares", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await categorise(rig, A, name="nowhere")
        assert [each.error for each in reply.results] == ["It goes by the folder"]
        assert (files(tmp_path), rig.heard) == ({"old/x": BYTES}, [])


async def test_a_category_that_names_no_folder(start, tmp_path, monkeypatch):
    monkeypatch.setattr(Hosted, "default_path", None)
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await categorise(rig, A, name="new")
        assert [each.code for each in reply.results] == ["validation_error"]
        assert files(tmp_path) == {"old/x": BYTES}


# -- moves that the client makes


async def polled(rig):
    rig.instances.poke([rig.type])
    await rig.instances.get(rig.type).wait_polled()


async def test_a_native_move_ends_when_the_client_says_so(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        reply = await move(rig, A, to="/new")
        assert reply.results[0].success
        assert [row.phase for row in rig.rows.rows] == ["native"]
        ITEMS[0][0] = replace(ITEMS[0][0], status="moving")
        for _ in range(12):
            await polled(rig)
        assert (shown(rig).status, shown(rig).move_status, rig.heard) == ("moving", "moving", [])
        ITEMS[0][0] = replace(ITEMS[0][0], status="seeding", path="/new/x", directory="/new")
        await ended(rig)
        assert rig.heard[0].message(None).message == "aaaa is now in /new"
        assert [event.facts["source_path"] for event in rig.told] == ["/old/x"]
        assert (shown(rig).status, shown(rig).move_status) == ("seeding", None)
        assert (await move(rig, A, to="/new/")).results[0].skipped


async def test_a_native_move_that_the_client_gives_up(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        await move(rig, A, to="/new")
        ITEMS[0][0] = replace(ITEMS[0][0], status="moving")
        await polled(rig)
        ITEMS[0][0] = replace(ITEMS[0][0], status="error", message="No space left")
        await ended(rig)
        assert "No space left" in rig.heard[0].message(None).message
        assert (shown(rig).status, rig.told) == ("error", [])


async def test_a_native_move_of_an_item_that_goes(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        await move(rig, A, to="/new")
        ITEMS[0].clear()
        await ended(rig)
        assert "The item is gone" in rig.heard[0].message(None).message


async def test_a_native_move_is_followed_after_a_restart(start, tmp_path):
    rows = Rows()
    held = item(A, "/old/x", directory="/old", status="moving")
    async with start("slow", held, rows=rows) as rig:
        await move(rig, A, to="/new")
    async with start("slow", replace(held, status="seeding", path="/new/x", directory="/new"), rows=rows) as rig:
        await ended(rig)
        assert len(rig.told) == 1


# -- who hears of it


class Listener:
    """A socket of a user."""

    def __init__(self, id, *permissions, admin=False):
        self.user = User(id=id, name=str(id), is_admin=admin, permissions=frozenset(permissions))
        self.view = None
        self.heard = []

    def notify(self, frame):
        self.heard.append(msgspec.json.decode(bytes(frame.text)))


async def test_only_who_sees_an_item_hears_of_it(start, tmp_path):
    async with start("hosted", item(A, file(tmp_path / "old" / "x")), item(B, file(tmp_path / "old" / "y"))) as rig:
        hub = Hub(rig.context)
        owner, stranger, viewer = Listener(1, "edit_downloads"), Listener(2), Listener(3, "view_all_downloads")
        admin = Listener(4, admin=True)
        for each in (owner, stranger, viewer, admin):
            hub.join(each)
        await rig.catalogue.owners.claim(owner.user, [("hosted", A)])
        await move(rig, A, to=tmp_path / "new", user=owner.user)
        await ended(rig)
        moved = {"type": "success", "message": f"aaaa is now in {tmp_path}/new", "fileHash": A, "instanceId": "hosted"}
        assert [each.heard for each in (owner, stranger, viewer, admin)] == [[moved], [], [moved], [moved]]
        assert rig.told[0].facts["triggered_by"] == "1"
        rig.broadcast.tell_of(("hosted", B), am.ClientFailed("No", details={"fileHash": B}))
        assert [len(each.heard) for each in (owner, stranger, viewer, admin)] == [1, 0, 2, 2]
        assert admin.heard[1] == {
            "type": "error", "code": "client_error", "message": "No", "details": {"fileHash": B},
        }  # fmt: skip
