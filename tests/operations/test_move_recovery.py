"""A move that was interrupted goes on where it was, and one that cannot be finished puts everything back."""

from dataclasses import replace as changed

import pytest
import trio
from operations.holders import ITEMS, item
from operations.moves import BYTES, A, B, C, Rows, ended, file, files, move, shown, until

import amutorrent as am
from amutorrent.errors import StorageUnavailable
from amutorrent.moving import faults
from amutorrent.store import MoveRow


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
