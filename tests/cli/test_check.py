"""`amutorrent check`, against a real client and against everything that is none."""

import http.server
import json
import socket
import threading
import time

import pytest
from lab.ports import free_port
from lab.qbittorrent import daemon as run_qbittorrent

pytestmark = pytest.mark.slow


def client(port, **fields):
    return {"type": "qbittorrent", "host": "127.0.0.1", "port": port, **fields}


def check(command, place, *args):
    """Run it with --json; give the exit code and the clients by id."""
    run = command("check", "--json", "--data-dir", place.path, *args)
    code = run.ends(90)
    assert "Traceback" not in run.err
    return code, {each["id"]: each for each in json.loads(run.out)["clients"]}


class _Closing(threading.Thread):
    """A port that takes every connection and closes it at once."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(daemon=True)
        self.listener = listener

    def run(self) -> None:
        while True:
            try:
                self.listener.accept()[0].close()
            except OSError:
                return


@pytest.fixture
def closing_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        _Closing(listener).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def hanging_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def foreign_web_server(tmp_path):
    """A web server that is no qBittorrent."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_every_failure_has_its_probable_cause_and_all_are_tried_at_once(
    command, place, closing_port, hanging_port, foreign_web_server
):
    place.config(
        client(free_port(), id="refused"),
        client(closing_port, id="closed"),
        client(foreign_web_server, id="foreign"),
        client(hanging_port, id="hanging"),
        client(hanging_port, id="hanging-too"),
        client(1, id="off", enabled=False),
        {"type": "qbittorrent", "host": "nowhere.invalid", "id": "unknown"},
        {"type": "example", "id": "fine"},
    )
    began = time.monotonic()
    code, found = check(command, place)
    assert time.monotonic() - began < 28, "two that hang for 15 s"
    assert code == 1
    assert {id: each.get("cause") for id, each in found.items()} == {
        "refused": "connection refused",
        "closed": "connection closed before the login was done",
        "foreign": "wrong protocol or version",
        "hanging": "timeout",
        "hanging-too": "timeout",
        "off": None,
        "unknown": "unknown host name",
        "fine": None,
    }
    assert [each["result"] for each in found.values()] == ["failed"] * 5 + ["skipped", "failed", "ok"]
    assert "addMagnet" in found["fine"]["capabilities"]
    assert str(closing_port) in found["closed"]["message"]


def test_an_instance_whose_plugin_is_not_loaded_fails(command, place):
    code, found = check(command, place.config({"type": "example"}), "--without", "example")
    assert code == 1
    (only,) = found.values()
    assert (only["cause"], only["message"]) == ("its plugin is not loaded", "It was switched off by a flag")


def test_it_is_told_in_lines(command, place):
    run = command("check", "--data-dir", place.config({"type": "example"}, client(1, name="X")).path)
    assert run.ends() == 1
    lines = run.out.splitlines()
    assert lines[0].startswith("ok      example-demo: example 1.0 (")
    assert lines[1].startswith("        can: addMagnet, ")
    assert lines[2:] == [
        "FAILED  qbittorrent-127.0.0.1-1: connection refused",
        "        Nothing listens at http://127.0.0.1:1: is qBittorrent running, with its Web UI on at this port?",
        f"ok      database: {place.path}/amutorrent.db (it is made at the next start)",
    ]


def test_without_a_client_it_says_so(command, place):
    run = command("check", "--data-dir", place.path)
    assert run.ends() == 0
    assert run.out.splitlines() == [
        "No client is configured.",
        f"ok      database: {place.path}/amutorrent.db (it is made at the next start)",
    ]
    assert not place.path.exists()


def test_a_database_that_fails_ends_it_with_1(command, place):
    place.config()
    (place.path / "amutorrent.db").write_bytes(b"no database at all" * 1000)
    run = command("check", "--data-dir", place.path)
    assert run.ends() == 1
    assert f"FAILED  database: The database {place.path}/amutorrent.db is damaged" in run.out
    found = command("check", "--json", "--data-dir", place.path)
    assert found.ends() == 1
    assert json.loads(found.out)["database"]["result"] == "failed"


def test_a_server_of_the_database_that_hangs_is_not_waited_for(command, place, hanging_port):
    place.config()
    url = f"postgresql://someone:hunter2@127.0.0.1:{hanging_port}/x"
    run = command("check", "--data-dir", place.path, AMUTORRENT_DATABASE__URL=url)
    assert run.ends(30) == 1
    assert "FAILED  database: " in run.out
    assert "***@127.0.0.1" in run.out
    assert "hunter2" not in run.out + run.err


def test_wrong_settings_end_it_with_2(command, place):
    run = command("check", "--data-dir", place.config({"type": "nonsense"}).path)
    assert run.ends() == 2
    assert '"nonsense"' in run.err
    assert "Traceback" not in run.err


@pytest.mark.daemon
def test_a_real_qbittorrent_with_right_and_wrong_password(command, place, tmp_path):
    with run_qbittorrent(tmp_path / "qbittorrent") as real:
        place.config(real.settings, {**real.settings, "password": "wrong-password", "id": "wrong"})
        code, found = check(command, place)
        right, wrong = found.values()
        assert code == 1
        assert right["result"] == "ok"
        assert right["version"][0].isdigit()
        assert {"stop", "addMagnet", "remove"} <= set(right["capabilities"])
        assert (wrong["result"], wrong["cause"]) == ("failed", "credentials or version refused")
        assert "password" in wrong["message"]
        assert "wrong-password" not in json.dumps(wrong)
        text = command("check", "--data-dir", place.path)
        text.ends()
        assert f"qbittorrent {right['version']}" in text.out
        assert "wrong-password" not in text.out + text.err
        assert real.password not in text.out + text.err
