"""The daemon's own list of categories."""

from msgspec import Struct

from amutorrent import DEFAULT, Categories, Conflict, InvalidRequest, NotFound

from .daemon import Daemon
from .failures import Refusal
from .wire import Category, read


class Listed(Struct):
    """One entry of `torrents/info`."""

    hash: str


class CategoryDefinitions(Categories):
    """Creates, changes and deletes categories."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def create_category(self, name: str, path: str) -> None:
        """Create it; the daemon answers 409 both for a name that is taken and for one that it does not allow."""
        await self._create(name, {"savePath": path})

    async def _create(self, name: str, form: dict[str, str]) -> None:
        if name == DEFAULT:
            raise InvalidRequest(f"{DEFAULT} means no category", field="name")
        try:
            await self._daemon.call("torrents/createCategory", {"category": name, **form})
        except Refusal as error:
            if error.http_status not in (400, 409):
                raise
            if name in await self.definitions():
                raise Conflict(f"qBittorrent has a category {name} already") from error
            raise InvalidRequest(f"qBittorrent refuses the category {name}: {error.message}", field="name") from error

    async def ensure(self, name: str) -> None:
        """Create it unless it is there."""
        if name not in await self.definitions():
            await self.create_category(name, "")

    async def update_category(self, name: str, path: str) -> None:
        """Set its save path and leave its folder for unfinished downloads as it is.

        What it has now is asked first: the daemon answers 409 for a category that it does not know and for an edit
        that changes nothing alike, and forgets the other folder unless it is told again.
        """
        held = (await self.definitions()).get(name)
        if held is None:
            raise _unknown(name)
        if held.savePath == path:
            return
        form = {"category": name, "savePath": path, **_download_path(held)}
        try:
            await self._daemon.call("torrents/editCategory", form)
        except Refusal as error:
            if error.http_status == 404:
                raise _unknown(name) from error
            raise

    async def rename_category(self, name: str, new_name: str) -> None:
        """Create the new one, let the torrents go over, and delete the old one: the daemon has no call for it.

        With automatic management their data stays where it is, since both have the same folders.
        """
        held = await self.definitions()
        if name not in held:
            raise _unknown(name)
        await self._create(new_name, {"savePath": held[name].savePath, **_download_path(held[name])})
        if hashes := await self._hashes_in(name):
            await self._daemon.call("torrents/setCategory", {"hashes": "|".join(hashes), "category": new_name})
        await self.delete_category(name)

    async def _hashes_in(self, name: str) -> list[str]:
        body = await self._daemon.transport.get("torrents/info", category=name)
        return [each.hash for each in read(body, list[Listed], "torrents/info")]

    async def delete_category(self, name: str) -> None:
        """Delete it; the daemon says nothing of one that is not there."""
        await self._daemon.call("torrents/removeCategories", {"categories": name})

    async def definitions(self) -> dict[str, Category]:
        """Ask for all categories."""
        body = await self._daemon.transport.get("torrents/categories")
        return read(body, dict[str, Category], "torrents/categories")


def _download_path(held: Category) -> dict[str, str]:
    if isinstance(held.download_path, str):
        return {"downloadPathEnabled": "true", "downloadPath": held.download_path}
    return {"downloadPathEnabled": "false"} if held.download_path is False else {}


def _unknown(name: str) -> NotFound:
    return NotFound(f"qBittorrent has no category {name}", code="category_not_found")
