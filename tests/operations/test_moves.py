"""A move is carried in the background over real folders; a message to who sees the item and an event end it."""

import msgspec
import trio
from operations.holders import item
from operations.moves import BYTES, A, B, C, ended, file, files, move, shown, until

import amutorrent as am
from amutorrent.accounts import User
from amutorrent.errors import StorageUnavailable
from amutorrent.web.hub import Hub


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
