"""Categories of one daemon over a real amuled, rtorrent and qbittorrent-nox, and a look into each of them."""

import itertools
from contextlib import ExitStack

import pytest
import trio
from lab import amule, qbittorrent, rtorrent
from lab.amutorrent import amutorrent
from lab.ec import look
from lab.reader import reader
from lab.torrents import make_torrent
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
AMULE, RTORRENT, QBITTORRENT = "mule", "rt", "qb"
ROUTE = "/api/v1/categories"
TRACKER = "http://127.0.0.1:9/announce"
"""Where nobody listens: nothing moves."""

numbers = itertools.count()


class Scene:
    """Three daemons and ours, and what is in each."""

    def __init__(self, root, mule, rt, qb, ours):
        self.root, self.mule, self.rt, self.qb, self.ours = root, mule, rt, qb, ours

    def named(self, what):
        """Give a name that no other test uses."""
        return f"{what} ü{next(numbers)}"

    def folder(self, name, *, made=True):
        path = self.root / "folders" / name
        if made:
            path.mkdir(parents=True, exist_ok=True)
        return str(path)

    def in_mule(self):
        with look(self.mule.port, self.mule.password) as other:
            return dict(other.category_paths())

    def in_qb(self):
        return {name: each["savePath"] for name, each in self.qb.ask("torrents/categories").items()}

    def in_app(self):
        return {each["name"]: each for each in self.ours.get(ROUTE)["data"]}

    def everywhere(self, name, path, within_s=30):
        """Wait until a category is in both daemons that define any, with this path; None: in none of them."""
        wait_until(
            lambda: self.in_mule().get(name) == self.in_qb().get(name) == path,
            within_s,
            lambda: f"{name}: mule {self.in_mule()}, qb {self.in_qb()}, app {self.in_app().get(name)}",
        )

    def online(self):
        wait_until(lambda: all(self.ours.state(each) == "online" for each in (AMULE, RTORRENT, QBITTORRENT)), 60)

    def one_each(self, category):
        """Put an item into this category of every daemon; gives them by instance."""
        number = next(numbers)
        link = make_ed2k_file(f"labelled {number}.bin", 300_000)
        self.ours.post("/api/v1/downloads/ed2k", links=[link.uri], instanceId=AMULE, categoryName=category, paused=True)
        found = {AMULE: link.hash}
        for each in (RTORRENT, QBITTORRENT):
            torrent = make_torrent(f"labelled {number} {each}.bin", 200_000, TRACKER)
            self.ours.add_file(torrent, each, categoryName=category, paused=True)
            found[each] = torrent.hash
        self.shown(found, category)
        self.labelled(found, category)
        return found

    def shown(self, items, category):
        """Wait until our list shows items in a category, with its number."""

        def so():
            known, listed = self.ours.items(), self.in_app()
            found = [known.get(key) for key in items.items()]
            return all(each and each["category"] == category for each in found) and all(
                each["categoryId"] == listed[category]["id"] for each in found
            )

        wait_until(so, 30, lambda: str([self.ours.item(*key).get("category") for key in items.items()]))

    def labelled(self, items, category):
        """Wait until the daemons themselves say so; "" is none."""

        def labels():
            rows = {row.hash: row.category for daemon in (self.mule, self.qb) for row in daemon.rows()}
            return [rows.get(items[AMULE]), rows.get(items[QBITTORRENT]), self.rt.label(items[RTORRENT])]

        wait_until(lambda: labels() == [category] * 3, 30, lambda: str(labels()))


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    root = tmp_path_factory.mktemp("categories")
    with ExitStack() as stack:
        mule = stack.enter_context(amule.daemon(root / "mule"))
        rt = stack.enter_context(rtorrent.daemon(root / "rt"))
        qb = stack.enter_context(qbittorrent.daemon(root / "qb"))
        clients = [{**each.settings, "id": id} for id, each in ((AMULE, mule), (RTORRENT, rt), (QBITTORRENT, qb))]
        ours = stack.enter_context(amutorrent(root / "ours", clients))
        playing = Scene(root, mule, rt, qb, ours)
        playing.online()
        yield playing


