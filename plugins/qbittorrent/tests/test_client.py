"""The whole plugin against a real qbittorrent-nox."""

import socket
from functools import partial

import pytest
import trio
from amutorrent_qbittorrent.failures import Refusal
from lab.qbittorrent import daemon as run_daemon

import amutorrent as am

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

GONE = "c" * 40


async def add(watched, file: am.Metafile, **options) -> str:
    await watched.part(am.AddTorrentFile).add_torrent_file(file, am.AddOptions(**{"paused": True, **options}))
    await watched.until(lambda: file.hash in watched.items and watched.items[file.hash].status != "checking")
    return file.hash


def codes(outcome) -> dict[str, str | None]:
    return {hash: error and error.code for hash, error in outcome.items()}


async def test_probe_and_capabilities(watched):
    assert (await watched.client.probe()) == am.Probe(version="4.5.2")
    assert set(am.capabilities_of(*watched.client.parts)) == {
        "addMagnet",
        "addTorrentFile",
        "apiDeletesFiles",
        "categories",
        "customSavePath",
        "filePriority",
        "files",
        "logs",
        "moveActiveDownloads",
        "moveData",
        "nativeMove",
        "peers",
        "pieceMap",
        "reannounce",
        "recheck",
        "remove",
        "removeWithFiles",
        "rename",
        "setCategory",
        "speedLimits",
        "stop",
        "tags",
        "trackers",
    }


async def test_the_first_poll_is_full_and_the_next_one_empty(watched, daemon):
    first = watched.seen[0]
    assert first.full
    assert (first.default_path, first.categories is not None) == (str(daemon.downloads), True)
    assert first.free_space
    assert first.totals.session is None
    assert first.network_status.status in ("yellow", "green")
    assert first.network_status.listen_port
    assert first.speed_limits == am.Limits(download=0, upload=0, alternative=False)
    second = await watched.poll()
    assert (second.full, list(second.items), second.categories, second.default_path) == (False, [], None, None)


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


async def test_stop_and_resume(watched, torrent):
    hash = await add(watched, torrent("stop", {"": 40_000}))
    stop = watched.part(am.Stop)
    assert codes(await stop.resume([hash, GONE])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].status == "active")
    assert codes(await stop.stop([GONE, hash])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].status == "stopped")
    assert codes(await stop.stop([hash])) == {hash: None}
    assert codes(await stop.stop([GONE])) == {GONE: "item_not_found"}


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


async def test_renaming(watched, torrent):
    hash = await add(watched, torrent("before", {"": 1}))
    await watched.part(am.Rename).rename(hash, "After \U0001f31e")
    await watched.until(lambda: watched.items[hash].name == "After \U0001f31e")
    with pytest.raises(am.NotFound):
        await watched.part(am.Rename).rename(GONE, "x")


async def test_moving(watched, daemon, torrent):
    hash = await add(watched, torrent("move", {"": 100_000}, into=daemon.downloads), paused=False)
    await watched.until(lambda: watched.items[hash].complete)
    target, move = daemon.downloads / "moved" / "here", watched.part(am.MoveData)
    assert codes(await move.move([hash, GONE], str(target))) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].directory == str(target) and watched.items[hash].complete)
    assert (target / "move").stat().st_size == 100_000
    assert not (daemon.downloads / "move").exists()
    with pytest.raises(am.ClientFailed, match="cannot move"):
        await move.move([hash], "/proc/nowhere")


async def test_recheck_and_reannounce(watched, daemon, torrent):
    hash = await add(watched, torrent("check", {"": 300_000}, into=daemon.downloads), paused=False)
    await watched.until(lambda: watched.items[hash].complete)
    (daemon.downloads / "check").write_bytes(bytes(300_000))
    assert codes(await watched.part(am.Recheck).recheck([hash, GONE])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: not watched.items[hash].complete and watched.items[hash].status == "active")
    assert watched.items[hash].progress == 0.0
    assert codes(await watched.part(am.Reannounce).reannounce([hash, GONE])) == {hash: None, GONE: "item_not_found"}


async def test_file_priorities(watched, torrent):
    hash = await add(watched, torrent("choose", {"a": 20_000, "b": 30_000}))
    part = watched.part(am.FilePriority)
    await part.set_file_priority(hash, [0], 0)
    await part.set_file_priority(hash, [1], 2)
    assert [one.priority for one in await watched.part(am.Files).files(hash)] == [0, 2]
    with pytest.raises(am.InvalidRequest):
        await part.set_file_priority(hash, [7], 1)
    with pytest.raises(am.NotFound):
        await part.set_file_priority(GONE, [0], 1)


@pytest.mark.parametrize("kind", [am.Files, am.Trackers, am.Peers, am.PieceMap])
async def test_details_of_a_torrent_that_is_not_there(watched, kind):
    part = watched.part(kind)
    ask = {am.Files: "files", am.Trackers: "trackers", am.Peers: "peers", am.PieceMap: "pieces"}[kind]
    with pytest.raises(am.NotFound) as caught:
        await getattr(part, ask)(GONE)
    assert caught.value.code == "item_not_found"


async def test_limits_both_ordinary_ones_also_while_the_alternative_ones_are_in_force(watched):
    part = watched.part(am.SpeedLimits)
    assert await part.set_speed_limits(download=1_500_000) == am.Limits(download=1_499_136, upload=0, alternative=False)
    assert (await part.set_speed_limits(alternative=True)).alternative
    now = await part.set_speed_limits(upload=1, alternative=True)
    assert now == am.Limits(download=1_499_136, upload=1024, alternative=True)
    await watched.until(lambda: watched.seen[-1].speed_limits == now)
    none = await part.set_speed_limits(download=0, upload=0, alternative=False)
    assert none == am.Limits(download=0, upload=0, alternative=False)
    await watched.until(lambda: watched.seen[-1].speed_limits == none)


