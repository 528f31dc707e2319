"""A torrent file or a magnet link is added with its folder and its category, or refused with the reason."""

import pytest

import amutorrent as am

from .steps import add, codes

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_a_paused_single_file(watched, daemon, torrent):
    file = torrent("Grüße \U0001f31e.bin", {"": 50_000}, tracker="http://tracker.example.org:9/announce")
    item = watched.items[await add(watched, file)]
    assert (item.name, item.status, item.complete, item.size) == (file.name, "stopped", False, 50_000)
    assert (item.progress, item.multi_file, item.directory) == (0.0, False, str(daemon.downloads))
    assert item.path == str(daemon.downloads / file.name)
    assert (item.trackers, item.tracker) == (("http://tracker.example.org:9/announce",), "example.org")
    assert item.magnet_link.startswith(f"magnet:?xt=urn:btih:{file.hash}")
    assert (item.category, item.tags, item.added_at is not None) == ("Default", (), True)
    with pytest.raises(am.Conflict):
        await watched.part(am.AddTorrentFile).add_torrent_file(file, am.AddOptions())


async def test_data_that_is_there_is_checked_and_then_complete(watched, daemon, torrent):
    file = torrent("folder", {"a.bin": 400_000, "sub/b.bin": 100_000}, into=daemon.downloads)
    hash = await add(watched, file, paused=False)
    await watched.until(lambda: watched.items[hash].complete)
    item = watched.items[hash]
    assert (item.status, item.progress, item.size_downloaded) == ("seeding", 100.0, 500_000)
    assert (item.multi_file, item.directory, item.path) == (True, *[str(daemon.downloads / "folder")] * 2)
    told = [one for changes in watched.seen for one in changes.items if one.hash == hash]
    assert all(one.status == "seeding" for one in told if one.complete), "complete while it was being checked"
    detail = watched.part(am.Files)
    assert [(one.path, one.size, one.progress) for one in await detail.files(hash)] == [
        ("a.bin", 400_000, 100.0),
        ("sub/b.bin", 100_000, 100.0),
    ]
    assert (await detail.pieces(hash)).states == ((2, 31),)
    assert await watched.part(am.Trackers).trackers(hash) == []
    assert await watched.part(am.Peers).peers(hash) == []
    raw = await watched.client.raw(hash)
    assert (raw["hash"], raw["piece_size"], raw["save_path"]) == (hash, 16384, str(daemon.downloads))


async def test_magnets_are_answered_one_by_one(watched):
    known, fresh, v2 = "1" * 40, "2" * 40, "3" * 64
    adding, options = watched.part(am.AddMagnet), am.AddOptions(paused=True, category="Neu & ungewohnt")
    parse = am.Magnet.parse
    assert codes(await adding.add_magnets([parse(f"magnet:?xt=urn:btih:{known}&dn=A%20name")], options)) == {
        known: None
    }
    both = [parse(f"magnet:?xt=urn:btih:{hash}") for hash in (known, fresh)]
    both.append(parse(f"magnet:?xt=urn:btmh:1220{v2}"))
    outcome = await adding.add_magnets(both, options)
    assert codes(outcome) == {known: "already_exists", fresh: None, v2[:40]: None}
    await watched.until(lambda: {known, fresh, v2[:40]} <= set(watched.items))
    assert (watched.items[known].name, watched.items[known].category) == ("A name", "Neu & ungewohnt")
    assert watched.items[fresh].name_resolving
    assert await watched.part(am.PieceMap).pieces(known) is None
    assert await watched.part(am.Files).files(known) == []


async def test_a_torrent_file_that_the_daemon_cannot_read(watched):
    bad = am.Metafile(data=b"d4:spam4:eggse", hash="d" * 40, name="x", size=1, files=())
    with pytest.raises(am.AmutorrentError):
        await watched.part(am.AddTorrentFile).add_torrent_file(bad, am.AddOptions())


async def test_a_hybrid_torrent_is_known_by_its_v1_hash_in_every_call(watched, hybrid):
    file = hybrid("hybrid.bin")
    hash = await add(watched, file)
    with pytest.raises(am.Conflict):
        await watched.part(am.AddTorrentFile).add_torrent_file(file, am.AddOptions())
    await watched.part(am.Rename).rename(hash, "renamed")
    await watched.until(lambda: watched.items[hash].name == "renamed")
    assert len(await watched.part(am.Files).files(hash)) == 1
    assert codes(await watched.part(am.Remove).remove([hash])) == {hash: None}
    await watched.until(lambda: hash not in watched.items)


async def test_paths_on_adding(watched, daemon, torrent):
    definitions = watched.part(am.Categories)
    await definitions.create_category("films", str(daemon.downloads / "films"))
    by_category = await add(watched, torrent("by category", {"": 1}), category="films")
    by_path = await add(
        watched, torrent("by path", {"": 1}), category="films", save_path=str(daemon.downloads / "elsewhere")
    )
    assert watched.items[by_category].directory == str(daemon.downloads / "films")
    assert watched.items[by_path].directory == str(daemon.downloads / "elsewhere")
    assert {watched.items[hash].category for hash in (by_category, by_path)} == {"films"}
