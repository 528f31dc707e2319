"""A client that does what the script of a test says, and its configured instance."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio
import trio.testing

from amutorrent import Changes, Client, ClientSettings, Item, Probe, ProtocolError, Stop, done
from amutorrent.client import ClientConfig

HASH = "a" * 40


@dataclass
class Script:
    """What the client of a test does next; each field is awaited, raised or returned."""

    open: object = None
    probe: object = None
    poll: object = None
    stop: object = None
    size: int = 1
    poll_takes_s: float = 0.0
    opened: list[float] = field(default_factory=list)
    polled: list[float] = field(default_factory=list)
    closed: int = 0

    async def play(self, what):
        if isinstance(what, Exception):
            raise what
        if what == "for ever":
            await trio.sleep_forever()
        if what == "fails when it ends":
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.fail_at_the_end)
                await trio.sleep_forever()
        return what

    async def fail_at_the_end(self):
        try:
            await trio.sleep_forever()
        finally:
            raise ProtocolError("it was cut off in the middle")


class Settings(ClientSettings):
    """Names the script, so that changed settings are another script."""

    script: int = 0


SCRIPTS: dict[int, Script] = {}


class Scripted(Client, Stop):
    type, label, network, Settings = "scripted", "Scripted", "bittorrent", Settings

    def __init__(self, script):
        self.script = script

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        script = SCRIPTS[settings.script]
        script.opened.append(trio.current_time())
        await script.play(script.open)
        try:
            yield cls(script)
        finally:
            script.closed += 1

    async def probe(self):
        return await self.script.play(self.script.probe) or Probe(version="1.0")

    async def poll(self):
        self.script.polled.append(trio.current_time())
        await trio.sleep(self.script.poll_takes_s)
        answer = await self.script.play(self.script.poll)
        return answer if answer is not None else Changes(full=True, items=[an_item(self.script.size)])

    async def stop(self, hashes):
        await self.script.play(self.script.stop)
        return done(hashes)

    async def resume(self, hashes):
        return done(hashes)


def an_item(size):
    facts = {"status": "active", "progress": 0.0, "download_speed": 0, "upload_speed": 0, "complete": False}
    return Item(hash=HASH, name="a", size=size, **facts)


def config(number=0, **facts):
    values = {"type": "scripted", "name": "S", "color": None, "enabled": True, "order": number}
    return ClientConfig(id=f"scripted-{number}", **{**values, "settings": Settings(script=number), **facts})


async def started(instances, *configs):
    await instances.configure(list(configs) or [config()])
    await trio.testing.wait_all_tasks_blocked()
    return instances.all()[0]


async def state_after(instance, seconds):
    await trio.sleep(seconds)
    return instance.state
