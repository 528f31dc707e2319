"""Who comes in, over the wire: every credential, and 403 wherever the programs must log in again."""

import base64
import json
import subprocess
import sys

import httpx
import pytest
import qbittorrentapi
from lab.amutorrent import amutorrent

PASSWORD = "correct horse battery"
READS = ("app/version", "app/webapiVersion", "app/preferences", "torrents/info", "torrents/categories")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    with amutorrent(tmp_path_factory.mktemp("ours"), [], auth={"enabled": True}) as running:
        running.keys = {name: make_user(running, name, *flags) for name, *flags in (("ann", "--admin"), ("bob",))}
        yield running


def make_user(ours, name, *flags):
    command = [sys.executable, "-m", "amutorrent", "users", "add", name, *flags, "--password-stdin", "--json"]
    made = subprocess.run(
        [*command, "--data-dir", str(ours.data_dir)], check=True, capture_output=True, input=PASSWORD.encode()
    )
    key = json.loads(made.stdout)["user"]["apiKey"]
    ours.secrets.add(PASSWORD, key)
    return key


def ask(ours, path, *, method="GET", headers=(), **options):
    with httpx.Client(base_url=f"{ours.url}/api/v2", timeout=30, trust_env=False) as http:
        return http.request(method, path, headers=dict(headers), **options)


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def log_in(ours, name="ann", password=PASSWORD):
    answer = ask(ours, "/auth/login", method="POST", data={"username": name, "password": password})
    ours.secrets.add(*([answer.cookies["SID"]] if "SID" in answer.cookies else []))
    return answer


@pytest.mark.parametrize("path", [*READS, "torrents/delete", "no/such/thing"])
def test_trap_3_who_is_not_known_gets_403_and_is_sent_nowhere(ours, path):
    for headers in ({}, {"Cookie": "SID=stale"}, basic("", ""), {"Authorization": "Basic %%%"}):
        answer = ask(ours, path, headers=headers)
        assert (answer.status_code, answer.text) == (403, "Forbidden")
        assert answer.headers["content-type"].startswith("text/plain")


def test_every_credential_of_an_admin_opens(ours):
    key = ours.keys["ann"]
    for headers in (basic("ann", PASSWORD), basic("whoever", key), {"Authorization": f"Bearer {key}"}):
        answer = ask(ours, "/app/version", headers=headers | {"Cookie": "SID=stale"})
        assert (answer.status_code, answer.text) == (200, "v4.5.0")
        assert "set-cookie" not in answer.headers


def test_nobody_else_comes_in(ours):
    key = ours.keys["bob"]
    for headers in (basic("bob", PASSWORD), basic("x", key), {"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
        assert ask(ours, "/app/version", headers=headers).status_code == 403
    assert log_in(ours, "bob").text == "Fails."


def test_trap_4_login_sets_one_cookie_that_works_with_a_wrong_header_beside_it(ours):
    answer = log_in(ours)
    assert (answer.status_code, answer.text) == (200, "Ok.")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("SID=")
    assert {"HttpOnly", "Path=/api/v2", "SameSite=Lax"} <= set(cookie.split("; "))
    sid = {"Cookie": f"SID={answer.cookies['SID']}"}
    assert ask(ours, "/app/version", headers=sid | basic("ann", "old password")).status_code == 200
    assert ask(ours, "/auth/logout", method="POST", headers=sid).text == "Ok."
    assert ask(ours, "/app/version", headers=sid).status_code == 403


def test_a_page_elsewhere_cannot_use_the_cookie(ours):
    sid = {"Cookie": f"SID={log_in(ours).cookies['SID']}"}
    data = {"hashes": "f" * 40}
    foreign = {"Origin": "http://evil.example"}
    assert ask(ours, "/torrents/pause", method="POST", headers=sid | foreign, data=data).status_code == 403
    assert ask(ours, "/torrents/pause", method="POST", headers=sid, data=data).status_code == 200
    assert ask(ours, "/torrents/pause", headers=sid, params=data).status_code == 405, "no command by GET"


def test_a_session_ends_with_a_new_password(ours):
    make_user(ours, "cat", "--admin")
    sid = {"Cookie": f"SID={log_in(ours, 'cat').cookies['SID']}"}
    assert ask(ours, "/app/version", headers=sid | basic("cat", PASSWORD)).status_code == 200
    assert ask(ours, "/app/version", headers=basic("cat", PASSWORD)).status_code == 200
    headers = {"X-API-Key": ours.keys["ann"]}
    users = ours.http.get("/api/users", headers=headers).json()["users"]
    (id,) = (each["id"] for each in users if each["username"] == "cat")
    ours.secrets.add("an entirely new one")
    changed = ours.http.put(f"/api/users/{id}", headers=headers, json={"password": "an entirely new one"})
    assert changed.is_success, changed.text
    assert ask(ours, "/app/version", headers=sid).status_code == 403
    assert ask(ours, "/app/version", headers=basic("cat", PASSWORD)).status_code == 403
    assert ask(ours, "/app/version", headers=basic("cat", "an entirely new one")).status_code == 200


def test_unknown_paths_are_404_in_the_right_form(ours):
    headers = basic("x", ours.keys["ann"])
    for path in ("/torrents/nothing", "/", "/app"):
        answer = ask(ours, path, headers=headers | {"Accept": "text/html"})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) in ((404, "text/plain"),)


def test_the_python_client_signs_in_and_is_refused(ours):
    with qbittorrentapi.Client(ours.url, username="ann", password=PASSWORD) as client:
        assert client.app_version() == "v4.5.0"
        ours.secrets.add(client._session.cookies["SID"])
        assert client.is_logged_in
    client = qbittorrentapi.Client(ours.url, username="ann", password="wrong one")
    with pytest.raises(qbittorrentapi.LoginFailed):
        client.auth_log_in()


def test_trap_41_who_guesses_has_to_wait_and_keys_still_work(ours):
    for _ in range(6):
        log_in(ours, "ann", "guess")
    answer = log_in(ours)
    assert answer.status_code == 403, "a connection failure is what 429 would be taken for"
    assert ask(ours, "/app/version", headers=basic("x", ours.keys["ann"])).status_code == 200


def test_a_long_form_is_read_of_an_admin_alone(ours):
    data = {"urls": "\n".join(["ed2k://|file|x"] * 10_000)}
    assert ask(ours, "/torrents/add", method="POST", data=data).status_code == 403
    answer = ask(ours, "/torrents/add", method="POST", data=data, headers=basic("x", ours.keys["ann"]))
    assert (answer.status_code, answer.text) == (200, "Fails.")
