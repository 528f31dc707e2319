"""Folders of categories on a real disk, and one that hangs."""

import threading

import pytest
import trio
from operations.labelled import HELD, TYPES, Held, config

from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.events import Events
from amutorrent.instances import Instances
from amutorrent.model import Category
from amutorrent.syncing import FolderChecks
from amutorrent.syncing.folders import unusable


async def run_inline(function, *args):
    return function(*args)


class Scene:
    """Instances of scripted clients, a catalogue, and the checks."""

    def __init__(self, **options):
        self.events = Events()
        self.catalogue = Catalogue(Categories(), self.events)
        self.instances = Instances(self.catalogue, self.events, TYPES, lambda name: run_inline)
        self.checks = FolderChecks(self.catalogue, self.instances, self.events, **options)

    async def put(self, name, path, **mappings):
        await self.catalogue.define_category(
            Category(id=0, name=name, title=name, path=str(path), path_mappings=mappings or None)
        )

    def warnings(self, name):
        return self.catalogue.categories.get(name).path_warnings


@pytest.fixture
async def open_scene(nursery):
    HELD.clear()
    HELD.update({number: Held() for number in range(3)})

    async def open(*configs, **options):
        scene = Scene(**options)
        await nursery.start(scene.instances.run)
        await scene.instances.configure(configs)
        with trio.fail_after(10):
            while not all(each.connections for each in scene.instances.all() if each.state != "disabled"):  # noqa: ASYNC110  (nobody tells)
                await trio.sleep(0.01)
        return scene

    return open


async def test_each_thing_that_can_be_wrong(open_scene, tmp_path, monkeypatch):
    scene = await open_scene(config(0, "labelled"))
    (tmp_path / "file").write_text("")
    for name in ("fine", "unreadable", "unwritable"):
        (tmp_path / name).mkdir()
    denied = {str(tmp_path / "unreadable"): {4, 5}, str(tmp_path / "unwritable"): {2}}
    # whoever runs the tests may be root, to whom nothing is forbidden
    monkeypatch.setattr("os.access", lambda path, mode: mode not in denied.get(path, ()))
    texts = {
        "fine": None,
        "missing": "does not exist here",
        "file": "is not a folder",
        "unreadable": "cannot be read",
        "unwritable": "cannot be written",
    }
    for name in texts:
        await scene.put(name, tmp_path / name)
    await scene.put("without", "")
    await scene.checks.check()
    for name, text in texts.items():
        assert scene.warnings(name) == ({"path": f"{tmp_path / name} {text}"} if text else None)
    assert scene.warnings("without") is None
    assert scene.catalogue.categories.warned


def test_a_folder_is_really_looked_at(tmp_path):
    assert unusable(str(tmp_path)) is None
    assert unusable(str(tmp_path / "no")) == f"{tmp_path / 'no'} does not exist here"


async def test_whose_folders_count(open_scene, tmp_path):
    """A mapping of the instance, of its type, else the path; none of clients that move data themselves, or are off."""
    scene = await open_scene(config(0, "labelled"), config(1, "defining"), config(2, "moving"))
    await scene.put("ids", "/no/path", **{"labelled-0": "/no/id", "labelled": "/no/type", "defining": str(tmp_path)})
    await scene.put("types", "/no/path", labelled="/no/type", moving="/no/moving")
    await scene.put("mapped", "/no/path", labelled=str(tmp_path), defining=str(tmp_path))
    await scene.checks.check()
    assert scene.warnings("ids") == {"mappings": {"labelled-0": "/no/id does not exist here"}}
    assert scene.warnings("types") == {
        "path": "/no/path does not exist here",
        "mappings": {"labelled": "/no/type does not exist here"},
    }
    assert scene.warnings("mapped") is None
    await scene.instances.configure([config(2, "moving")])
    await scene.checks.check()
    assert not scene.catalogue.categories.warned


async def test_a_disk_that_hangs_costs_one_thread_and_nobody_waits(open_scene, tmp_path):
    free, looked = threading.Event(), []

    def look(folder):
        looked.append(folder)
        if folder == "/hangs":
            free.wait(60)

    scene = await open_scene(config(0, "labelled"), look=look, answer_s=0.2)
    await scene.put("hangs", "/hangs")
    await scene.put("fine", str(tmp_path))
    try:
        with trio.fail_after(10):
            for _ in range(3):
                await scene.checks.check()
        assert looked.count("/hangs") == 1
        assert looked.count(str(tmp_path)) == 3
        assert scene.warnings("hangs") == {"path": "/hangs did not answer within 0 s"}
        assert scene.warnings("fine") is None
    finally:
        free.set()
    with trio.fail_after(10):
        while scene.warnings("hangs"):
            await scene.checks.check()
            await trio.sleep(0.01)


async def test_it_is_looked_once_for_many_changes_and_on_connect(open_scene, nursery, autojump_clock, monkeypatch):
    times = []
    scene = await open_scene(config(0, "labelled"))

    async def check():
        times.append(trio.current_time())

    monkeypatch.setattr(scene.checks, "check", check)
    nursery.start_soon(scene.checks.run)
    await trio.sleep(5)
    times.clear()
    began = trio.current_time()
    for name in ("a", "b", "c"):
        await scene.put(name, f"/{name}")
        await trio.sleep(0.1)
    await trio.sleep(5)
    assert times == [pytest.approx(began + 0.5)]
    times.clear()
    await scene.catalogue.change_category("a", {"comment": "no folder"})
    await trio.sleep(5)
    assert times == []
    HELD[0].reachable = False
    scene.instances.get("labelled-0").poke()
    await trio.sleep(1)
    HELD[0].reachable = True
    scene.instances.get("labelled-0").reconnect()
    await trio.sleep(100)
    assert len(times) == 1
