"""Categories keep their folders however they are made, changed or renamed, and torrents take them and tags."""

import pytest

import amutorrent as am

from .steps import GONE, add, codes

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_category_definitions(watched):
    definitions = watched.part(am.Categories)
    await definitions.create_category("tv", "")
    with pytest.raises(am.Conflict):
        await definitions.create_category("tv", "/x")
    with pytest.raises(am.InvalidRequest):
        await definitions.create_category("a//b", "")
    for _ in range(2):
        await definitions.update_category("tv", "/srv/tv")
    await watched.until(lambda: am.ClientCategory(name="tv", path="/srv/tv") in (watched.seen[-1].categories or ()))
    with pytest.raises(am.NotFound):
        await definitions.update_category("no such", "/srv")
    for _ in range(2):
        await definitions.delete_category("tv")
    await watched.until(
        lambda: (told := watched.seen[-1].categories) is not None and "tv" not in [one.name for one in told]
    )


async def test_a_category_is_renamed_with_all_that_it_has(watched, daemon, hybrid):
    definitions, folder = watched.part(am.Categories), str(daemon.downloads / "shows")
    daemon.tell(
        "torrents/createCategory", category="old", savePath=folder, downloadPathEnabled="true", downloadPath="/srv/part"
    )
    hash = await add(watched, hybrid("labelled.bin"), category="old")
    await definitions.rename_category("old", "neu & ungewohnt")
    await watched.until(lambda: watched.items[hash].category == "neu & ungewohnt")
    held = daemon.ask("torrents/categories")
    assert "old" not in held
    assert held["neu & ungewohnt"]["savePath"] == folder
    assert held["neu & ungewohnt"]["download_path"] == "/srv/part"
    assert watched.items[hash].directory == folder
    await definitions.delete_category("neu & ungewohnt")


async def test_a_folder_that_is_not_absolute_lies_in_the_default_one(watched, daemon):
    daemon.tell("torrents/createCategory", category="inner", savePath="sub/dir")
    await watched.until(
        lambda: any(
            each == am.ClientCategory(name="inner", path=f"{daemon.downloads}/sub/dir")
            for each in watched.seen[-1].categories or ()
        )
    )
    await watched.part(am.Categories).delete_category("inner")


async def test_category_and_tags_of_a_torrent(watched, torrent):
    hash = await add(watched, torrent("labels", {"": 1}))
    assign, tags = watched.part(am.SetCategory), watched.part(am.Tags)
    assert codes(await assign.set_category([hash, GONE], "not there yet")) == {hash: None, GONE: "item_not_found"}
    assert codes(await tags.change_tags([hash, GONE], ["one", "two words"], [])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].category == "not there yet" and len(watched.items[hash].tags) == 2)
    await assign.set_category([hash], None)
    await tags.change_tags([hash], ["three"], ["one"])
    await watched.until(
        lambda: watched.items[hash].category == "Default" and set(watched.items[hash].tags) == {"two words", "three"}
    )
    with pytest.raises(am.InvalidRequest):
        await assign.set_category([hash], "a//b")