def test_created_changed_renamed_and_deleted_in_all_of_them(scene):
    name, other = scene.named("films"), scene.named("cinema")
    first, second = scene.folder(f"first {name}"), scene.folder(f"second {name}")
    made = scene.ours.post(ROUTE, title=name, path=first, color=255, comment="good ones")
    assert (made["type"], made["warnings"]) == ("category-created", [])
    assert (scene.in_mule()[name], scene.in_qb()[name]) == (first, first)  # it is so when the answer comes
    items = scene.one_each(name)

    assert scene.ours.put(ROUTE, name=name, path=second)["warnings"] == []
    assert (scene.in_mule()[name], scene.in_qb()[name]) == (second, second)

    renamed = scene.ours.put(ROUTE, name=name, title=other)
    assert (renamed["warnings"], renamed["category"]["id"]) == ([], made["category"]["id"])
    scene.shown(items, other)
    scene.labelled(items, other)
    scene.everywhere(other, second)
    scene.everywhere(name, None)
    assert scene.in_app()[other] == renamed["category"]

    assert scene.ours.delete(ROUTE, name=other) == {
        "type": "category-deleted",
        "success": True,
        "message": "Category deleted",
    }
    scene.shown(items, "Default")
    scene.labelled(items, "")
    scene.everywhere(other, None)
    assert {name, other}.isdisjoint(scene.in_app())
    assert [each for each in (*scene.in_mule(), *scene.in_qb()) if each == "Default"] == []


async def test_two_sockets_are_told(scene):
    name, url = scene.named("told"), f"ws://127.0.0.1:{scene.ours.port}/ws"

    def told(socket):
        """Give the names that a socket was told last."""
        updates = [each for each in socket.messages if each["type"] == "categories-update"]
        return [each["name"] for each in updates[-1]["data"]] if updates else []

    async with reader(url) as first, reader(url) as second:
        for each in (first, second):
            await each.until("batch-update")
        made = await first.ask(action="createCategory", category={"title": name})
        assert name in told(first)  # before the reply
        await second.see(lambda: name in told(second))
        id = made["category"]["id"]
        await second.ask(action="updateCategory", id=id, category={"title": f"{name}!"})
        assert f"{name}!" in told(second)
        await first.see(lambda: f"{name}!" in told(first))
        await trio.to_thread.run_sync(lambda: scene.ours.delete(ROUTE, name=f"{name}!"))
        for each in (first, second):
            await each.see(lambda each=each: f"{name}!" not in told(each))


def test_what_a_daemon_has_of_its_own_comes_in_and_goes_to_the_others(scene):
    theirs, mules = scene.named("theirs"), scene.named("mules")
    folders = scene.folder(theirs), scene.folder(mules)
    scene.qb.tell("torrents/createCategory", category=theirs, savePath=folders[0])
    scene.qb.tell("torrents/createCategory", category="Default", savePath="")
    with look(scene.mule.port, scene.mule.password) as other:
        other.make_category(mules, folders[1])
    scene.everywhere(theirs, folders[0])
    scene.everywhere(mules, folders[1])
    listed = scene.in_app()
    assert (listed[theirs]["path"], listed[mules]["path"]) == folders
    assert (list(listed).count("Default"), "Default" in scene.in_mule()) == (1, False)
    scene.qb.tell("torrents/removeCategories", categories="Default")


def test_default_paths_are_those_of_the_daemons(scene):
    found = scene.ours.get(ROUTE)["clientDefaultPaths"]
    told = {id: path.rstrip("/") for id, path in found.items()}
    assert told == {
        AMULE: str(scene.mule.incoming),
        RTORRENT: str(scene.rt.downloads),
        QBITTORRENT: str(scene.qb.downloads),
    }


