"""What is no good backup is refused, and changes nothing."""

import json
import random
import sqlite3
import zipfile
from hashlib import sha256

import pytest
from backup.conftest import refused
from sqlalchemy import text

from amutorrent.backup.archive import FORMAT, opened
from amutorrent.errors import InvalidRequest, StorageUnavailable
from amutorrent.store.schema import VERSION_TABLE

pytestmark = pytest.mark.slow


def test_a_backup_that_is_cut_or_changed_anywhere_is_refused(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    whole, bad = (tmp_path / "backup").read_bytes(), tmp_path / "bad"
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        refused(here, bad, "is no backup of this program, or only the beginning of one|is damaged")
    with zipfile.ZipFile(tmp_path / "backup") as file:
        parts = [(each.header_offset, each.compress_size) for each in file.infolist()]
    assert len(parts) == 4
    chosen, spoilt = random.Random(1), 0
    for start, length in parts:
        for _ in range(8):
            names = whole[start + 26 : start + 30]  # the lengths of name and extra field, which come before the data
            at = start + 30 + names[0] + names[2] + chosen.randrange(length)
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
            spoilt += is_spoilt(bad, tmp_path / "backup") and bool(refused(here, bad, "bad"))
    assert spoilt > 20


def is_spoilt(bad, good):
    """Say whether a backup is refused; packing leaves bits that nobody reads, and then its parts are what they were."""
    try:
        with opened(bad) as found, opened(good) as whole:
            assert found.manifest == whole.manifest
            assert [found.read(each) for each in found.manifest.parts] == [
                whole.read(each) for each in whole.manifest.parts
            ]
    except InvalidRequest:
        return True
    return False


@pytest.fixture
def changed(here, tmp_path):
    """Give the function that makes a backup with other parts or another manifest."""
    here.fill()
    here.backup(tmp_path / "backup")

    def change(new=None, /, **facts):
        with zipfile.ZipFile(tmp_path / "backup") as file:
            content = {each: file.read(each) for each in file.namelist()}
        content |= new or {}
        manifest = json.loads(content["manifest.json"]) | facts
        content["manifest.json"] = json.dumps(manifest)
        with zipfile.ZipFile(tmp_path / "changed", "w") as file:
            for name, each in content.items():
                if each is not None:
                    file.writestr(name, each)
        return tmp_path / "changed"

    return change


@pytest.mark.parametrize(
    ("facts", "match"),
    [
        ({"format": FORMAT + 1}, "newer version of this program"),
        ({"kind": "other"}, "manifest cannot be read"),
        ({"parts": {}}, "names other parts"),
        ({"parts": {"../../evil": {"size": 1, "sha256": ""}}}, "names other parts"),
        ({"parts": {"database.db": {"size": 5, "sha256": "0"}}}, "database.db is not as it was written"),
        ({"format": None}, "manifest cannot be read"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(here, changed, facts, match):
    refused(here, changed(**facts), match)


def with_part(name, content):

    return {name: {"size": len(content), "sha256": sha256(content).hexdigest()}}


@pytest.mark.parametrize(
    ("part", "content", "match", "error"),
    [
        ("config.json", b'{"server": {"port": "x"}}', "settings of the backup are wrong", InvalidRequest),
        ("config.json", b"{", "settings of the backup are wrong", InvalidRequest),
        ("secret", b"short", "no proper secret", InvalidRequest),
        ("database.db", b"", "is damaged", StorageUnavailable),
        ("database.db", b"no database" * 1000, "is damaged", StorageUnavailable),
    ],
)
def test_parts_that_are_not_good_are_refused(here, changed, tmp_path, part, content, match, error):
    with zipfile.ZipFile(tmp_path / "backup") as file:
        parts = json.loads(file.read("manifest.json"))["parts"]
    refused(here, changed({part: content}, parts=parts | with_part(part, content)), match, error)


def test_a_database_of_a_newer_program_is_refused(home, tmp_path):
    home.fill()
    home.use(
        lambda store, accounts: store.write(
            lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num='0999'"))
        )
    )
    with pytest.raises(StorageUnavailable, match="newer version"):
        home.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_backup_with_a_database_of_a_newer_program_is_refused(here, tmp_path, changed):
    with zipfile.ZipFile(tmp_path / "backup") as file:
        file.extract("database.db", tmp_path)
        parts = json.loads(file.read("manifest.json"))["parts"]
    database = sqlite3.connect(tmp_path / "database.db")
    database.execute(f"UPDATE {VERSION_TABLE} SET version_num='0999'")
    database.commit()
    database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    content = (tmp_path / "database.db").read_bytes()
    parts |= with_part("database.db", content)
    refused(here, changed({"database.db": content}, parts=parts), "newer version", StorageUnavailable)


def test_no_file_and_a_folder(here, tmp_path):
    here.fill()
    refused(here, tmp_path / "nothing", "There is no file")
    refused(here, tmp_path, "it is a folder")
    with pytest.raises(InvalidRequest, match="is a folder"):
        here.backup(tmp_path)
    with pytest.raises(StorageUnavailable, match="No such file or directory"):
        here.backup(tmp_path / "no" / "where")
    (tmp_path / "there").write_text("mine")
    with pytest.raises(InvalidRequest, match="already: name another, or say --replace"):
        here.backup(tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
    here.backup(tmp_path / "there", replace=True)
    here.restore(tmp_path / "there")


def test_without_a_database_there_is_nothing_to_back_up(here, tmp_path):
    with pytest.raises(StorageUnavailable, match="There is no database"):
        here.backup(tmp_path / "backup")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []


# -- when something fails in the middle
