"""Free space and load of the machine: of real disks, and of some that hang."""

import json
import os
import threading

import pytest
import trio
from lab.info import info

from amutorrent import Changes, disks
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.disks import Disks, Size, cpu_times, size_of
from amutorrent.events import Events
from amutorrent.model import Category


class Rig:
    """A catalogue with instances, and what its stats say."""

    def __init__(self, data_dir):
        self.catalogue = Catalogue(Categories(), Events())
        self.warn_below = 0
        self.disks = Disks(self.catalogue, data_dir, lambda: self.warn_below)

    async def instance(self, id, path, free=None):
        self.catalogue.put_instance(id, info())
        await self.catalogue.apply(id, Changes(full=True, default_path=path, free_space=free))

    def category(self, name, path, mappings=None):
        self.catalogue.categories._put(Category(id=1, name=name, title=name, path=path, path_mappings=mappings))

    def stats(self):
        return json.loads(self.catalogue.view(LOCAL_ADMIN).full())["data"]["stats"]

    async def shown(self):
        await self.disks.look()
        self.catalogue._mark()
        return {each["path"]: each for each in self.stats()["diskSpace"]}


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


def folder(parent, name):
    path = parent / name
    path.mkdir()
    return str(path)


async def test_the_paths_of_instances_and_categories(rig, tmp_path):
    a, b, c = (folder(tmp_path, name) for name in "abc")
    await rig.instance("one", a)
    await rig.instance("two", a)
    await rig.instance("far", "/no/such/path")
    rig.category("tv", a)
    rig.category("films", "/as/the/client/sees/it", {"one": b, "two": c, "far": c})
    rig.category("away", "/no/such/path/either")
    found = await rig.shown()
    assert found.keys() == {a, b, c}
    assert (found[a]["categories"], found[a]["instanceIds"]) == (["tv"], ["one", "two"])
    assert (found[c]["categories"], found[c]["instanceIds"]) == (["films"], ["two", "far"])
    real = os.statvfs(a)
    assert found[a]["total"] == real.f_blocks * real.f_frsize
    assert found[a]["total"] >= found[a]["used"] + found[a]["free"]
    assert found[a]["percentUsed"] == pytest.approx(100 * found[a]["used"] / found[a]["total"], abs=0.1)
    assert found[a]["low"] is False
    rig.warn_below = found[a]["total"] + 1
    assert (await rig.shown())[a]["low"] is True


async def test_a_client_on_another_machine_knows_its_own_disk(rig, tmp_path):
    a = folder(tmp_path, "a")
    real = size_of(a)
    await rig.instance("near", a, real.free)
    await rig.instance("far", "/downloads", 5000)
    found = await rig.shown()
    assert found[a]["total"] == real.total
    assert (found["/downloads"]["free"], found["/downloads"]["total"], found["/downloads"]["percentUsed"]) == (
        *(5000, None, None),
    )
    await rig.catalogue.apply("near", Changes(free_space=real.free + real.total))
    found = await rig.shown()
    assert (found[a]["free"], found[a]["used"]) == (real.free + real.total, None)


@pytest.mark.slow
async def test_a_disk_that_hangs_delays_nobody_and_is_asked_once(rig, tmp_path, monkeypatch):
    hanging, well = folder(tmp_path, "hanging"), folder(tmp_path, "well")
    ended, asked = threading.Event(), []
    real = disks.size_of

    def ask(path):
        asked.append(path)
        if path == hanging:
            ended.wait(60)
        return real(path)

    monkeypatch.setattr(disks, "size_of", ask)
    monkeypatch.setattr(disks, "ANSWER_S", 2.0)
    await rig.instance("one", hanging)
    await rig.instance("two", well)
    try:
        with trio.fail_after(20):
            assert (await rig.shown()).keys() == {well}
            assert (await rig.shown()).keys() == {well}
        assert asked.count(hanging) == 1
        assert asked.count(well) == 2
    finally:
        ended.set()
    with trio.fail_after(20):
        while hanging not in await rig.shown():
            pass


async def test_the_disk_of_the_data_directory(disk, caplog):
    rig = Rig(disk.path)
    await rig.disks.look()
    assert rig.disks.problem is None
    rig.warn_below = 1 << 40
    await rig.disks.look()
    await rig.disks.look()
    assert rig.disks.problem[0] == "disk_low"
    assert caplog.text.count("nearly full") == 1
    disk.fill()
    await rig.disks.look()
    assert rig.disks.problem[0] == "disk_full"
    disk.free()
    rig.warn_below = 0
    await rig.disks.look()
    assert rig.disks.problem is None


async def test_how_busy_the_machine_is(rig, tmp_path, monkeypatch):
    stat = tmp_path / "stat"
    monkeypatch.setattr(disks, "PROC_STAT", stat)
    await rig.shown()
    assert "cpuUsage" not in rig.stats()
    for line in ("cpu  100 0 100 700 100 0 0 0 0 0", "cpu  150 0 100 750 100 0 0 0 0 0\ncpu0 1"):
        stat.write_text(line)
        await rig.shown()
    assert rig.stats()["cpuUsage"] == {"percent": 50.0}
    await rig.shown()
    assert "cpuUsage" not in rig.stats(), "no time has passed"


def test_what_is_no_disk_and_no_load():
    assert size_of("relative") is None
    assert size_of("/a\0b") is None
    assert size_of("/proc") is None or size_of("/proc").total > 0
    assert isinstance(size_of("/"), Size)
    for wrong in ("", "cpu", "cpu 1 2", "intr 1 2 3 4", "cpu a b c d"):
        with pytest.raises(ValueError, match=r"no times|invalid literal|to unpack"):
            cpu_times(wrong)


async def test_every_delta_tells_it(rig, tmp_path):
    a = folder(tmp_path, "a")
    await rig.instance("one", a)
    await rig.shown()
    told = []
    view = rig.catalogue.view(LOCAL_ADMIN)
    rig.catalogue.on_tick.append(lambda tick: told.append(json.loads(tick.message(view))["data"]))
    rig.catalogue._tick()
    assert "delta" in told[0]
    assert told[0]["stats"]["diskSpace"][0]["path"] == a