async def test_the_log(watched):
    lines = await watched.part(am.Logs).log_lines()
    assert any(line.endswith(": qBittorrent v4.5.2 started") for line in lines)
    assert list(await watched.part(am.Logs).log_lines())[: len(lines)] == list(lines)


async def test_removing_with_and_without_data(watched, daemon, torrent):
    kept = await add(watched, torrent("kept", {"": 5000}, into=daemon.downloads))
    lost = await add(watched, torrent("lost", {"a": 5000, "b": 5000}, into=daemon.downloads))
    (daemon.downloads / "lost" / "not of the torrent").write_text("mine")
    assert codes(await watched.part(am.Remove).remove([kept, GONE])) == {kept: None, GONE: "item_not_found"}
    assert codes(await watched.part(am.RemoveWithFiles).remove_with_files([lost])) == {lost: None}
    await watched.until(lambda: not {kept, lost} & set(watched.items))
    assert (daemon.downloads / "kept").exists()
    await watched.until(lambda: not (daemon.downloads / "lost" / "a").exists())
    assert [path.name for path in (daemon.downloads / "lost").iterdir()] == ["not of the torrent"]


async def test_a_session_that_was_lost_is_opened_anew_and_starts_with_a_full_answer(watched, torrent):
    hash = await add(watched, torrent("session", {"": 1}))
    transport = watched.client._daemon.transport
    await transport.post("auth/logout", {})
    changes = await watched.poll()
    assert changes.full
    assert hash in watched.items
    assert transport.sessions == 2


async def test_a_lost_answer_is_made_good_by_asking_from_the_same_place(watched, torrent):
    await watched.client._daemon.transport.get("sync/maindata", rid=watched.client._mirror.rid)  # an answer nobody saw
    hash = await add(watched, torrent("lost answer", {"": 1}))
    assert not any(changes.full for changes in watched.seen[1:])
    assert hash in watched.items


async def test_a_wrong_password_is_one_attempt(daemon, opened, watched):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="user name or password")):
        async with opened(daemon.port, password="wrong"):
            pass
    lines = await watched.part(am.Logs).log_lines()
    assert len([line for line in lines if "WebAPI login failure" in line]) == 1


async def test_an_api_key_is_unknown_to_this_version(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="older than 5.2")):
        async with opened(daemon.port, api_key="qbt_0123456789012345678901234567"):
            pass


async def test_no_user_name_where_one_is_wanted(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="no user name")):
        async with opened(daemon.port, username=""):
            pass


async def test_a_daemon_that_lets_us_in_without_a_login(tmp_path, opened):
    with run_daemon(tmp_path, ask_password=False) as free:
        async with opened(free.port, username="") as client:
            assert (await client.poll()).full
            assert not (await client.poll()).full
            assert client._daemon.transport.sessions == 0


async def test_https_to_a_daemon_that_speaks_none(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.ProtocolError, match="speaks no HTTPS")):
        async with opened(daemon.port, use_ssl=True):
            pass


async def test_a_path_that_is_not_its_own(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.ProtocolError, match="host, port and path")):
        async with opened(daemon.port, path="/elsewhere"):
            pass


async def test_nobody_listens(opened):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.RaisesGroup(pytest.RaisesExc(am.Unreachable, match="Nothing listens")):
            async with opened(free.getsockname()[1]):
                pass


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"220 mail.example.org ESMTP\r\n\r\n", am.ProtocolError),
        (b"", am.Unreachable),
        (b"\xff" * 64 + b"\r\n\r\n", am.ProtocolError),
    ],
)
async def test_a_port_of_something_else(greeting, error, opened, nursery):
    async def answer(stream: trio.SocketStream) -> None:
        await stream.receive_some(65536)
        await stream.send_all(greeting)
        await stream.aclose()

    (listener,) = await nursery.start(partial(trio.serve_tcp, answer, 0, host="127.0.0.1"))
    with pytest.RaisesGroup(error):
        async with opened(listener.socket.getsockname()[1]):
            pass


async def test_refusals_carry_the_daemons_own_words(watched):
    with pytest.raises(Refusal, match="Save path cannot be empty"):
        await watched.client._daemon.call("torrents/setLocation", {"hashes": GONE, "location": ""})


async def test_complete_comes_only_when_the_data_lies_in_its_final_place(watched, tmp_path, torrent, opened):
    """With a folder for unfinished downloads progress reaches 1 before the data is moved."""
    call = watched.client._daemon.call
    unfinished = tmp_path / "unfinished"
    await call("app/setPreferences", {"json": f'{{"temp_path_enabled":true,"temp_path":"{unfinished}"}}'})
    with run_daemon(tmp_path / "seeder") as other:
        file = torrent("transfer", {"a": 9_000_000, "b": 50_000}, into=other.downloads)
        async with opened(other.port, username=other.username, password=other.password) as seeder:
            await add(type(watched)(seeder), file, paused=False)
            port = (await seeder.poll()).network_status.listen_port
            hash = await add(watched, file, paused=False)
            await call("torrents/addPeers", {"hashes": hash, "peers": f"{other.address}:{port}"})
            await watched.until(lambda: watched.items[hash].complete, within_s=40)
            item = watched.items[hash]
            await call("app/setPreferences", {"json": '{"temp_path_enabled":false}'})
            assert not str(item.path).startswith(str(unfinished))
            assert item.directory == item.path
            assert all(
                not str(one.path).startswith(str(unfinished))
                for changes in watched.seen
                for one in changes.items
                if one.hash == hash and one.complete
            )
            assert trio.Path(item.path) / "a"
            assert (await (trio.Path(item.path) / "a").stat()).st_size == 9_000_000
