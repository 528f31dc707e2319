"""What makes no sense, is of an unknown format or of another program is named and left, and the rest is taken."""

import pytest
from legacy.old import download, user

from amutorrent.datadir import DataDirectory
from amutorrent.errors import InvalidRequest, StartError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"hash": "xyz"}, "its hash is none"),
        ({"status": "eaten"}, "its status is none that is known"),
        ({"started_at": "yesterday"}, "'yesterday' is no time"),
        ({"started_at": ""}, "it does not say when it began"),
        ({"size": "big"}, "Expected `int`, got `str` - at `$.size`"),
        ({"filename": b"\xff\xfe"}, "Expected `str`, got `bytes` - at `$.filename`"),
        ({"completed_at": "9999999"}, "'9999999' is no time"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_and_the_others_are_taken(here, old, facts, why):
    old.add("history.db", "download_history", {**download("ab" * 20, "qb"), **facts}, download("ac" * 20, "qb"))
    report = here.take(old)["history.db"]
    assert report.skipped == [f"download_history, row 5: {why}"]
    assert report.taken == 5


def test_users_that_cannot_sign_in_are_named(here, old):
    old.add(
        "users.db",
        "users",
        user(4, "no good name!"),
        user(5, "plain", password_hash="in clear"),
        user(6, "days", password_hash="$2b$31$" + "a" * 53, api_key="short"),
    )
    report = here.take(old)["users.db"]
    assert "users, row 4: A user name has 1 to 64 letters, digits and . _ @ + -" in report.skipped
    assert "plain: the password is kept in no form that is known; give a new one" in report.notes
    assert "days: the password is kept in no form that is known; give a new one" in report.notes
    assert "days: the API key is too short to be taken over" in report.notes


@pytest.mark.parametrize(("name", "newest"), [("users.db", 1), ("history.db", 4), ("metrics.db", 7)])
def test_a_newer_format_is_left_and_an_older_one_tried(here, old, name, newest):
    old.version(name, newest + 1)
    report = here.take(old)
    assert report[name].skipped == [f"all of it: its format is {newest + 1}, and only {newest} is known"]
    assert report[name].taken == 0
    old.version(name, newest - 1)
    report = here.take(old)
    assert "start version 3.8.8 once" in report[name].notes[0]
    assert report[name].taken > 0


def test_a_folder_of_something_else_and_a_daemon_that_runs(here, old, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    before = here.files()
    with pytest.raises(InvalidRequest, match="holds no file of the program before this one"):
        here.take(type("Folder", (), {"path": tmp_path / "other"}))
    with DataDirectory(here.path).lock(), pytest.raises(StartError, match="in use by another daemon"):
        here.take(old)
    assert here.files() == before
