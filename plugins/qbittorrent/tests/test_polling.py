"""The first poll is full and the next ones tell changes alone, also after a lost session or a lost answer."""

import pytest
import trio
from lab.qbittorrent import daemon as run_daemon

import amutorrent as am

from .steps import add

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


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
