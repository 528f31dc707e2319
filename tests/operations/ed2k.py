"""A scripted ED2K client, written as a plugin writes one: it remembers what was asked, and answers what a test says."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio

import amutorrent as am

SHARED, PARTIAL = "a" * 32, "b" * 32
SERVER = am.Server(ip="45.82.80.155", port=5687, address="45.82.80.155:5687", name="Server", users=1000)
UPTIME = am.StatsNode(label="Uptime: 4m 58s", template="Uptime: %s", values=("4m 58s",))
TREE = am.StatsNode(label="Statistics", template="Statistics", children=(UPTIME,))


def row(number, name="ubuntu.iso", **facts):
    values = {"file_name": name, "file_size": 1000, "file_hash": f"{number:032x}", "source_count": number}
    return am.SearchResult(**{**values, **facts})


def progress(*rows, running=True, percent=50.0):
    return am.SearchProgress(running=running, percent=percent, results=tuple(rows))


@dataclass
class Script:
    """What the client does. `answers`, by method: a value, an error to raise, "for ever", or a list taken in turn."""

    reachable: bool = True
    missing: frozenset = frozenset()
    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    polls: int = 0
    items: list | None = None

    async def play(self, method, *args, otherwise=None):
        if method != "search_progress":
            self.asked.append((method, *args))
        answer = self.answers.get(method, otherwise)
        if isinstance(answer, list) and method == "search_progress":
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        if answer == "for ever":
            await trio.sleep_forever()
        return answer


class Settings(am.ClientSettings):
    """Names the script."""

    script: int = 0


SCRIPTS: dict[int, Script] = {}


class Ed2k(
    am.Client, am.Stop, am.Priority, am.Files, am.FilePriority, am.AddEd2kLink, am.Search, am.FileRatingComment,
    am.RefreshShared, am.Servers, am.Kad, am.ServerInfo, am.StatsTree, am.Logs, am.Peers, am.SegmentData,
):  # fmt: skip
    type, label, network, Settings = "ed2ktest", "ED2K of a test", "ed2k", Settings

    def __init__(self, script):
        self.script = script
        self.lost = trio.Event()
        script.client = self

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        script = SCRIPTS[settings.script]
        if not script.reachable:
            raise am.Unreachable("Nobody answers")
        yield cls(script)

    async def probe(self):
        return am.Probe(version="1.0", missing=self.script.missing)

    async def poll(self):
        if not self.script.reachable:
            raise am.Unreachable("The connection is gone")
        self.script.polls += 1
        usual = [item(SHARED, complete=True), item(PARTIAL, complete=False)]
        return am.Changes(full=True, items=usual if self.script.items is None else self.script.items)

    async def segments(self):
        return await self.script.play("segments", otherwise={})

    async def peers(self, hash):
        return await self.script.play("peers", hash, otherwise=())

    async def stop(self, hashes):
        return am.done(hashes)

    async def resume(self, hashes):
        return am.done(hashes)

    async def set_priority(self, hashes, priority):
        return await self.script.play("set_priority", hashes, priority, otherwise=am.done(hashes))

    async def files(self, hash):
        return ()

    async def set_file_priority(self, hash, files, priority):
        await self.script.play("set_file_priority", hash, files, priority)

    async def add_ed2k_links(self, links, options):
        hashes = [link.hash for link in links]
        return await self.script.play("add_ed2k_links", links, options, otherwise=am.done(hashes))

    async def start_search(self, query, type, extension=None):
        await self.script.play("start_search", query, type, extension)

    async def search_progress(self):
        return await self.script.play("search_progress", otherwise=progress(running=False, percent=None))

    async def stop_search(self):
        await self.script.play("stop_search")

    async def download_results(self, results, options):
        hashes = [result.file_hash for result in results]
        return await self.script.play("download_results", results, options, otherwise=am.done(hashes))

    async def set_rating_comment(self, hash, rating, comment):
        await self.script.play("set_rating_comment", hash, rating, comment)

    async def comments(self, hash):
        return await self.script.play("comments", hash, otherwise=())

    async def refresh_shared(self):
        await self.script.play("refresh_shared")

    async def servers(self):
        return await self.script.play("servers", otherwise=[SERVER])

    async def connect_server(self, ip, port):
        return await self.script.play("connect_server", ip, port, otherwise=True)

    async def disconnect_server(self):
        return await self.script.play("disconnect_server", otherwise=True)

    async def remove_server(self, ip, port):
        return await self.script.play("remove_server", ip, port, otherwise=True)

    async def add_server(self, ip, port, name):
        return await self.script.play("add_server", ip, port, name, otherwise=True)

    async def update_servers(self, url):
        return await self.script.play("update_servers", url, otherwise=True)

    async def start_kad(self):
        return await self.script.play("start_kad", otherwise=True)

    async def stop_kad(self):
        return await self.script.play("stop_kad", otherwise=True)

    async def bootstrap_kad(self, ip, port):
        return await self.script.play("bootstrap_kad", ip, port, otherwise=True)

    async def update_kad_nodes(self, url):
        return await self.script.play("update_kad_nodes", url, otherwise=True)

    async def server_info(self):
        return await self.script.play("server_info", otherwise=["Welcome"])

    async def stats_tree(self):
        return await self.script.play("stats_tree", otherwise=[TREE])

    async def log_lines(self):
        return await self.script.play("log_lines", otherwise=["first", "last"])


def item(hash, *, complete, upload_speed=0):
    facts = {"status": "seeding" if complete else "active", "progress": 100.0 if complete else 1.0}
    speeds = {"download_speed": 0, "upload_speed": upload_speed}
    return am.Item(hash=hash, name=hash[:4], size=1000, complete=complete, shared=True, **facts, **speeds)