def test_a_folder_that_amule_cannot_use_is_a_warning(scene):
    name = scene.named("nowhere")
    reply = scene.ours.post(ROUTE, title=name, path="/proc/nowhere")
    (warning,) = reply["warnings"]
    assert warning.startswith("aMule: ")
    assert "/proc/nowhere" in warning
    assert scene.in_qb()[name] == "/proc/nowhere"
    assert name not in scene.in_mule()
    assert scene.in_app()[name]["path"] == "/proc/nowhere"
    folder = scene.folder(name)
    assert scene.ours.put(ROUTE, name=name, path=folder)["warnings"] == []
    scene.everywhere(name, folder)


def test_folders_are_looked_at(scene):
    name = scene.named("mapped")
    missing, there = scene.folder(f"missing {name}", made=False), scene.folder(f"there {name}")
    elsewhere = f"/elsewhere/{name}"
    scene.ours.post(ROUTE, title=name, path=there, pathMappings={"rtorrent": missing})

    def warnings():
        return scene.in_app()[name]["pathWarnings"]

    wait_until(lambda: warnings() == {"mappings": {"rtorrent": f"{missing} does not exist here"}}, 20, warnings)
    assert scene.ours.get(ROUTE)["hasPathWarnings"] is True
    scene.folder(f"missing {name}")
    scene.ours.put(ROUTE, name=name, pathMappings={RTORRENT: missing, "amule": there, "qbittorrent": elsewhere})
    wait_until(lambda: warnings() is None, 20, warnings)
    scene.ours.delete(ROUTE, name=name)


def test_what_changed_while_daemons_were_away_does_not_come_back(scene):
    """Nor when our own daemon is killed meanwhile."""
    gone, old, new = scene.named("gone"), scene.named("old"), scene.named("new")
    folder = scene.folder(old)
    scene.ours.post(ROUTE, title=gone)
    scene.ours.post(ROUTE, title=old, path=folder)
    of_gone, of_old = scene.one_each(gone), scene.one_each(old)
    scene.mule.stop()
    scene.qb.stop()
    scene.rt.stop()
    wait_until(lambda: all(scene.ours.state(each) != "online" for each in (AMULE, QBITTORRENT, RTORRENT)), 60)
    scene.ours.delete(ROUTE, name=gone)
    scene.ours.put(ROUTE, name=old, title=new)
    scene.shown(of_gone, "Default")
    scene.shown(of_old, new)
    scene.ours.kill9()
    scene.qb.log_out()
    for each in (scene.mule, scene.qb, scene.rt, scene.ours):
        each.start()
    scene.online()
    assert {gone, old}.isdisjoint(scene.in_app())
    scene.shown(of_gone, "Default")
    scene.shown(of_old, new)
    scene.labelled(of_gone, "")
    scene.labelled(of_old, new)
    scene.everywhere(gone, None)
    scene.everywhere(old, None)
    scene.everywhere(new, folder)
    assert {gone, old}.isdisjoint(scene.in_app())
    scene.qb.tell("torrents/createCategory", category=gone, savePath="")  # from now on that is a new one
    wait_until(lambda: gone in scene.in_app(), 40)


def test_a_daemon_that_starts_anew_in_the_middle_of_a_change(scene):
    name, other = scene.named("before"), scene.named("after")
    scene.ours.post(ROUTE, title=name)
    items = scene.one_each(name)
    scene.qb.kill9()
    reply = scene.ours.put(ROUTE, name=name, title=other, path=scene.folder(other))
    assert all(each.startswith("qBittorrent: ") for each in reply["warnings"]), reply
    assert reply["category"]["name"] == other
    scene.qb.log_out()
    scene.qb.start()
    scene.online()
    scene.shown(items, other)
    scene.labelled(items, other)
    scene.everywhere(other, scene.folder(other))
    scene.everywhere(name, None)
    assert name not in scene.in_app()
