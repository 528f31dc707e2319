"""A whole daemon in this process, with the client of `vault.py`, asked over HTTP."""

import json
import logging
from contextlib import asynccontextmanager
from importlib import metadata

import httpx
import pytest
import trio
from configuration import vault
from lab.ports import free_port

from amutorrent.daemon import Daemon
from amutorrent.settings import Settings

PLUGIN = metadata.EntryPoint("vault", "configuration.vault", "amutorrent")
FIRST = {"type": "vault", "host": "one.test", "password": "right"}
SECOND = {"type": "vault", "host": "two.test", "password": "right", "name": "Two"}
GONE = {"type": "gone", "id": "gone-1", "token": "s3cret"}


class Running:
    """A daemon that runs."""

    def __init__(self, daemon, folder, http):
        self.daemon, self.folder, self.http = daemon, folder, http

    @property
    def config(self):
        return self.folder / "config.json"

    async def ask(self, method, path, body=None):
        """Ask, and give status and JSON."""
        answer = await self.http.request(method, f"/api/{path}", json=body)
        return answer.status_code, answer.json()

    async def current(self, **keys):
        """Give the configuration, with keys of the first client changed."""
        status, found = await self.ask("GET", "config/current")
        assert status == 200, found
        if keys:
            found["clients"][0].update(keys)
        return found

    async def save(self, body):
        return await self.ask("POST", "config/save", body)

    async def until_online(self, *ids):
        """Wait until instances are online."""
        with trio.fail_after(20):
            while any(self.daemon.instances.get(each).state != "online" for each in ids):
                await trio.lowlevel.checkpoint()


@asynccontextmanager
async def running_daemon(folder, content, environ=None, entry_points=(PLUGIN,)):
    """Run a daemon for as long as the context lasts."""
    port = free_port()
    content = {"version": "1.0", "server": {"port": port, "auth": {"enabled": False}}, **content}
    (folder / "config.json").write_text(json.dumps(content))
    daemon = Daemon(Settings(folder, environ=environ or {}), entry_points=list(entry_points))
    stop, level = trio.Event(), logging.getLogger().level
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda *, task_status: daemon.run(stop, task_status=task_status))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as http:
            yield Running(daemon, folder, http)
        stop.set()
    logging.getLogger().setLevel(level)


@pytest.fixture
def run_daemon():
    """Give the function that runs a daemon."""
    return running_daemon


@pytest.fixture
async def running(tmp_path):
    """Run a daemon with two clients, and one whose plugin is missing."""
    vault.OPENED.clear()
    vault.ANSWERS.clear()
    gone = metadata.EntryPoint("gone", "configuration.no_such_module", "amutorrent")
    content = {"clients": [FIRST, SECOND, GONE]}
    async with running_daemon(tmp_path, content, entry_points=(PLUGIN, gone)) as found:
        await found.until_online("vault-one.test-7000", "vault-two.test-7000")
        yield found
