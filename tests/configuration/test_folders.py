"""Looking into folders: what is allowed, and every way around it."""

import os
import threading

import pytest
import trio

from amutorrent.configuration import configuration as module
from amutorrent.configuration.folders import Roots, browse
from amutorrent.errors import Forbidden, InvalidRequest, NotFound


@pytest.fixture
def tree(tmp_path):
    """Make a root with folders, and another one beside it."""
    for name in ("root/Films/A", "root/audio", "root/.hidden/deep", "outside/deep"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "root/file.txt").touch()
    (tmp_path / "root/inner").symlink_to("Films")
    (tmp_path / "root/escape").symlink_to("../outside")
    (tmp_path / "root/absolute").symlink_to("/etc")
    (tmp_path / "root/circle").symlink_to("circle")
    (tmp_path / "root/to-hidden").symlink_to(".hidden")
    (tmp_path / "root/file-link").symlink_to("/etc/passwd")
    os.mkdir(os.fsencode(tmp_path / "root") + b"/not-\xff-utf8")
    return tmp_path


def test_a_folder_and_what_is_in_it(tree):
    root = str(tree / "root")
    found = browse([root], root + "//", True)
    assert (found.path, found.parent, found.writable, found.more) == (root, None, True, False)
    assert found.directories == ["audio", "Films", "inner"]
    assert found.files == ["circle", "file-link", "file.txt"]
    inner = browse([root], f"{root}/Films", False)
    assert (inner.parent, inner.directories, inner.files) == (root, ["A"], inner.files)
    assert not isinstance(inner.files, list)
    assert browse([root], f"{root}/inner/A", False).path == f"{root}/inner/A"
    assert browse([root], "", False).path == root


@pytest.mark.parametrize(
    "path",
    ["", ".", "..", "/escape", "/escape/deep", "/absolute", "/.hidden", "/.hidden/deep", "/to-hidden", "/Films/../.."],
)
def test_what_lies_outside_is_refused(tree, path):
    root = str(tree / "root")
    outside = {"": str(tree / "outside"), ".": str(tree), "..": "/"}
    with pytest.raises((Forbidden, InvalidRequest)) as caught:
        browse([root], outside.get(path, root + path), True)
    assert caught.value.code == ("validation_error" if ".." in path.split("/") and path != ".." else "path_not_allowed")


def test_a_root_beside_another_of_a_similar_name(tree):
    (tree / "rootless").mkdir()
    with pytest.raises(Forbidden):
        browse([str(tree / "root")], str(tree / "rootless"), False)
    with pytest.raises(Forbidden):
        browse([], str(tree), False)
    with pytest.raises(Forbidden):
        browse([], "", False)


@pytest.mark.parametrize("path", ["relative", "~", "/a/../b", "/..", "/a\0b", "/a/\udcff", "C:\\", "./x"])
def test_what_is_no_path_names_the_field(path):
    with pytest.raises(InvalidRequest) as caught:
        browse(["/"], path, False)
    assert caught.value.details == {"field": "path"}


def test_what_is_not_there(tree):
    for path in ("nothing", "file.txt", "file.txt/x", "circle", "x" * 300):
        with pytest.raises(NotFound) as caught:
            browse([str(tree / "root")], f"{tree}/root/{path}", False)
        assert caught.value.code == "not_found"


@pytest.mark.parametrize("path", ["/proc", "/proc/1", "/sys", "/dev", "/etc", "/run", "/usr/lib", "/boot", "/var/run"])
def test_system_folders_are_no_place_for_downloads(path):
    with pytest.raises((Forbidden, NotFound)) as caught:
        browse(["/"], path, False)
    assert not os.path.isdir(path) or caught.value.code == "path_not_allowed"


def test_the_whole_disk_without_its_system(tree):
    found = browse(["/"], "/", False)
    assert "tmp" in found.directories
    assert not {"proc", "sys", "dev", "etc", "usr", "bin"} & {*found.directories}
    assert browse(["/"], str(tree), False).parent == str(tree.parent)


def test_a_root_that_is_named_in_so_many_words_may_be_hidden_or_a_link(tree):
    assert browse([f"{tree}/root/.hidden"], f"{tree}/root/.hidden", False).directories == ["deep"]
    linked = tree / "linked"
    linked.symlink_to("root")
    assert browse([str(linked)], f"{linked}/Films", False).directories == ["A"]
    roots = Roots(["/run/user/1000"])
    from pathlib import PurePosixPath as P

    assert roots.allow(P("/run/user/1000/x"))
    assert not roots.allow(P("/run/user/1001"))
    assert Roots(["/"]).allow(P("/run/media/me/disk"))


def test_a_link_that_is_put_there_meanwhile_is_not_followed(tree, monkeypatch):
    victim, real = tree / "root/Films", os.path.realpath

    def swapped(path, **options):
        found = real(path, **options)
        if str(path).endswith("Films"):
            os.rename(victim, tree / "moved")
            victim.symlink_to("../outside")
        return found

    monkeypatch.setattr("amutorrent.configuration.folders.os.path.realpath", swapped)
    with pytest.raises(NotFound):
        browse([str(tree / "root")], f"{tree}/root/Films/", False)


def test_a_folder_that_may_not_be_read(tree, monkeypatch):
    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("amutorrent.configuration.folders.os.scandir", refuse)
    with pytest.raises(Forbidden, match="may not read"):
        browse([str(tree)], str(tree), False)


def test_a_folder_with_very_many_names(tree, monkeypatch):
    monkeypatch.setattr("amutorrent.configuration.folders.MOST", 2)
    found = browse([str(tree)], str(tree / "root"), True)
    assert (len(found.directories), len(found.files), found.more) == (2, 2, True)
    monkeypatch.setattr("amutorrent.configuration.folders.MOST_SEEN", 1)
    assert browse([str(tree)], str(tree / "root"), True).more is True


def test_no_descriptor_is_left_open(tree):
    before = len(os.listdir("/proc/self/fd"))
    for path in ("root", "root/Films", "nothing", "root/escape"):
        try:
            browse([str(tree / "root")], f"{tree}/{path}", True)
        except (Forbidden, NotFound):
            continue
    assert len(os.listdir("/proc/self/fd")) == before


async def test_over_http(running, tree, monkeypatch):
    body = await running.current()
    body["directories"]["browse"] = [str(tree / "root")]
    assert (await running.save(body))[0] == 200
    status, reply = await running.ask("POST", "filesystem/browse", {"path": f"{tree}/root"})
    assert status == 200
    assert reply == {
        "path": f"{tree}/root",
        "parent": None,
        "directories": ["audio", "Films", "inner"],
        "writable": True,
    }
    for path, expected in ((str(tree), 403), (f"{tree}/root/none", 404), ("x", 400), ("/" + "x" * 5000, 400)):
        assert (await running.ask("POST", "filesystem/browse", {"path": path}))[0] == expected
    ended = threading.Event()
    monkeypatch.setattr(module, "browse", lambda *args: ended.wait())
    monkeypatch.setattr(module, "BROWSE_S", 0.2)
    try:
        with trio.fail_after(20):
            for _ in range(6):  # more than there are threads
                assert (await running.ask("POST", "filesystem/browse", {"path": f"{tree}/root"}))[0] == 504
            assert (await running.ask("GET", "config/current"))[0] == 200
    finally:
        ended.set()
