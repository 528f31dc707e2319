"""The checks before a delete or a move, over real folders: every reason, and no effect."""

import os
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from operations.holders import ITEMS, KINDS, config, item

import amutorrent as am
from amutorrent.accounts import User
from amutorrent.model import ClientCategory
from amutorrent.places import in_container

A, B, C, D = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)
FOREIGN = User(id=7, name="guest", is_admin=False, permissions=frozenset({"remove_downloads", "view_all_downloads"}))


@pytest.fixture
def refusing(monkeypatch):
    """Let folders be read-only, for root as well."""

    @contextmanager
    def refuse(*folders):
        allowed = os.access
        with monkeypatch.context() as patched:
            patched.setattr("os.access", lambda path, mode: str(path) not in map(str, folders) and allowed(path, mode))
            yield

    return refuse


@pytest.fixture
def start(nursery, wire_parts):
    async def start(type, *items):
        ITEMS[0] = list(items)
        return await wire_parts(nursery, KINDS, [config(type)])

    return start


def file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345678")
    return path


def tree(folder):
    return sorted((str(each), each.stat().st_mtime_ns) for each in folder.rglob("*"))


def refs(*hashes):
    return [{"fileHash": hash} for hash in hashes]


async def test_delete_finds_what_speaks_against_it(start, tmp_path, refusing):
    (tmp_path / "link").symlink_to(file(tmp_path / "real"))
    locked = file(tmp_path / "locked" / "x").parent
    rig = await start(
        "holder",
        item(A, file(tmp_path / "file")),
        item(B, tmp_path / "gone"),
        item(C, None),
        item(D, locked),
        item("e" * 40, locked / "x"),
        item("f" * 40, tmp_path / "link"),
        item("9" * 40, f"{tmp_path}/file/below"),
        item("8" * 40, f"{tmp_path}/../x"),
    )
    before = tree(tmp_path)
    with refusing(locked):
        reply = await rig.call(
            "checkDeletePermissions", items=refs(A, B, C, D, "e" * 40, "f" * 40, "9" * 40, "8" * 40, "0" * 40)
        )
    assert [(each.can_delete, each.reason) for each in reply.results] == [
        (True, "ok"),
        (False, "not_visible"),
        (False, "no_path"),
        (False, "no_permission"),
        (False, "no_permission"),
        (False, "error"),
        (False, "not_visible"),
        (False, "error"),
        (False, "not_found"),
    ]
    assert reply.results[0].path == str(tmp_path / "file")
    assert "symbolic link" in reply.results[5].message
    assert tree(tmp_path) == before


async def test_delete_is_managed_where_the_client_does_it(start, tmp_path):
    rig = await start("native", item(A, "/nowhere/x"))
    (result,) = (await rig.call("checkDeletePermissions", items=refs(A))).results
    assert (result.can_delete, result.reason, result.path) == (True, "managed", None)


async def test_only_partial_data_is_managed_by_a_client_that_cancels(start, tmp_path):
    rig = await start("mule", item(A, None, complete=False), item(B, tmp_path / "gone"))
    reply = await rig.call("checkDeletePermissions", items=refs(A, B))
    assert [each.reason for each in reply.results] == ["managed", "not_visible"]


async def test_paths_are_those_of_this_machine(start, tmp_path):
    file(tmp_path / "mapped" / "x")
    rig = await start("mover", item(A, "/tv/x"))
    rig.catalogue.categories.merge([ClientCategory(name="tv", path="/tv")])
    categories = rig.catalogue.categories
    categories._put(replace(categories.get("tv"), path_mappings={"mover": str(tmp_path / "mapped")}))
    (result,) = (await rig.call("checkDeletePermissions", items=refs(A))).results
    assert (result.reason, result.path) == ("ok", str(tmp_path / "mapped" / "x"))
    reply = await rig.call("checkMovePermissions", items=refs(A), categoryName="tv")
    assert [(each.reason, each.source_path) for each in reply.results] == [("same_path", str(tmp_path / "mapped/x"))]
    assert (reply.can_move, reply.dest_path) == (True, "/tv")
    reply = await rig.call("checkMoveToPermissions", items=refs(A), destPath="/tv/new")
    assert (reply.results[0].reason, reply.dest_path) == ("ok", "/tv/new")
    assert reply.results[0].target_path == str(tmp_path / "mapped" / "new")
    assert not (tmp_path / "mapped" / "new").exists()


async def test_what_belongs_to_others_is_not_there(start, tmp_path):
    rig = await start("holder", item(A, file(tmp_path / "file")))
    reply = await rig.call("checkDeletePermissions", user=FOREIGN, items=refs(A))
    assert [each.reason for each in reply.results] == ["not_found"]


