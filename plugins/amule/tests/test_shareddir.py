"""The file shareddir.dat: nothing that is not meant is lost, whatever stands in it."""

import os
import stat

import pytest
from amutorrent_amule.shareddir import SharedDirFile, checked_roots

from amutorrent import Forbidden, InvalidRequest


@pytest.fixture
def films(tmp_path):
    for path in ("films/a", "films/b/c ü", "music/x"):
        (tmp_path / path).mkdir(parents=True)
    return tmp_path / "films"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "conf").mkdir()
    return SharedDirFile(str(tmp_path / "conf" / "shareddir.dat"))


def folders(films):
    return [str(films), str(films / "a"), str(films / "b"), str(films / "b" / "c ü")]


def written(file):
    return file.path.read_text("utf-8", "surrogateescape").splitlines()


def test_a_folder_is_shared_with_all_below_it(file, films):
    result = file.share([str(films)], [])
    assert written(file) == folders(films)
    assert (result.total, result.added, result.removed, result.warnings) == (4, 4, 0, ())
    assert not list(file.path.parent.glob(".*"))


def test_what_was_dropped_goes_with_all_below_it_and_the_rest_stays(file, films):
    music = films.parent / "music"
    file.path.write_text(f"{music}\n{music}/x\n/elsewhere\n")
    result = file.share([str(films)], [str(music)])
    assert written(file) == ["/elsewhere", *folders(films)]
    assert (result.added, result.removed) == (4, 2)


def test_folders_that_are_gone_go_and_new_ones_come(file, films):
    file.share([str(films)], [])
    (films / "a").rmdir()
    (films / "new").mkdir()
    result = file.share([str(films)], [])
    assert (result.added, result.removed) == (1, 1)
    assert str(films / "new") in written(file)
    assert str(films / "a") not in written(file)


def test_a_folder_of_a_similar_name_is_another(file, films):
    file.path.write_text(f"{films}-old\n")
    file.share([str(films)], [])
    assert f"{films}-old" in written(file)


@pytest.mark.parametrize(
    "line", [b"# a comment", b"relative/path", b"C:\\films", b"\xff\xfe broken", b"   odd", b"[x]"]
)
def test_a_line_that_is_not_understood_is_never_lost(file, films, line):
    file.path.write_bytes(line + b"\n/dropped\n")
    file.share([str(films)], ["/dropped", "/"])
    assert file.path.read_bytes().split(b"\n")[0] == line


def test_paths_that_are_no_text_are_kept_and_expanded(file, films):
    odd = os.fsencode(films) + b"/bad\xff"
    os.mkdir(odd)
    file.path.write_bytes(b"/elsewhere\xfe\n")
    file.share([str(films)], [])
    assert odd in file.path.read_bytes().split(b"\n")
    assert b"/elsewhere\xfe" in file.path.read_bytes().split(b"\n")
    assert all(root.encode() for root in file.roots([]))


def test_what_cannot_be_reached_now_is_kept(file, films):
    away = "/mnt/away"
    file.path.write_text(f"{away}\n{away}/one\n")
    result = file.share([str(films), away], [away])
    assert written(file) == [away, f"{away}/one", *folders(films)]
    assert result.warnings == (f"Cannot scan {away}",)
    assert result.removed == 0


def test_links_in_a_circle_are_walked_once(file, films):
    (films / "a" / "up").symlink_to(films)
    assert file.share([str(films)], []).total == 4


def test_the_same_is_not_written_again(file, films):
    file.share([str(films)], [])
    before = file.path.stat().st_ino
    file.share([str(films)], [])
    assert file.path.stat().st_ino == before


def test_a_read_only_file_is_replaced_and_keeps_its_mode(file, films):
    file.path.write_text("")
    file.path.chmod(0o444)
    assert file.can_write()
    file.share([str(films)], [])
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o444


def test_a_link_to_the_file_stays_a_link(file, films, tmp_path):
    file.path.write_text("/elsewhere\n")
    link = tmp_path / "link.dat"
    link.symlink_to(file.path)
    SharedDirFile(str(link)).share([str(films)], [])
    assert link.is_symlink()
    assert written(file) == ["/elsewhere", *folders(films)]


def test_without_its_folder_nothing_is_written(films, tmp_path):
    file = SharedDirFile(str(tmp_path / "not" / "there.dat"))
    assert not file.can_write()
    with pytest.raises(Forbidden) as caught:
        file.share([str(films)], [])
    assert caught.value.code == "path_not_writable"


def test_a_write_that_fails_leaves_the_old_file(file, films, monkeypatch):
    file.path.write_text("/elsewhere\n")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Forbidden, match="No space"):
        file.share([str(films)], [])
    assert written(file) == ["/elsewhere"]
    assert list(file.path.parent.iterdir()) == [file.path]


def test_roots_are_those_of_the_settings_and_the_tops_of_the_file(file):
    file.path.write_text("/films/a\n/films\n/music/x\n/tv/one\n/tv\n# words\n/tv-old\n")
    assert file.roots([]) == ["/films", "/music/x", "/tv", "/tv-old"]
    assert file.roots(["/music", "/films/a/"]) == ["/films", "/films/a", "/music", "/tv", "/tv-old"]
    assert SharedDirFile("/not/there").roots(["/b", "/a"]) == ["/a", "/b"]


@pytest.mark.parametrize("directories", [[], [""], ["relative"], ["/a\n/b"], ["/a\0"]])
def test_wrong_folders(directories):
    with pytest.raises(InvalidRequest) as caught:
        checked_roots(directories)
    assert caught.value.details["field"] == "directories"


def test_folders_are_named_once():
    assert checked_roots(["/a/", "/a", "/"]) == ["/a", "/"]
