"""The daemon's categories, and which download is in which. Source: amule-ec 6 (Categories)."""

from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import replace

from amutorrent import (
    DEFAULT,
    AmutorrentError,
    Categories,
    CategoryChangeAutoMoves,
    ClientFailed,
    Conflict,
    InvalidRequest,
    NotFound,
    Outcome,
    SetCategory,
)

from .codes import Op, T
from .daemon import Daemon, Refusal, not_found
from .downloads import act
from .labels import Label, same
from .mapping import category
from .mirror import is_complete
from .records import File
from .tags import uint


class CategoryDefinitions(Categories):
    """Creates, changes and deletes categories.

    Its answers are not to be believed: FAILED may mean "done, with another folder", and a wrong index ends the
    daemon. So the list is read before each change, with nothing of ours between, and after it.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def create_category(self, name: str, path: str) -> None:
        """Create it; the daemon creates its folder as well. Without a path it gets the default folder."""
        async with self._daemon.labelling:
            await self._daemon.refresh()
            if self._daemon.labels.get(name) is not None:
                raise Conflict(f"aMule has a category {name} already")
            await self.create(name, path)

    async def create(self, name: str, path: str) -> Label:
        """Create it and give it; whoever calls holds `labelling`, and has seen that there is none."""
        daemon = self._daemon
        _see_name(name)
        wanted = Label(0, name, path or daemon.labels.default_path)
        try:
            await daemon.command(Op.CREATE_CATEGORY, wanted.tag())
        except Refusal:
            await daemon.refresh()
            if (made := daemon.labels.get(name)) is not None and path:
                await daemon.command(Op.DELETE_CATEGORY, uint(T.CATEGORY, made.index))
                await daemon.refresh()
                raise InvalidRequest(f"aMule cannot use the folder {path}", field="path") from None
        await daemon.refresh()
        made = daemon.labels.get(name)
        if made is None:
            raise ClientFailed(f"aMule took the category {name}, but does not list it")
        return made

    async def rename_category(self, name: str, new_name: str) -> None:
        """Give it another title: its downloads know it by its index."""
        daemon = self._daemon
        _see_name(new_name)
        async with daemon.labelling:
            await daemon.refresh()
            held = daemon.labels.get(name)
            if held is None:
                raise _unknown(name)
            if daemon.labels.get(new_name) is not None:
                raise Conflict(f"aMule has a category {new_name} already")
            with suppress(Refusal):  # a folder that it cannot use any more; the title is changed all the same
                await daemon.command(Op.UPDATE_CATEGORY, replace(held, title=new_name).tag())
            daemon.remembered |= {hash: new_name for hash, held in daemon.remembered.items() if held == name}
            await daemon.refresh()
            if daemon.labels.get(new_name) is None:
                raise ClientFailed(f"aMule did not rename the category {name}")

    async def update_category(self, name: str, path: str) -> None:
        """Set its folder ("": the default one), and leave its comment, colour and priority as they are."""
        daemon = self._daemon
        async with daemon.labelling:
            await daemon.refresh()
            held = daemon.labels.get(name)
            if held is None:
                raise _unknown(name)
            wanted = path or daemon.labels.default_path
            if same(held.path, wanted):
                return
            try:
                await daemon.command(Op.UPDATE_CATEGORY, replace(held, path=wanted).tag())
            except Refusal:
                raise InvalidRequest(f"aMule cannot use the folder {wanted}", field="path") from None
            await daemon.refresh()
            changed = daemon.labels.get(name)
            if changed is None or not same(changed.path, wanted):
                raise ClientFailed(f"aMule did not take the folder {wanted} for the category {name}")

    async def delete_category(self, name: str) -> None:
        """Delete it; its downloads fall to no category."""
        daemon = self._daemon
        async with daemon.labelling:
            await daemon.refresh()
            held = daemon.labels.get(name)
            if held is not None:
                await daemon.command(Op.DELETE_CATEGORY, uint(T.CATEGORY, held.index))
                await daemon.refresh()

    async def index(self, name: str | None) -> int:
        """Give the index of a category, creating it if need be; 0 is none. Whoever calls holds `labelling`."""
        await self._daemon.refresh()
        if name is None or name == DEFAULT:
            return 0
        label = self._daemon.labels.get(name) or await self.create(name, "")
        return label.index


def _see_name(name: str) -> None:
    if not name.strip() or name == DEFAULT:
        raise InvalidRequest(f"A category of aMule needs a name, which is not {DEFAULT}", field="name")


def _unknown(name: str) -> NotFound:
    return NotFound(f"aMule has no category {name}", code="category_not_found")


class Labelling(SetCategory, CategoryChangeAutoMoves):
    """Puts downloads into a category: they will end in its folder."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._definitions = CategoryDefinitions(daemon)

    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Set it. A complete file has no category of its own in aMule: it goes by the folder that it lies in."""
        daemon = self._daemon
        async with daemon.labelling:
            files = await daemon.known(hashes)
            outcome: dict[str, AmutorrentError | None] = {
                hash: not_found(hash) if file is None else self._of_complete(file, category)
                for hash, file in files.items()
                if file is None or is_complete(file)
            }
            rest = [hash for hash in files if hash not in outcome]
            if rest:
                index = uint(T.PARTFILE_CAT, await self._definitions.index(category))
                outcome |= await act(daemon, Op.PARTFILE_SET_CAT, rest, index)
            return {hash: outcome[hash] for hash in files}

    def _of_complete(self, file: File, wanted: str | None) -> AmutorrentError | None:
        if category(file, self._daemon.labels, None) == (wanted or DEFAULT):
            return None
        return ClientFailed(f"{file.name} is complete: aMule counts it to the category in whose folder it lies")
