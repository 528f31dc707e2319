"""Several people on one daemon, with a real client: each sees and changes what is theirs, also after a restart."""

import json
import subprocess
import sys

import httpx
import pytest
from lab.amutorrent import AmutorrentDaemon
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

TORRENTS = "/api/v1/downloads/torrent"
INSTANCE = "box"


class Person:
    """Somebody with an API key."""

    def __init__(self, ours, key):
        self._ours, self._headers = ours, {"X-API-Key": key}

    def ask(self, method, path, **options):
        return httpx.request(method, self._ours.url + path, headers=self._headers, timeout=30, **options)

    def add(self, torrent):
        files = {"torrent": ("a.torrent", torrent.file)}
        answer = self.ask("POST", TORRENTS, files=files, data={"instanceId": INSTANCE})
        assert answer.is_success, answer.text

    def sees(self):
        """Give the items that exist for this person: hash -> whether it is their own."""
        items = self.ask("GET", "/api/v1/data/snapshot").json()["data"]["items"]
        return {each["hash"]: each["ownedByMe"] for each in items}

    def pause(self, hash):
        body = {"items": [{"fileHash": hash, "instanceId": INSTANCE}]}
        result = self.ask("POST", "/api/v1/downloads/pause", json=body).json()["results"][0]
        return result.get("code")


def test_the_lives_of_two_users_and_their_downloads(tmp_path, qbittorrent):
    data = tmp_path / "data"
    ours = AmutorrentDaemon(
        data, [{**qbittorrent.settings, "type": "qbittorrent", "id": INSTANCE}], auth={"enabled": True}
    )
    command = [sys.executable, "-m", "amutorrent", "users", "add", "ann", "--admin", "--json", "--data-dir", str(data)]
    made = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    ann = Person(ours, json.loads(made.stdout)["user"]["apiKey"])
    found, bobs, cids = (make_torrent(f"{name}.bin", 100_000) for name in ("found", "bob", "cid"))
    qbittorrent.seed(found)
    ours.start()
    try:
        wait_until(lambda: ann.sees() == {found.hash: True}, 20, lambda: ours.tail())
        bob, cid = (_new_person(ours, ann, name) for name in ("bob", "cid"))
        bob.add(bobs)
        cid.add(cids)
        wait_until(lambda: bob.sees() == {bobs.hash: True}, 20, lambda: str(ann.sees()))
        wait_until(lambda: cid.sees() == {cids.hash: True}, 20, lambda: str(ann.sees()))
        assert set(ann.sees()) == {found.hash, bobs.hash, cids.hash}
        assert [bob.pause(each.hash) for each in (bobs, cids, found)] == [None, "item_not_found", "item_not_found"]
        assert ours.stop() == 0
        ours.start()
        wait_until(lambda: bob.sees() == {bobs.hash: True}, 30, lambda: ours.tail())
        _rights(ann, "cid", ["add_downloads", "pause_resume", "view_all_downloads"])
        assert cid.sees() == {found.hash: False, bobs.hash: False, cids.hash: True}
        assert [cid.pause(each.hash) for each in (bobs, cids, found)] == ["not_owner", None, "not_owner"]
        _remove(ann, "cid")
        assert cid.ask("GET", "/api/auth/profile").status_code == 401
        assert set(ann.sees()) == {found.hash, bobs.hash, cids.hash}, "what was theirs stays"
        _rights(ann, "bob", ["pause_resume", "view_all_downloads"])
        assert bob.sees() == {found.hash: False, bobs.hash: True, cids.hash: False}
    finally:
        code = ours.stop()
    assert code == 0, ours.tail()


def _new_person(ours, ann, name):
    body = {"username": name, "capabilities": ["add_downloads", "pause_resume"]}
    id = ann.ask("POST", "/api/users", json=body).json()["user"]["id"]
    return Person(ours, ann.ask("POST", f"/api/users/{id}/api-key").json()["apiKey"])


def _id_of(ann, name):
    users = ann.ask("GET", "/api/users").json()["users"]
    return next(each["id"] for each in users if each["username"] == name)


def _rights(ann, name, capabilities):
    assert ann.ask("PUT", f"/api/users/{_id_of(ann, name)}", json={"capabilities": capabilities}).is_success


def _remove(ann, name):
    assert ann.ask("DELETE", f"/api/users/{_id_of(ann, name)}").is_success
