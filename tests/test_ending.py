"""What is known when the daemon is told to end is written down, as a whole, and nothing is called an error then."""

import json
import logging
import sqlite3
from importlib import metadata

import trio
from lab.ports import free_port

from amutorrent.daemon import Daemon
from amutorrent.settings import Settings

EXAMPLE = metadata.EntryPoint("example", "amutorrent_example", "amutorrent")
COUNT = 3000
"""More than one transaction of the history."""


def rows(folder, statement):
    """Ask the database of a daemon that has ended."""
    with sqlite3.connect(folder / "amutorrent.db") as database:
        return database.execute(statement).fetchall()


async def test_history_and_metrics_are_written_at_the_end(tmp_path, caplog):
    port = free_port()
    server = {"port": port, "auth": {"enabled": False}}
    client = {"type": "example", "id": "one", "items": COUNT}
    (tmp_path / "config.json").write_text(json.dumps({"version": "1.0", "server": server, "clients": [client]}))
    daemon, stop = Daemon(Settings(tmp_path, environ={}), entry_points=[EXAMPLE]), trio.Event()
    level = logging.getLogger().level
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda *, task_status: daemon.run(stop, task_status=task_status))
        with trio.fail_after(30):
            while "one" not in daemon.metrics.sampler.moved:  # it comes last of what is done with the first poll
                await trio.lowlevel.checkpoint()
        stop.set()
    logging.getLogger().setLevel(level)
    assert rows(tmp_path, "select count(*) from history") == [(COUNT,)]
    (slots,) = rows(tmp_path, "select count(*) from metric where name = 'one'")
    assert slots[0] > 0
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
