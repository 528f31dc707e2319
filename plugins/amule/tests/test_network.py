"""Two real amuleds and a server on loopback: search, transfer, what others say, and complete only when it is."""

import hashlib

import pytest
import trio
from amutorrent_amule import AMule
from lab.ed2k import Stalled

from amutorrent import (
    AddEd2kLink,
    AddOptions,
    Conflict,
    FileRatingComment,
    Peers,
    PieceMap,
    RefreshShared,
    Search,
    SegmentData,
    ServerInfo,
    Servers,
)
from amutorrent.testing import make_ed2k_file, open_session

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
PROGRESS_WITHIN_S = 45


async def share(session, network, *files):
    """Let the sharing peer have files, and the server know of them."""
    for file in files:
        file.write(network.sharer.incoming)
        network.server.list(file.hash, file.name, file.size, network.sharer.nick)
    await session.part(RefreshShared).refresh_shared()
    await session.until(lambda: {file.hash for file in files} <= session.items.keys())


async def search(session, query, kind):
    """Search to the end; gives all rows, and every progress on the way."""
    part, seen = session.part(Search), []
    await part.start_search(query, kind)
    with trio.fail_after(30):
        while not seen or seen[-1].running:
            seen.append(await part.search_progress())
            await trio.sleep(0.05)
    return seen[-1].results, seen


async def complete(session, hash, watch=None):
    """Wait until a download is complete. Raises `Stalled` when nothing moves for long."""
    done, since = -1, trio.current_time()
    while not (item := session.items[hash]).complete:
        await session.poll()
        if item.size_downloaded != done:
            done, since = item.size_downloaded, trio.current_time()
        if trio.current_time() - since > PROGRESS_WITHIN_S:
            raise Stalled(item)
        if watch:
            await watch(item)
        await trio.sleep(0.1)
    return session.items[hash]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_search_download_rate_and_complete(play):
    await play(searched_downloaded_rated_and_complete)


