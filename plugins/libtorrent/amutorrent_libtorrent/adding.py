"""How torrents come in."""

import time
from collections.abc import Sequence

import libtorrent as lt

from amutorrent import (
    AddMagnet,
    AddOptions,
    AddTorrentFile,
    AmutorrentError,
    CustomSavePath,
    InvalidRequest,
    Magnet,
    Metafile,
    Outcome,
)

from .engine import Engine
from .loading import FLAGS, gives
from .places import checked_folder
from .records import Facts
from .texts import clean


class Adding(AddMagnet, AddTorrentFile, CustomSavePath):
    """Adds magnets and torrent files. What was added is kept on the disk before the answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def add_magnets(self, magnets: Sequence[Magnet], options: AddOptions) -> Outcome:
        """Add them, and answer for each hash; what they hold is asked of peers as soon as they run."""
        outcome: dict[str, AmutorrentError | None] = {}
        for magnet in magnets:
            if magnet.hash not in outcome:
                outcome[magnet.hash] = await self._add_magnet(magnet, options)
        return outcome

    async def _add_magnet(self, magnet: Magnet, options: AddOptions) -> AmutorrentError | None:
        try:
            params, bare = clean(lt.parse_magnet_uri(magnet.uri)), clean(lt.parse_magnet_uri(magnet.uri))
        except RuntimeError as error:
            return InvalidRequest(f"libtorrent cannot read this magnet: {error}", field="links")
        if not gives(magnet.hash, params):
            return InvalidRequest("It should name one torrent: this magnet has hashes of several", field="links")
        try:
            await self._add(magnet.hash, params, bare, options)
        except AmutorrentError as error:
            return error
        return None

    async def add_torrent_file(self, file: Metafile, options: AddOptions) -> None:
        """Add it. Data that is there already is checked first, also if it is not to start."""
        try:
            params, bare = await self._engine.run_sync(_twice, file.data)
        except RuntimeError as error:
            raise InvalidRequest(f"libtorrent cannot read this torrent: {error}", field="data") from error
        if not gives(file.hash, params):
            raise InvalidRequest("libtorrent finds another info dictionary in this torrent than its hash", field="data")
        if options.paused:
            params.flags |= FLAGS.stop_when_ready
        await self._add(file.hash, params, bare, options)

    async def _add(
        self, hash: str, params: lt.add_torrent_params, bare: lt.add_torrent_params, options: AddOptions
    ) -> None:
        await self._engine.ready()
        params.save_path = bare.save_path = self._folder(options)
        facts = Facts(running=not options.paused, category=options.category or "", added_at=int(time.time()))
        await self._engine.add(hash, params, facts, bare)

    def _folder(self, options: AddOptions) -> str:
        if options.save_path:
            return checked_folder(options.save_path, "savePath")
        path = self._engine.categories.get(options.category or "", "")
        return path or str(self._engine.settings.folder)


def _twice(data: bytes) -> tuple[lt.add_torrent_params, lt.add_torrent_params]:
    return clean(lt.load_torrent_buffer(data)), clean(lt.load_torrent_buffer(data))
