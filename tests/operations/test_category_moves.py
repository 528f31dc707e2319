"""Files follow their category into its folder, if that is asked for or the client goes by the folder."""

from msgspec.structs import replace
from operations.holders import ITEMS, KINDS, Hosted, item
from operations.moves import BYTES, A, B, ended, file, files, shown, until

import amutorrent as am
from amutorrent.model import ClientCategory


def define(rig, name, path):
    rig.catalogue.categories.merge([ClientCategory(name=name, path=str(path))])


async def categorise(rig, *hashes, name, move=True):
    items = [{"fileHash": hash} for hash in hashes]
    return await rig.call("batchSetFileCategory", items=items, categoryName=name, moveFiles=move)


async def test_files_follow_their_category(start, tmp_path):
    async with start("hosted", item(A, file(tmp_path / "old" / "x")), item(B, file(tmp_path / "tv" / "y"))) as rig:
        define(rig, "tv", tmp_path / "tv")
        await categorise(rig, A, name="tv", move=False)
        assert files(tmp_path) == {"old/x": BYTES, "tv/y": BYTES}
        reply = await categorise(rig, A, B, name="tv")
        assert [each.success for each in reply.results] == [True, True]
        await ended(rig)
        await until(lambda: shown(rig).category == "tv")
        assert files(tmp_path) == {"tv/x": BYTES, "tv/y": BYTES}


async def test_the_folder_of_a_category_may_be_elsewhere_for_us(start, tmp_path, script):
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        define(rig, "tv", "/client/tv")
        categories = rig.catalogue.categories
        mapped = replace(categories.get("tv"), path_mappings={"hosted": str(tmp_path / "mapped")})
        categories._put(mapped)
        await categorise(rig, A, name="tv")
        await ended(rig)
        assert files(tmp_path) == {"mapped/x": BYTES}
        assert script["asked"][-1] == ("settle", "/client/tv")


async def test_shared_files_are_in_a_category_by_lying_in_its_folder(start, tmp_path):
    part = item(B, file(tmp_path / "part"), complete=False, shared=False)
    async with start("shares", item(A, file(tmp_path / "old" / "x")), part) as rig:
        define(rig, "tv", tmp_path / "tv")
        reply = await categorise(rig, A, B, name="tv", move=False)
        assert [each.success for each in reply.results] == [True, True]
        await ended(rig)
        assert files(tmp_path) == {"tv/x": BYTES, "part": BYTES}
        assert [each.category for each in ITEMS[0]] == ["Default", "tv"]


async def test_shared_files_cannot_be_in_a_category_without_a_folder(start, tmp_path, monkeypatch):
    async def refuse(self, hashes, category):
        return dict.fromkeys(hashes, am.ClientFailed("It goes by the folder"))

    monkeypatch.setattr(KINDS["shares"], "set_category", refuse)
    async with start("shares", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await categorise(rig, A, name="nowhere")
        assert [each.error for each in reply.results] == ["It goes by the folder"]
        assert (files(tmp_path), rig.heard) == ({"old/x": BYTES}, [])


async def test_a_category_that_names_no_folder(start, tmp_path, monkeypatch):
    monkeypatch.setattr(Hosted, "default_path", None)
    async with start("hosted", item(A, file(tmp_path / "old" / "x"))) as rig:
        reply = await categorise(rig, A, name="new")
        assert [each.code for each in reply.results] == ["validation_error"]
        assert files(tmp_path) == {"old/x": BYTES}