async def searched_downloaded_rated_and_complete(network, settings_of, join):
    film, other = make_ed2k_file("film alpha ü.avi", 800_000), make_ed2k_file("song beta.mp3", 200_000)
    async with (
        open_session(AMule, settings_of(network.sharer)) as sharer,
        open_session(AMule, settings_of(network.downloader)) as downloader,
    ):
        await sharer.poll()
        await downloader.poll()
        await share(sharer, network, film)
        network.server.list(other.hash, other.name, other.size, "nobody who is here")
        await join(sharer, network.server)
        await join(downloader, network.server)
        assert sharer.last.network_status["ed2k"].text == "Low ID"
        assert downloader.last.network_status["ed2k"].text == "High ID"
        assert [each.connected for each in await downloader.part(Servers).servers()] == [True]
        assert "Welcome to the test network" in await downloader.part(ServerInfo).server_info()
        await sharer.part(FileRatingComment).set_rating_comment(film.hash, 4, "sehr gut, ☃")

        for kind in ("local", "global"):
            rows, seen = await search(downloader, "film OR song", kind)
            assert {row.file_hash for row in rows} == {film.hash, other.hash}
            assert all(each.percent is None or 0 <= each.percent <= 100 for each in seen)
        rows, _ = await search(downloader, "film NOT song", "local")
        (row,) = rows
        assert (row.file_name, row.file_size, row.status, row.source_count) == (film.name, film.size, "new", 1)
        assert (await search(downloader, "nothing like it", "local"))[0] == ()

        # a row of an earlier search, which the daemon has forgotten, and one of this search
        part = downloader.part(Search)
        outcome = await part.download_results([row], AddOptions(category="films"))
        assert outcome == {film.hash: None}
        assert isinstance((await part.download_results([row], AddOptions()))[film.hash], Conflict)
        rows, _ = await search(downloader, "film", "local")
        assert rows[0].status == "downloading"
        outcome = await part.download_results(
            [*(await search(downloader, "song", "local"))[0]], AddOptions(paused=True)
        )
        assert outcome == {other.hash: None}
        await downloader.poll()
        assert downloader.items[film.hash].category == "films"
        assert downloader.items[other.hash].status == "paused"
        talked, beside = [], []

        async def watch(item):
            assert item.path is None
            if item.download_speed:
                peers = await downloader.part(Peers).peers(film.hash)
                comments = await downloader.part(FileRatingComment).comments(film.hash)
                pieces = await downloader.part(PieceMap).pieces(film.hash)
                ranges = await downloader.part(SegmentData).segments()
                uploads = await sharer.part(Peers).uploads(())
                await sharer.poll()
                if peers:  # it may just have come to its end
                    talked.append((peers, comments, pieces, sharer.items[film.hash].upload_speed))
                    beside.append((ranges.get(film.hash), uploads.get(film.hash)))

        item = await complete(downloader, film.hash, watch)
        assert digest(network.downloader.incoming / film.name) == film.digest
        assert item.path == str(network.downloader.incoming / film.name)
        assert (item.status, item.progress, item.shared, item.category) == ("seeding", 100.0, True, "films")
        missing = [each for each, _ in beside if each is not None and each.gap_status]
        assert all(each.gap_status[-1] < film.size for each in missing)
        assert missing
        served = [peers for _, peers in beside if peers]
        assert {(each.role, each.user_name) for peers in served for each in peers} == {("upload", "peer-b")}
        (peer,), comments, pieces, _ = talked[0]
        assert pieces.states == ((1, 1),)
        assert max(speed for *_, speed in talked) > 0
        assert (peer.user_name, peer.role, peer.software) == ("peer-a", "download", "aMule v2.3.3")
        assert [(each.rating, each.comment) for each in comments] == [(4, "sehr gut, ☃")]

        # cleared from the daemon's downloads, and the same item of ours
        for _ in range(3):
            await downloader.poll()
            assert downloader.items[film.hash].complete
            assert film.hash not in downloader.last.removed
        assert downloader.items[film.hash].category == "films"
        assert downloader.items[film.hash].download_priority is None
        states = (await downloader.part(PieceMap).pieces(film.hash)).states
        assert states == ((2, 1),)


async def test_a_link_is_downloaded_from_a_source_that_the_server_tells_of(play):
    await play(downloaded_by_link)


async def downloaded_by_link(network, settings_of, join):
    file = make_ed2k_file("by link.bin", 400_000)
    async with (
        open_session(AMule, settings_of(network.sharer)) as sharer,
        open_session(AMule, settings_of(network.downloader)) as downloader,
    ):
        await sharer.poll()
        await downloader.poll()
        await share(sharer, network, file)
        await join(sharer, network.server)
        await join(downloader, network.server)
        await downloader.part(AddEd2kLink).add_ed2k_links([file.link], AddOptions())
        await downloader.poll()
        await complete(downloader, file.hash)
        assert digest(network.downloader.incoming / file.name) == file.digest
        await sharer.until(lambda: sharer.items[file.hash].upload_total >= file.size)


async def test_a_search_is_cancelled_and_what_came_stays(network, settings_of, join):
    file = make_ed2k_file("film gamma.avi", 100_000)
    network.server.list(file.hash, file.name, file.size, "nobody")
    async with open_session(AMule, settings_of(network.downloader)) as downloader:
        await downloader.poll()
        await join(downloader, network.server)
        part = downloader.part(Search)
        network.server.delay_s = 1.5
        await part.start_search("film", "local")
        assert (await part.search_progress()).running
        await part.stop_search()
        assert not (await part.search_progress()).running
        network.server.delay_s = 0
        rows, _ = await search(downloader, "film", "local")
        assert [row.file_hash for row in rows] == [file.hash]
        await part.stop_search()
        assert (await part.search_progress()).results == rows
