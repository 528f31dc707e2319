"""Categories, whose answers are not to be believed. The daemon has to be alive at the end (see the fixture)."""

import pytest
from amutorrent_amule import AMule
from amutorrent_amule.codec import ALWAYS, Packet, encode
from amutorrent_amule.codes import Op, T
from amutorrent_amule.labels import Label
from amutorrent_amule.tags import hash16, marker, text, uint
from lab.ec_replay import answers, replaying, update

from amutorrent import AddEd2kLink, AddOptions, Categories, Conflict, InvalidRequest, Remove, SetCategory
from amutorrent.testing import make_ed2k_file, open_session

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


@pytest.fixture
async def part(session):
    part = session.part(Categories)
    for label in session.client._daemon.labels.all:
        await part.delete_category(label.title)
    return part


def paths(session):
    return {label.title: label.path for label in session.client._daemon.labels.all}


async def test_a_folder_that_cannot_be_is_refused_and_leaves_no_category(session, part):
    """The daemon says FAILED, and has created it all the same, with another folder."""
    with pytest.raises(InvalidRequest) as caught:
        await part.create_category("bad", "/proc/nowhere/x")
    assert caught.value.details["field"] == "path"
    assert paths(session) == {}
    await part.create_category("good", "")
    with pytest.raises(InvalidRequest):
        await part.update_category("good", "/proc/nowhere/x")
    await session.poll()
    assert [(each.name, each.path) for each in session.client._daemon.labels.definitions()] == [("good", "")]


async def test_nonsense_of_a_name(session, part):
    for name in ("", "  "):
        with pytest.raises(InvalidRequest):
            await part.create_category(name, "")
    await part.create_category("ünï ☃", "")
    with pytest.raises(Conflict):
        await part.create_category("ünï ☃", "")
    assert list(paths(session)) == ["ünï ☃"]


async def test_what_we_do_not_know_of_a_category_survives_a_change(session, part, tmp_path):
    """Comment, colour and priority are those of somebody else."""
    from amutorrent_amule.codes import Op
    from amutorrent_amule.labels import Label

    daemon = session.client._daemon
    await daemon.command(Op.CREATE_CATEGORY, Label(0, "theirs", str(tmp_path / "a"), "words", 255, 2).tag())
    await part.update_category("theirs", str(tmp_path / "b"))
    label = daemon.labels.get("theirs")
    assert (label.path, label.comment, label.color, label.priority) == (str(tmp_path / "b"), "words", 255, 2)


async def test_what_was_a_download_follows_a_rename(session, part, tmp_path):
    """The daemon forgets the category of a file that is complete; we do not. Nor does it touch the other fields."""
    from amutorrent_amule.codes import Op
    from amutorrent_amule.labels import Label

    daemon = session.client._daemon
    await daemon.command(Op.CREATE_CATEGORY, Label(0, "old", str(tmp_path), "words", 255, 2).tag())
    await part.create_category("other", "")
    daemon.remembered = {"a" * 32: "old", "b" * 32: "other"}
    await part.rename_category("old", "new ünï")
    assert daemon.remembered == {"a" * 32: "new ünï", "b" * 32: "other"}
    label = daemon.labels.get("new ünï")
    assert (label.path, label.comment, label.color, label.priority) == (str(tmp_path), "words", 255, 2)
    for taken, error in (("other", Conflict), ("Default", InvalidRequest), (" ", InvalidRequest)):
        with pytest.raises(error):
            await part.rename_category("new ünï", taken)
    assert sorted(paths(session)) == ["new ünï", "other"]
    daemon.remembered = {}


async def test_deleting_one_moves_the_numbers_of_others_and_no_download(session, part):
    files = {name: make_ed2k_file(f"in {name}", 1000) for name in ("one", "two", "three")}
    for name, file in files.items():
        await session.part(AddEd2kLink).add_ed2k_links([file.link], AddOptions(category=name, paused=True))
    await part.delete_category("one")
    await session.poll()
    shown = {name: session.items[file.hash].category for name, file in files.items()}
    assert shown == {"one": "Default", "two": "two", "three": "three"}
    await session.part(SetCategory).set_category([files["one"].hash], "three")
    await session.poll()
    assert session.items[files["one"].hash].category == "three"
    await session.part(Remove).remove([file.hash for file in files.values()])


def download(category, *more):
    return uint(T.PARTFILE, 100, uint(T.PARTFILE_CAT, category), *more)


def told(*titles):
    labels = [Label(index, title, f"/{title}").tag() for index, title in enumerate(titles, 1)]
    return encode(Packet(Op.SET_PREFERENCES, (marker(T.PREFS_CATEGORIES, *labels),)), ALWAYS)


async def test_files_and_categories_are_of_one_moment():
    """Somebody else deletes the first category between our questions: the number of the second one is another now."""
    new = (
        text(T.PARTFILE_NAME, "a"),
        hash16(T.PARTFILE_HASH, "1" * 32),
        uint(T.PARTFILE_SIZE_FULL, 1000),
        uint(T.PARTFILE_STATUS, 0),
    )
    updates = [update([download(2, *new)]), *[update([uint(T.PARTFILE, 100)])] * 2, update([download(1)])]
    labels = [*[told("one", "two")] * 2, told("two")]
    replay = answers(0)
    replay[Op.GET_UPDATE] = lambda number: updates[min(number, 3)]
    replay[Op.GET_PREFERENCES] = lambda number: labels[min(number, 2)]
    with replaying() as port_of:
        settings = AMule.Settings(host="127.0.0.1", port=port_of(replay), password="secret")
        async with open_session(AMule, settings) as session:
            await session.poll()
            assert session.items["1" * 32].category == "two"
            await session.poll()
            assert session.items["1" * 32].category == "two"
