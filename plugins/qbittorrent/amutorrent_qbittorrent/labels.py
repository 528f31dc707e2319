"""Categories and tags of torrents."""

from collections.abc import Sequence

from amutorrent import AmutorrentError, Outcome, SetCategory, Tags

from .categories import CategoryDefinitions
from .daemon import Daemon
from .failures import Refusal


class Labels(SetCategory, Tags):
    """Puts torrents into a category, and tags on them."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._definitions = CategoryDefinitions(daemon)

    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Set the category; one that the daemon does not know yet is created, without a path."""
        try:
            return await self._daemon.act("torrents/setCategory", hashes, category=category or "")
        except Refusal as error:
            if error.http_status != 409 or not category:
                raise
        await self._definitions.ensure(category)
        return await self._daemon.act("torrents/setCategory", hashes, category=category)

    async def change_tags(self, hashes: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> Outcome:
        """Add tags, then remove others."""
        outcome: dict[str, AmutorrentError | None] = {}
        for endpoint, tags in (("torrents/addTags", add), ("torrents/removeTags", remove)):
            if tags:
                outcome = dict(await self._daemon.act(endpoint, hashes, tags=",".join(tags)))
        return outcome
