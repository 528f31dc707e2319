"""How torrents come in. Source: rtorrent 6.

Load commands are a language, and what a user gives is not to be part of it. A torrent file is loaded without starting
it, and label, folder and name are set by calls of their own, which take them literally. Of a magnet only what came
as a load command outlives the moment when the daemon has learnt what it holds; so there the label is packed into
letters, digits and `%`, and the folder quoted.
"""

import os
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import trio

from amutorrent import (
    AddMagnet,
    AddOptions,
    AddTorrentFile,
    AmutorrentError,
    ClientFailed,
    Conflict,
    CustomSavePath,
    InvalidRequest,
    Magnet,
    Metafile,
    Outcome,
)

from . import bencode
from .calls import Call, Fault, call
from .daemon import Daemon, Step
from .downloads import step
from .jsonrpc import JsonRpc
from .rows import ADDED_KEY, NAME_KEY
from .text import checked_folder, packed, quoted, shown, travels

APPEARS_WITHIN_S: Final = 8.0
ASK_AGAIN_S: Final = 0.05
AROUND_IT: Final = 4096
"""Bytes of a request around the file that it carries."""
KEPT_OF_MAGNETS: Final = ("dn", "tr", "xl", "x.pe")


class Adding(AddMagnet, AddTorrentFile, CustomSavePath):
    """Adds magnets and torrent files, and believes only what then stands in the list: loading always answers 0."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def add_magnets(self, magnets: Sequence[Magnet], options: AddOptions) -> Outcome:
        """Add them, and answer for each hash."""
        unique = {magnet.hash: magnet for magnet in magnets}
        outcome: dict[str, AmutorrentError | None] = {
            hash: _duplicate(hash) for hash in await self._daemon.present(unique)
        }
        fresh: dict[str, str] = {}
        for hash in unique.keys() - outcome.keys():
            try:
                fresh[hash] = plain(unique[hash])
            except InvalidRequest as error:
                outcome[hash] = error
        method = "load.normal" if options.paused or "load.start" not in self._daemon.methods else "load.start"
        commands = self._commands(options)
        calls = [call(method, "", uri, *commands) for uri in fresh.values()]
        return {**outcome, **await self._load(calls, fresh, options)}

    async def add_torrent_file(self, file: Metafile, options: AddOptions) -> None:
        """Add it by its bytes, or from a file where it is too large for that."""
        if await self._daemon.present([file.hash]):
            raise _duplicate(file.hash)
        names = {file.hash: name} if (name := untold_name(file)) else {}
        if isinstance(self._daemon.codec, JsonRpc) or _length_in_xml(file.data) <= self._daemon.largest_request:
            loaded = await self._load([call("load.raw", "", file.data)], [file.hash], options)
            outcome: Outcome = {**loaded, **await self._dress(loaded, options, names)}
        else:
            outcome = await self._load_from_disk(file, options, names)
        if (error := outcome[file.hash]) is not None:
            raise error

    async def _load(self, calls: Sequence[Call], hashes: Collection[str], options: AddOptions) -> Outcome:
        if not hashes:
            return {}
        await self._make_folder(options.save_path)
        for answer in await self._daemon.many(calls):
            if isinstance(answer, Fault):
                raise answer
        listed = await self._wait(hashes)
        return {hash: None if hash in listed else _vanished(hash) for hash in hashes}

    async def _load_from_disk(self, file: Metafile, options: AddOptions, names: Mapping[str, str]) -> Outcome:
        folder = str(await self._daemon.call("directory.default", ""))
        try:
            path = await self._daemon.services.run_sync(_put, folder, file)
        except OSError as error:
            raise ClientFailed(
                f"This torrent file is too large to be sent ({len(file.data)} bytes), and rTorrent's folder {folder}"
                f" cannot be written to from here, so that it could be left there ({error.strerror})"
            ) from error
        try:
            # without the tie the daemon neither deletes the file nor looks at it again
            loading = call("load.normal", "", path, "d.tied_to_file.set=")
            loaded = await self._load([loading], [file.hash], options)
        finally:
            await self._daemon.services.run_sync(os.unlink, path)
        return {**loaded, **await self._dress(loaded, options, names)}

    async def _dress(self, loaded: Outcome, options: AddOptions, names: Mapping[str, str]) -> Outcome:
        """Set what was asked for on those that were loaded, and only then start them; one that cannot have it goes."""
        hashes = [hash for hash, error in loaded.items() if error is None]
        outcome = await self._daemon.act_each({hash: self._steps(options, names.get(hash)) for hash in hashes})
        failed = [hash for hash, error in outcome.items() if error is not None]
        await self._daemon.act(failed, step("d.erase"))
        if not options.paused:
            started = await self._daemon.act([hash for hash in hashes if hash not in failed], step("d.start"))
            return {**outcome, **started}
        return outcome

    def _steps(self, options: AddOptions, name: str | None) -> list[Step]:
        steps = []
        if "d.custom.set" in self._daemon.methods:
            steps.append(step("d.custom.set", ADDED_KEY, str(int(time.time()))))
            if name is not None:
                steps.append(step("d.custom.set", NAME_KEY, packed(name)))
        if options.category:
            steps.append(step("d.custom1.set", packed(options.category)))
        if options.save_path:
            steps.append(step("d.directory.set", checked_folder(options.save_path, "savePath")))
        return steps

    def _commands(self, options: AddOptions) -> list[str]:
        commands = []
        if "d.custom.set" in self._daemon.methods:
            commands.append(f"d.custom.set={ADDED_KEY},{int(time.time())}")
        if options.category:
            commands.append(f"d.custom1.set={packed(options.category)}")
        if options.save_path:
            commands.append(f"d.directory.set={quoted(checked_folder(options.save_path, 'savePath'))}")
        return commands

    async def _make_folder(self, path: str | None) -> None:
        """Let the daemon make the folder: it creates just one level by itself, and says nothing when that fails."""
        if path is None:
            return
        path = checked_folder(path, "savePath")
        if "execute.throw" not in self._daemon.methods:
            return
        try:
            await self._daemon.call("execute.throw", "", "mkdir", "-p", "--", path)
        except Fault as error:
            raise ClientFailed(f"rTorrent cannot create the folder {path}") from error

    async def _wait(self, hashes: Collection[str]) -> set[str]:
        end = trio.current_time() + APPEARS_WITHIN_S
        while True:
            listed = await self._daemon.present(hashes)
            if len(listed) == len(hashes) or trio.current_time() >= end:
                return listed
            await trio.sleep(ASK_AGAIN_S)


def plain(magnet: Magnet) -> str:
    """Write a magnet anew, in ASCII and with the hash as the daemon reads it: what is no magnet it takes for a path.

    Raises `InvalidRequest` for one that names a v2 hash alone.
    """
    fields = parse_qsl(urlsplit(magnet.uri).query, errors="replace")
    if not any(key.split(".")[0] == "xt" and value.lower().startswith("urn:btih:") for key, value in fields):
        raise InvalidRequest("rTorrent knows no magnets of BitTorrent v2 (urn:btmh)", field="links")
    kept = [(key.split(".")[0] if key.startswith("tr.") else key, value) for key, value in fields]
    query = urlencode([(key, value) for key, value in kept if key in KEPT_OF_MAGNETS], errors="replace")
    return f"magnet:?xt=urn:btih:{magnet.hash.upper()}{'&' if query else ''}{query}"


def untold_name(file: Metafile) -> str | None:
    """Give the name of a torrent for display if the daemon will not be able to tell it."""
    try:
        name, _ = bencode.names(file.data)
    except bencode.Broken:
        return None
    return None if travels(name) and name.isprintable() else shown(name)


def _length_in_xml(data: bytes) -> int:
    """Say how long a request with this file is; base64 may have a line break for every 57 bytes."""
    return len(data) // 57 * 77 + AROUND_IT


def _put(folder: str, file: Metafile) -> str:
    handle, path = tempfile.mkstemp(".torrent", "amutorrent-", folder)
    with open(handle, "wb") as written:
        os.fchmod(handle, 0o644)  # the daemon may be another user
        written.write(file.data)
    return path


def _duplicate(hash: str) -> Conflict:
    return Conflict(f"rTorrent has {hash} already")


def _vanished(hash: str) -> ClientFailed:
    return ClientFailed(
        f"rTorrent took {hash}, but does not list it after {APPEARS_WITHIN_S:.0f} s. It says why in its own log alone;"
        " it refuses torrents of BitTorrent v2, and those without a tracker while its DHT is disabled"
    )