async def test_an_empty_list_is_a_good_one(start):
    rig = await start("holder")
    for action, more in (
        ("checkDeletePermissions", {}),
        ("checkMovePermissions", {"categoryName": "Default"}),
        ("checkMoveToPermissions", {"destPath": "/x"}),
    ):
        reply = await rig.call(action, items=[], **more)
        assert reply.results == []
        assert reply.is_docker is in_container()
        assert getattr(reply, "can_move", False) is False


async def move_to(rig, *hashes, path):
    reply = await rig.call("checkMoveToPermissions", items=refs(*hashes), destPath=str(path))
    return [each.reason for each in reply.results], reply


async def test_a_move_finds_what_speaks_against_it(start, tmp_path, refusing):
    rig = await start(
        "mover",
        item(A, file(tmp_path / "old" / "x")),
        item(B, tmp_path / "gone"),
        item(C, None),
        item(D, file(tmp_path / "part"), complete=False),
    )
    before = tree(tmp_path)
    reasons, reply = await move_to(rig, A, B, C, D, "0" * 40, path=tmp_path / "new" / "deep")
    assert reasons == ["ok", "source_error", "no_path", "unsupported", "not_found"]
    assert (reply.can_move, reply.dest_error) == (True, None)
    assert reply.results[0].source_path == str(tmp_path / "old" / "x")
    assert (await move_to(rig, A, path=tmp_path / "old"))[0] == ["same_path"]
    reasons, reply = await move_to(rig, A, path=tmp_path / "part" / "below")
    assert (reasons, reply.can_move) == (["dest_error"], False)
    assert reply.dest_error == f"{tmp_path}/part is no folder"
    locked = tmp_path / "locked"
    locked.mkdir()
    with refusing(locked):
        assert (await move_to(rig, A, path=locked / "new"))[0] == ["dest_error"]
    with refusing(tmp_path / "old"):
        assert (await move_to(rig, A, path=tmp_path / "new"))[0] == ["source_error"]
    locked.rmdir()
    assert tree(tmp_path) == before


async def test_a_client_that_moves_itself_is_believed(start):
    rig = await start("native", item(A, "/client/x"), item(B, "/client/y", complete=False))
    reasons, reply = await move_to(rig, A, B, path="/elsewhere")
    assert (reasons, reply.can_move) == (["ok", "ok"], True)
    assert (await move_to(rig, A, path="/client"))[0] == ["same_path"]


async def test_a_client_that_cannot_move(start, tmp_path):
    rig = await start("holder", item(A, file(tmp_path / "x")))
    reasons, reply = await move_to(rig, A, path="/elsewhere")
    assert (reasons, reply.can_move) == (["unsupported"], False)


async def test_an_unknown_category_is_no_error(start, tmp_path):
    rig = await start("mover", item(A, file(tmp_path / "x")))
    reply = await rig.call("checkMovePermissions", items=refs(A), categoryName="nope")
    assert (reply.can_move, reply.dest_error) == (False, "There is no category 'nope'")
    assert [each.reason for each in reply.results] == ["no_dest_path"]
    assert rig.catalogue.categories.get("nope") is None


async def test_a_category_without_a_path_lies_where_the_client_puts_things(start, tmp_path, monkeypatch):
    monkeypatch.setattr(KINDS["mover"], "default_path", str(tmp_path))
    rig = await start("mover", item(A, file(tmp_path / "x")), item(B, file(tmp_path / "y" / "z")))
    rig.catalogue.categories.ensure("tv")
    reply = await rig.call("checkMovePermissions", items=refs(A, B), categoryName="tv")
    assert [each.reason for each in reply.results] == ["same_path", "ok"]
    monkeypatch.setattr(KINDS["mover"], "default_path", None)
    rig.catalogue.sources["mover"].default_path = None
    reply = await rig.call("checkMovePermissions", items=refs(A), categoryName="tv")
    assert [each.reason for each in reply.results] == ["no_dest_path"]
    assert "names a folder" in reply.dest_error


async def test_a_client_is_asked_whether_it_could_use_the_folder(start, tmp_path, monkeypatch):
    refusal = am.InvalidRequest("It does not share this folder", field="destPath")
    monkeypatch.setattr(KINDS["hosted"], "script", {"check": [refusal, None]})
    rig = await start("hosted", item(A, file(tmp_path / "x")), item(B, file(tmp_path / "y")))
    reasons, reply = await move_to(rig, A, path=tmp_path / "new")
    assert (reasons, reply.can_move) == (["dest_error"], False)
    assert reply.dest_error == "It does not share this folder"
    assert (await move_to(rig, A, B, path=tmp_path / "new"))[0] == ["ok", "ok"]
    assert len(KINDS["hosted"].script["asked"]) <= 3
