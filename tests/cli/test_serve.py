"""`amutorrent serve`: exit codes, one daemon per data directory and port, and its end."""

import json
import os
import signal
import socket
import stat
import time

import httpx
import pytest
import trio
from lab.ports import free_port
from lab.waiting import wait_until
from trio_websocket import connect_websocket_url

pytestmark = pytest.mark.slow
EXAMPLE = {"type": "example"}


def serve(command, place, *args, **environ):
    """Start a daemon and wait until it listens."""
    running = command("serve", "--data-dir", place.path, *args, **environ)
    running.says("Listening on ")
    return running


def end(running, *, number=signal.SIGTERM, within_s=10.0):
    """Stop it, and check that the end is clean and soon."""
    began = time.monotonic()
    running.signal(number)
    assert running.ends(within_s + 2) == 0, running.err
    assert time.monotonic() - began < within_s
    assert "Traceback" not in running.err


def test_it_runs_without_any_file_and_says_where(command, place):
    free = {"AMUTORRENT_DISK__WARN_BELOW": "0"}  # however full this machine is
    running = command("serve", "--port", place.port, AMUTORRENT_DATA_DIR=str(place.path), **free)
    running.says(f"INFO daemon: Listening on http://127.0.0.1:{place.port}")
    assert httpx.get(f"{place.url}/health").json()["status"] == "ok"
    assert stat.S_IMODE(os.stat(place.path).st_mode) == 0o700
    assert not (place.path / "config.json").exists()
    end(running)
    assert "Listening" in place.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(command, place, number):
    end(serve(command, place.config(EXAMPLE)), number=number)


def test_flags_win_and_plugins_can_be_left_alone(command, place):
    place.config(EXAMPLE, port=1)
    running = serve(command, place, "--port", place.port, "--without", "example", "--log-level", "debug")
    state = httpx.get(f"{place.url}/api/v1/clients/instances").json()["data"][0]
    assert (state["state"], state["error"]) == ("disabled", "It was switched off by a flag")
    end(running)


def test_wrong_settings_end_it_with_2_and_all_of_them_on_stderr(command, place):
    place.config(
        {"type": "qbittorrent", "password": "hunter2"}, {"type": "nonsense"}, port="x", auth={"enabled": False}
    )
    running = command("serve", "--data-dir", place.path, "--host", "0.0.0.0")
    assert running.ends() == 2
    said = running.err
    for part in (
        'server.port is "x"',
        "server.auth",
        "authentication is off",
        "0.0.0.0",
        "clients.0.host",
        '"nonsense"',
    ):
        assert part in said
    assert "example, libtorrent, qbittorrent" in said
    assert "Traceback" not in said
    assert "hunter2" not in said


def test_a_second_daemon_on_the_same_data_ends_with_1(command, place):
    running = serve(command, place.config())
    second = command("serve", "--data-dir", place.path, "--port", 1)
    assert second.ends() == 1
    assert second.err == (
        f"amutorrent: The data directory {place.path} is in use by another daemon: "
        "stop it, or choose another --data-dir\n"
    )
    end(running)


def test_a_port_in_use_ends_it_with_1(command, place):
    with socket.create_server(("127.0.0.1", place.port)):
        running = command("serve", "--data-dir", place.config(EXAMPLE).path)
        assert running.ends() == 1
    assert running.err.splitlines()[-1] == (
        f"amutorrent: Cannot listen on 127.0.0.1 port {place.port}: Address already in use"
    )
    assert "Traceback" not in running.err


def test_a_data_directory_that_cannot_be_made_ends_it_with_1(command, place):
    place.path.write_text("a file")
    running = command("serve", "--data-dir", place.path / "below")
    assert running.ends() == 1
    assert "amutorrent: Cannot create the data directory" in running.err
    assert "Traceback" not in running.err


def test_the_lock_goes_with_a_killed_daemon(command, place):
    running = serve(command, place.config())
    running.process.kill()
    running.ends()
    end(serve(command, place))


async def test_open_sockets_do_not_hold_it_up(command, place):
    running = serve(command, place.config(EXAMPLE))
    stalled = socket.create_connection(("127.0.0.1", place.port))
    stalled.sendall(b"POST /api/v1/downloads/pause HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{")
    async with trio.open_nursery() as nursery:
        reader = await connect_websocket_url(nursery, f"ws://127.0.0.1:{place.port}/ws", max_message_size=64 << 20)
        await reader.get_message()
        await trio.to_thread.run_sync(lambda: end(running))
        await trio.aclose_forcefully(reader._stream)
        nursery.cancel_scope.cancel()
    stalled.close()


def test_a_hanging_client_does_not_hold_it_up(command, place):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        port = hanging.getsockname()[1]
        running = serve(command, place.config({"type": "qbittorrent", "host": "127.0.0.1", "port": port}))
        connection, _ = hanging.accept()
        end(running)
        connection.close()


