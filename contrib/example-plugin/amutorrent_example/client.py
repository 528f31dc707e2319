"""The client type: what aMuTorrent calls, put into terms of the simulated world."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import trio
from msgspec.structs import replace

import amutorrent as am

from .clock import FastForward
from .settings import ExampleSettings
from .world import PIECE, World, running


class Example(
    am.Client, am.Pause, am.Remove, am.RemoveWithFiles, am.Rename, am.Tags, am.SetCategory, am.AddMagnet,
    am.AddTorrentFile, am.CustomSavePath, FastForward,
):  # fmt: skip
    """A client that is not there: its downloads are simulated, and every poll finds them one second on."""

    type = "example"
    label = "Example"
    network = "bittorrent"
    Settings = ExampleSettings

    def __init__(self, world: World) -> None:
        self._world = world
        self._polled = False

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: ExampleSettings, services: am.Services) -> AsyncIterator["Example"]:
        """Begin a world. A client of something real connects and logs in here, and disconnects after the `yield`."""
        services.log.info("simulating %d downloads", settings.items)
        yield cls(World(settings.seed, settings.items))

    async def probe(self) -> am.Probe:
        """Say what this is. Nothing is missing."""
        return am.Probe(version="1.0")

    async def poll(self) -> am.Changes:
        """Let a second pass, and report the downloads that changed; the first time all of them, as they begin."""
        world, first = self._world, not self._polled
        if not first:
            world.advance()
        self._polled = True
        changed, world.changed = world.changed, {}
        return am.Changes(
            items=[world.items[hash] for hash in changed if hash in world.items],
            removed=[hash for hash in changed if hash not in world.items],
            full=first,
            download_speed=sum(item.download_speed for item in world.items.values()),
            upload_speed=sum(item.upload_speed for item in world.items.values()),
            network_status=am.Light(status="green", text="Simulated"),
        )

    async def pause(self, hashes: Sequence[str]) -> am.Outcome:
        """Keep downloads from going on."""
        return self._world.each(hashes, lambda item: replace(item, status="paused"))

    async def resume(self, hashes: Sequence[str]) -> am.Outcome:
        """Let downloads go on."""
        return self._world.each(hashes, running)

    async def remove(self, hashes: Sequence[str]) -> am.Outcome:
        """Forget downloads."""
        return self._world.each(hashes, lambda item: None)

    async def remove_with_files(self, hashes: Sequence[str]) -> am.Outcome:
        """Forget downloads; their data lies nowhere."""
        return await self.remove(hashes)

    async def rename(self, hash: str, name: str) -> None:
        """Give a download another name."""
        self._world.put(replace(self._world.find(hash), name=name), hash)

    async def change_tags(self, hashes: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> am.Outcome:
        """Add and remove tags."""
        return self._world.each(hashes, lambda item: replace(item, tags=tuple(sorted({*item.tags, *add} - {*remove}))))

    async def set_category(self, hashes: Sequence[str], category: str | None) -> am.Outcome:
        """Put downloads into a category."""
        return self._world.each(hashes, lambda item: replace(item, category=category or am.DEFAULT))

    async def add_magnets(self, magnets: Sequence[am.Magnet], options: am.AddOptions) -> am.Outcome:
        """Add magnets: 64 MiB each, since a magnet does not say."""
        outcome: dict[str, am.Conflict | None] = dict.fromkeys(magnet.hash for magnet in magnets)
        for magnet in magnets:
            try:
                self._world.add(magnet.hash, magnet.name or magnet.hash, 64 * PIECE, options)
            except am.Conflict as error:
                outcome[magnet.hash] = error
        return outcome

    async def add_torrent_file(self, file: am.Metafile, options: am.AddOptions) -> None:
        """Add what a torrent file describes."""
        self._world.add(file.hash, file.name, file.size, options)

    async def fast_forward(self, seconds: int) -> None:
        """Let the clock go on, second by second, and give others a turn after each."""
        for _ in range(seconds):
            self._world.advance()
            await trio.lowlevel.checkpoint()
