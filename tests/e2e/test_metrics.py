"""The bytes that we count against those that real clients count, over restarts, kills and steps of the clock."""

import re

import pytest
from lab import qbittorrent as lab_qbittorrent
from lab import rtorrent as lab_rtorrent
from lab.amutorrent import AmutorrentDaemon
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
SIZE = 2 << 20
IDLE = 64 << 10
"""What a client that moves nothing says to its peers and trackers between two polls is less."""


def counter(client, kind):
    """Give the bytes down that the client counts: for life, or since it started."""
    if kind == "qbittorrent":
        return client.ask("sync/maindata")["server_state"]["alltime_dl"]
    return client.call("throttle.global_down.total")


def counted(ours):
    return ours.get("/api/metrics/stats", range="24h", instanceIds="box")["totalDownloaded"]


def polls(ours):
    """Give how many good polls there were."""
    (found,) = re.findall(r'amutorrent_poll_seconds_count{instance="box"} (\S+)', ours.http.get("/metrics").text)
    return float(found)


def sampled(ours):
    return ours.get("/api/metrics/speed-history", range="24h", instanceIds="box")["data"]


@pytest.mark.parametrize(("lab", "kind"), [(lab_qbittorrent, "qbittorrent"), (lab_rtorrent, "rtorrent")])
def test_no_byte_twice_and_none_lost(tmp_path, qbittorrent, tracker, lab, kind):
    clock = tmp_path / "clock"
    clock.write_text("0")
    with lab.daemon(tmp_path / "client") as client:
        ours = AmutorrentDaemon(tmp_path / "data", [{**client.settings, "type": kind, "id": "box"}], clock=clock)

        def download(name):
            """Move a torrent to the client; gives its final path in the history."""
            torrent = make_torrent(f"{kind}-{name}.bin", SIZE, tracker.url)
            qbittorrent.seed(torrent)
            tracker.wait_seeded(torrent.hash)
            ours.add_file(torrent, "box")
            wait_until(lambda: ours.item("box", torrent.hash).get("complete"), 90, ours.tail)
            row = wait_until(
                lambda: (found := ours.get(f"/api/history/{torrent.hash}"))["status"] == "completed" and found, 30
            )
            assert row["path"] == f"{client.downloads}/{torrent.name}"
            assert ours.state("box") == "online"

        def online():
            wait_until(lambda: ours.items() is not None and ours.state("box") == "online", 90, ours.tail)

        ours.start()
        try:
            online()
            began = counter(client, kind)
            wait_until(lambda: sampled(ours), 60, ours.tail)  # from where on it counts is saved
            download("first")
            ours.kill9()
            ours.start()
            online()
            download("killed")
            before_restart = counter(client, kind)
            # what it says now has to be polled: nobody could know it later
            known = polls(ours)
            wait_until(lambda: ours.items() is not None and polls(ours) >= known + 2, 60, ours.tail)
            if kind == "qbittorrent":
                client.log_out()
            client.stop(60)
            wait_until(lambda: ours.items() is not None and ours.state("box") != "online", 60, ours.tail)
            client.start()
            online()
            clock.write_text("-1800")
            download("set-back")
            clock.write_text("3600")
            download("ahead")
            after = counter(client, kind)
            moved = after - began if kind == "qbittorrent" else before_restart - began + after
            assert moved >= 4 * SIZE
            wait_until(lambda: moved - counted(ours) <= 2 * IDLE, 60, lambda: f"{counted(ours)} of {moved}")
            latest = counter(client, kind)
            moved += latest - after
            assert counted(ours) <= moved
        finally:
            code = ours.stop()
            client.stop(60)
            ours.http.close()
        assert code == 0, ours.tail()