HANGING = """
import time
from contextlib import asynccontextmanager
from amutorrent import Client, ClientSettings, hookimpl

PLUGIN_API = (1, 0)
time.sleep({import_s})

class Hanging(Client):
    type, label, network, Settings = "hanging", "Hanging", "bittorrent", ClientSettings

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        services.log.warning("it hangs")
        await services.run_sync(time.sleep, 60)
        yield cls()

    async def probe(self):
        ...

    async def poll(self):
        ...

@hookimpl
def register_client_types(register):
    register(Hanging)
"""


@pytest.fixture
def hanging_plugin(tmp_path):
    """Give the function that installs a plugin whose client hangs in a thread, and that may be slow to import."""

    def install(import_s=0.0):
        folder = tmp_path / "hanging"
        info = folder / "hanging-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hanging\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[amutorrent]\nhanging = hanging_client\n")
        (folder / "hanging_client.py").write_text(HANGING.format(import_s=import_s))
        return {"PYTHONPATH": str(folder)}

    return install


def test_a_thread_that_hangs_does_not_hold_it_up(command, place, hanging_plugin):
    running = serve(command, place.config({"type": "hanging"}), **hanging_plugin())
    running.says("it hangs")
    end(running)


def test_a_second_signal_ends_it_at_once(command, place, hanging_plugin):
    running = serve(command, place.config({"type": "hanging"}), **hanging_plugin())
    running.says("it hangs")
    running.signal(signal.SIGINT)
    running.says("Stopping")
    began = time.monotonic()
    running.signal(signal.SIGINT)
    assert running.ends() == 1
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_the_start_ends_it_cleanly(command, place, hanging_plugin, number):
    running = command("serve", "--data-dir", place.config(EXAMPLE).path, **hanging_plugin(import_s=1.5))
    wait_until((place.path / "lock").exists, 20)
    time.sleep(0.5)  # some moment of the start: which one does not matter
    assert "Listening" not in running.err
    end(running, number=number)


def test_no_secret_reaches_the_log(command, place):
    secret = "correct horse/battery"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = {"type": "qbittorrent", "host": "127.0.0.1", "port": port, "name": f"n {secret}", "password": secret}
    running = serve(command, place.config({**client, "id": "q"}), "--log-level", "debug")
    running.says("q is waiting")
    end(running)
    assert secret not in running.err
    assert secret not in place.log


def test_its_log_can_be_read_and_holds_no_secret(command, place):
    nobody = {"type": "rtorrent", "mode": "http", "host": "127.0.0.1", "port": free_port(), "password": "hunter2"}
    running = serve(command, place.config({**nobody, "id": "box-hunter2"}))
    with httpx.Client(base_url=place.url, trust_env=False) as client:
        found = wait_until(lambda: read_log(client, minLevel="warn", source="client.rtorrent"), 20)
        everything = read_log(client)
    assert found[0]["level"] == "warn"
    assert found[0]["message"].startswith("box-*** is waiting: ")
    assert ("daemon", "info", f"Listening on {place.url}") in [
        (each["source"], each["level"], each["message"]) for each in everything
    ]
    assert "hunter2" not in str(everything)
    end(running)


def read_log(client, **query):
    return client.get("/api/v1/logs/app", params=query).json()["data"]


FREE = {"AMUTORRENT_DISK__WARN_BELOW": "0", "AMUTORRENT_SERVER__AUTH__ENABLED": "false"}


def clients_of(place):
    return [each["type"] for each in httpx.get(f"{place.url}/api/v1/clients/instances").json()["data"]]


def test_the_first_start_begins_with_a_client_and_no_later_one_does(command, place):
    def run():
        return serve(command, place, "--port", place.port, "--first-client", "example", **FREE)

    running = run()
    assert clients_of(place) == ["example"]
    end(running)
    config = place.path / "config.json"
    assert json.loads(config.read_text()) == {"version": "1.0", "clients": [{"type": "example"}]}
    config.write_text('{"clients": []}')  # somebody took it away
    running = run()
    assert clients_of(place) == []
    end(running)
    assert config.read_text() == '{"clients": []}'


def test_a_client_of_the_environment_is_no_first_start(command, place):
    named = {"AMUTORRENT_CLIENTS__0__TYPE": "example", "AMUTORRENT_CLIENTS__0__SEED": "mine"}
    running = serve(command, place, "--port", place.port, "--first-client", "example", **FREE, **named)
    ids = [each["id"] for each in httpx.get(f"{place.url}/api/v1/clients/instances").json()["data"]]
    assert ids == ["example-mine"]
    end(running)
    assert not (place.path / "config.json").exists()


def test_a_type_that_is_not_there_costs_nothing(command, place):
    running = serve(command, place, "--port", place.port, "--first-client", "example", "--without", "example", **FREE)
    running.says("no client type example to begin with: It was switched off by a flag")
    assert clients_of(place) == []
    end(running)
    assert not (place.path / "config.json").exists()
