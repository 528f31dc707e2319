"""How torrents come in. Source: qbittorrent 4."""

from collections.abc import Collection, Sequence
from typing import Final

import trio

from amutorrent import (
    AddMagnet,
    AddOptions,
    AddTorrentFile,
    AmutorrentError,
    ClientFailed,
    Conflict,
    CustomSavePath,
    DeadlineExceeded,
    InvalidRequest,
    Magnet,
    Metafile,
    Outcome,
)

from .categories import CategoryDefinitions
from .daemon import Daemon
from .failures import Refusal, text_of
from .transport import Form, Upload
from .wire import Row, read

APPEARS_WITHIN_S: Final = 10
ASK_AGAIN_S: Final = 0.1
NEWEST: Final = 100


class Adding(AddMagnet, AddTorrentFile, CustomSavePath):
    """Adds magnets and torrent files, and believes only what then stands in the daemon's list.

    Its `Ok.` proves nothing, and up to 5.1 its `Fails.` is the same for nonsense and for what it has already.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._definitions = CategoryDefinitions(daemon)

    async def add_magnets(self, magnets: Sequence[Magnet], options: AddOptions) -> Outcome:
        """Add them in one call, and answer for each hash."""
        there = await self._daemon.present(magnet.hash for magnet in magnets)
        fresh = {magnet.hash: magnet.uri for magnet in magnets if magnet.hash not in there}
        outcome: dict[str, AmutorrentError | None] = {hash: _duplicate(hash) for hash in there}
        if fresh:
            outcome |= await self._add(fresh, {"urls": "\n".join(fresh.values())}, None, options)
        return outcome

    async def add_torrent_file(self, file: Metafile, options: AddOptions) -> None:
        """Add it by its bytes."""
        if await self._daemon.present([file.hash]):
            raise _duplicate(file.hash)
        upload = ("upload.torrent", file.data, "application/x-bittorrent")
        error = (await self._add([file.hash], {}, upload, options))[file.hash]
        if error is not None:
            raise error

    async def _add(
        self, hashes: Collection[str], what: Form, upload: Upload | None, options: AddOptions
    ) -> dict[str, AmutorrentError | None]:
        refused = await self._send({**what, **await self._form(options)}, upload)
        listed = await self._listed(hashes) if refused else await self._wait(hashes)
        if refused:
            return {hash: _duplicate(hash) if hash in listed else ClientFailed(refused) for hash in hashes}
        return {hash: None if hash in listed else _vanished(hash) for hash in hashes}

    async def _send(self, form: Form, upload: Upload | None) -> str | None:
        try:
            answer = text_of(await self._daemon.transport.post("torrents/add", form, upload))
        except Refusal as error:
            if error.http_status == 415:
                raise InvalidRequest(f"qBittorrent cannot read it: {error.message}", field="data") from error
            if error.http_status == 409:
                return f"qBittorrent did not take it: {error.message}"
            raise
        return "qBittorrent did not take it" if answer == "Fails." else None

    async def _form(self, options: AddOptions) -> dict[str, str]:
        stopped = "true" if options.paused else "false"
        form = {"paused": stopped, "stopped": stopped}  # the word of 4.x and that of 5.x
        if options.category:
            form["category"] = options.category
        if options.save_path:
            return {**form, "savepath": options.save_path, "autoTMM": "false"}
        if path := await self._category_path(options.category):
            # with automatic management, where that is its default, the daemon goes by the category anyway
            form["savepath"] = path
        return form

    async def _category_path(self, category: str | None) -> str:
        held = (await self._definitions.definitions()).get(category) if category else None
        return held.savePath if held else ""

    async def _wait(self, hashes: Collection[str]) -> set[str]:
        end = trio.current_time() + APPEARS_WITHIN_S
        while True:
            listed = await self._listed(hashes)
            if len(listed) == len(set(hashes)) or trio.current_time() >= end:
                return listed
            await trio.sleep(ASK_AGAIN_S)

    async def _listed(self, hashes: Collection[str]) -> set[str]:
        listed = await self._daemon.present(hashes)
        if len(listed) == len(set(hashes)):
            return listed
        # a hybrid torrent is listed under its v2 hash, and can be asked for by that alone; it is one of the newest
        body = await self._daemon.transport.get("torrents/info", sort="added_on", reverse="true", limit=NEWEST)
        newest = {hash for row in read(body, list[Row], "torrents/info") for hash in (row.hash, row.infohash_v1)}
        return listed | newest.intersection(hashes)


def _duplicate(hash: str) -> Conflict:
    return Conflict(f"qBittorrent has {hash} already")


def _vanished(hash: str) -> DeadlineExceeded:
    return DeadlineExceeded(f"qBittorrent took {hash}, but does not list it after {APPEARS_WITHIN_S} s")
