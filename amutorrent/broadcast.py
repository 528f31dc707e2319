"""What sockets are told beside the live list: the end of a search, a list of servers. Source: websocket 3 and 6."""

from collections.abc import Callable, Collection

from msgspec import Struct

from .errors import AmutorrentError


class Notice(Struct, frozen=True, kw_only=True):
    """A message, or an error, for everybody who holds the permission `needs`, and who sees the item, if one is named.

    The sockets in `without` get it as a reply instead.
    """

    message: Struct | AmutorrentError
    needs: str | None = None
    item: tuple[str, str] | None = None
    without: Collection[object] = ()


class Broadcast:
    """Hands notices to whoever serves sockets. Telling never waits: what is told before a reply arrives before it."""

    def __init__(self) -> None:
        self.on_notice: list[Callable[[Notice], None]] = []

    def tell(self, message: Struct, needs: str, without: Collection[object] = ()) -> None:
        """Tell everybody who holds a permission."""
        self._hand_out(Notice(message=message, needs=needs, without=without))

    def tell_of(self, item: tuple[str, str], message: Struct | AmutorrentError) -> None:
        """Tell everybody who sees an item: (instance id, hash)."""
        self._hand_out(Notice(message=message, item=item))

    def _hand_out(self, notice: Notice) -> None:
        for listener in self.on_notice:
            listener(notice)
