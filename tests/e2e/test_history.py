"""The history over real clients: what is added, finished, removed and lost, with our own restarts in between."""

import sqlite3
from contextlib import closing

import pytest
from lab import qbittorrent as lab_qbittorrent
from lab import rtorrent as lab_rtorrent
from lab.amutorrent import AmutorrentDaemon
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


def told(ours):
    """Give each row without what is live, by name."""
    rows = ours.get("/api/history", limit="500")["entries"]
    live = ("download_speed", "upload_speed")
    return {each["filename"]: {name: each[name] for name in each if name not in live} for each in rows}


def written(ours):
    """Give the rows as they are on the disk."""
    with closing(sqlite3.connect(ours.data_dir / "amutorrent.db")) as database:
        return database.execute("SELECT * FROM history ORDER BY id").fetchall()


def statuses(ours):
    return {name: row["status"] for name, row in told(ours).items()}


def comes_to(ours, expected, within_s=60):
    # somebody looks at the list: polls come every two seconds then, not every 15
    wait_until(
        lambda: ours.items() is not None and statuses(ours) == expected,
        within_s,
        lambda: f"{statuses(ours)}\n{ours.tail()}",
    )


def delete(ours, instance_id, torrent, *, files):
    body = {"items": [{"fileHash": torrent.hash, "instanceId": instance_id}], "deleteFiles": files}
    (result,) = ours.post("/api/v1/downloads/delete", **body)["results"]
    assert result["success"], result


@pytest.mark.parametrize(("lab", "kind"), [(lab_qbittorrent, "qbittorrent"), (lab_rtorrent, "rtorrent")])
def test_the_lives_of_downloads(tmp_path, lab, kind):
    had, added, doomed, lost = (make_torrent(f"{name}.bin", 100_000) for name in ("had", "added", "doomed", "lost"))
    with lab.daemon(tmp_path / "client") as client:
        client.seed(had)
        ours = AmutorrentDaemon(tmp_path / "data", [{**client.settings, "type": kind, "id": "box"}])
        ours.start()
        try:
            comes_to(ours, {"had.bin": "completed"})
            for each in (added, doomed, lost):
                ours.add_file(each, "box")
            there = {"had.bin": "completed", "added.bin": "downloading", "lost.bin": "downloading"}
            comes_to(ours, {**there, "doomed.bin": "downloading"})
            delete(ours, "box", doomed, files=True)
            comes_to(ours, {**there, "doomed.bin": "deleted"})
            assert ours.stop() == 0
            rows = written(ours)
            if kind == "qbittorrent":
                client.log_out()
            client.stop()
            ours.start()
            wait_until(lambda: ours.state("box") == "waiting", 30, ours.tail)
            assert written(ours) == rows, "a client that is away changes nothing"
            before = told(ours)
            client.start()
            wait_until(lambda: ours.state("box") == "online", 60, ours.tail)
            forget(client, kind, lost)
            comes_to(ours, {**there, "doomed.bin": "deleted", "lost.bin": "missing"}, 120)
            ours.add_file(lost, "box")
            comes_to(ours, {**there, "doomed.bin": "deleted"})
            after = told(ours)
            assert {name: row["started_at"] for name, row in after.items()} == {
                name: row["started_at"] for name, row in before.items()
            }
            assert after["doomed.bin"]["deleted_at"]
            assert after["had.bin"]["path"] == f"{client.downloads}/had.bin"
            assert {row["username"] for row in after.values()} == {None}
            assert {(row["instance_id"], row["client_type"]) for row in after.values()} == {("box", kind)}
        finally:
            code = ours.stop()
            client.stop(60)  # it may still be telling its trackers
            ours.http.close()
        assert code == 0, ours.tail()


def forget(client, kind, torrent):
    """Remove a torrent from the client behind our back."""
    if kind == "qbittorrent":
        client.tell("torrents/delete", hashes=torrent.hash, deleteFiles="false")
    else:
        client.call("d.erase", torrent.hash.upper())
