"""What moves do on the disk: whole at one place whatever is cut off where, nothing overwritten, nothing lost."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from amutorrent.disk import DataFile, ItemData, present
from amutorrent.errors import ClientFailed
from amutorrent.moving import faults, steps
from amutorrent.moving.plan import NEXT, UNDO, Phase, make_plan

NAMES = ("a.bin", "sub/b.bin", "sub/deep/\udcff\udcfe.bin", "empty.bin")
FORWARD = (Phase.COPYING, Phase.PLACING, Phase.ASIDE, Phase.TELLING, Phase.LEAVING)


class Cut(BaseException):
    """The program ends here."""


def content(name):
    return b"" if name.startswith("empty") else os.fsencode(name) * 3000


def tree(folder):
    return {
        os.fsdecode(os.path.relpath(os.path.join(root, name), folder)): Path(root, name).read_bytes()
        for root, _, names in os.walk(folder)
        for name in names
    }


def folders(folder):
    return sorted(
        os.path.relpath(os.path.join(root, name), folder) for root, names, _ in os.walk(folder) for name in names
    )


WHOLE = {name: content(name) for name in NAMES}


@pytest.fixture(params=["same", "other"])
def elsewhere(request, tmp_path):
    """Give a folder on the same file system, or on another one."""
    if request.param == "same":
        yield tmp_path / "new"
        return
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    folder = Path(tempfile.mkdtemp(dir=shared))
    yield folder / "new"
    shutil.rmtree(folder)


class Scene:
    """An item of several files in a folder of its own, or one file, and its move to another folder."""

    def __init__(self, old, new, *, multi=True, needed=()):
        self.old, self.new, self.names = old, new, NAMES if multi else NAMES[:1]
        self.base = old / "item" if multi else old
        for name in self.names:
            path = self.base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content(name))
        files = [DataFile(tuple(name.split("/")), len(content(name)), name in needed) for name in self.names]
        self.data = ItemData(str(self.base), files, "item" if multi else "a.bin", multi=multi, own=multi)
        self.plan = make_plan(self.data, present(self.data), str(new), str(new))
        self.target = new / "item" if multi else new
        self.phase = Phase.COPYING

    def go(self, last=Phase.LEAVING):
        """Go on from the phase that was written down, to the end of another one."""
        while True:
            if self.phase is not Phase.TELLING:
                for _ in steps.STEPS[self.phase](self.plan):
                    pass
            if self.phase is last or self.phase not in NEXT:
                return
            self.phase = NEXT[self.phase]

    def undo(self):
        self.phase = UNDO[self.phase]
        self.go(Phase.DISCARDING)

    def is_moved(self):
        assert tree(self.new) == {os.path.relpath(self.target / name, self.new): WHOLE[name] for name in self.names}
        assert tree(self.old) == {}
        assert folders(self.old) == []

    def is_back(self):
        assert tree(self.old) == {os.path.relpath(self.base / name, self.old): WHOLE[name] for name in self.names}
        assert not self.new.exists() or (tree(self.new), folders(self.new)) == ({}, [])


@pytest.fixture(params=["folder", "file"])
def scene(request, tmp_path, elsewhere):
    return Scene(tmp_path / "old", elsewhere, multi=request.param == "folder")


def cut_at(monkeypatch, point, count=1):
    seen = []

    def reached(name):
        seen.append(name)
        if seen.count(point) == count and name == point:
            raise Cut

    monkeypatch.setattr(faults, "reached", reached)
    return seen


def test_everything_lies_at_the_new_place_alone(scene):
    times = os.stat(scene.base / "a.bin").st_mtime_ns
    scene.go()
    scene.is_moved()
    assert os.stat(scene.target / "a.bin").st_mtime_ns == times


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    "point", ["copying", "copied", "placing", "placed", "setting aside", "set aside", "leaving", "left"]
)
def test_a_move_that_is_cut_off_goes_on(monkeypatch, scene, point, count):
    seen = cut_at(monkeypatch, point, count)
    try:
        scene.go()
    except Cut:
        scene.go()
    else:
        assert seen.count(point) < count
    scene.is_moved()


@pytest.mark.parametrize("last", FORWARD[:-1])
def test_a_move_that_fails_is_undone(scene, last):
    scene.go(last)
    scene.undo()
    scene.is_back()


@pytest.mark.parametrize("point", ["putting back", "put back", "taking back", "taken back", "discarding", "discarded"])
def test_an_undoing_that_is_cut_off_goes_on(monkeypatch, scene, point):
    scene.go(Phase.TELLING)
    cut_at(monkeypatch, point)
    with pytest.raises(Cut):
        scene.undo()
    scene.go(Phase.DISCARDING)
    scene.is_back()


@pytest.mark.parametrize("point", ["copying", "placing", "setting aside"])
def test_a_phase_that_was_cut_off_can_be_undone(monkeypatch, scene, point):
    cut_at(monkeypatch, point)
    with pytest.raises(Cut):
        scene.go()
    scene.undo()
    scene.is_back()


def test_what_others_need_stays_and_lies_at_the_new_place_too(tmp_path, elsewhere):
    scene = Scene(tmp_path / "old", elsewhere, needed=["sub/b.bin"])
    scene.go()
    assert tree(scene.target) == WHOLE
    assert tree(scene.old) == {"item/sub/b.bin": WHOLE["sub/b.bin"]}


def test_what_others_need_is_where_it_was_after_a_failure(tmp_path, elsewhere):
    scene = Scene(tmp_path / "old", elsewhere, needed=["sub/b.bin"])
    scene.go(Phase.TELLING)
    scene.undo()
    scene.is_back()


def test_nothing_is_overwritten_and_nothing_of_others_is_taken_back(scene):
    scene.target.mkdir(parents=True)
    (scene.target / "a.bin").write_bytes(content("a.bin"))  # even of the same size and bytes: it is not ours
    inode = (scene.target / "a.bin").stat().st_ino
    with pytest.raises(ClientFailed, match="there already"):
        scene.go()
    scene.undo()
    assert (scene.target / "a.bin").stat().st_ino == inode
    assert tree(scene.new) == {os.path.relpath(scene.target / "a.bin", scene.new): content("a.bin")}
    assert tree(scene.base) == {name: WHOLE[name] for name in scene.names}


def test_a_source_that_is_gone_or_has_changed_ends_the_move_before_it_begins(scene):
    (scene.base / "a.bin").write_bytes(b"other")
    with pytest.raises(ClientFailed, match="another size"):
        scene.go()
    scene.undo()
    assert not scene.new.exists() or tree(scene.new) == {}
    assert (scene.base / "a.bin").read_bytes() == b"other"


def test_a_source_that_changes_after_the_copy_is_not_set_aside(scene):
    scene.go(Phase.PLACING)
    scene.phase = Phase.ASIDE
    (scene.base / "a.bin").unlink()
    (scene.base / "a.bin").write_bytes(b"a longer one" * 9000)
    with pytest.raises(ClientFailed, match="another size"):
        scene.go()


def test_the_last_copy_is_never_deleted(scene):
    scene.go(Phase.ASIDE)
    scene.phase = Phase.LEAVING
    (scene.target / "a.bin").unlink()
    with pytest.raises(ClientFailed, match="not there any more"):
        scene.go()
    assert content("a.bin") in tree(Path(scene.plan.attic)).values()


def test_the_last_copy_is_never_discarded(scene):
    scene.go(Phase.COPYING)
    (scene.base / "a.bin").unlink()
    scene.undo()
    assert tree(Path(scene.plan.staging)) == {"a.bin": content("a.bin")}
    shutil.rmtree(scene.old)
    scene.go(Phase.DISCARDING)
    assert tree(Path(scene.plan.staging)) == {"a.bin": content("a.bin")}


def test_a_source_that_changed_while_it_was_copied_does_not_hold_the_undoing(scene):
    scene.go(Phase.COPYING)
    (scene.base / "a.bin").unlink()
    (scene.base / "a.bin").write_bytes(b"newer")
    scene.undo()
    assert not Path(scene.plan.staging).exists()
    assert (scene.base / "a.bin").read_bytes() == b"newer"


def test_a_link_in_the_way_is_not_followed(scene, tmp_path):
    (tmp_path / "out").mkdir()
    scene.new.mkdir(parents=True, exist_ok=True)
    if scene.plan.multi:
        scene.target.symlink_to(tmp_path / "out")
        with pytest.raises(OSError, match=r"Not a directory|symbolic"):
            scene.go()
        scene.phase = Phase.TAKING_BACK
        with pytest.raises(OSError, match=r"Not a directory|symbolic"):
            scene.go()
    else:
        (scene.target / "a.bin").symlink_to(tmp_path / "out" / "x")
        with pytest.raises(ClientFailed, match="there already"):
            scene.go()
    assert list((tmp_path / "out").iterdir()) == []
    assert tree(scene.old) == {os.path.relpath(scene.base / name, scene.old): WHOLE[name] for name in scene.names}


def test_what_is_read_of_the_copy_is_compared(monkeypatch, tmp_path, elsewhere):
    scene = Scene(tmp_path / "old", elsewhere)
    if elsewhere.parent.stat().st_dev == tmp_path.stat().st_dev:
        monkeypatch.setattr("os.link", refuse_link)
    honest = os.write
    monkeypatch.setattr("os.write", lambda handle, chunk: honest(handle, bytes(reversed(bytes(chunk)))))
    with pytest.raises(ClientFailed, match="failing disk"):
        scene.go()
    monkeypatch.undo()
    scene.undo()
    scene.is_back()


def refuse_link(*args, **kwargs):
    raise PermissionError(1, "Operation not permitted")


def test_on_a_file_system_without_hard_links(monkeypatch, tmp_path, elsewhere):
    monkeypatch.setattr("os.link", refuse_link)
    scene = Scene(tmp_path / "old", elsewhere)
    scene.go()
    scene.is_moved()
