"""What sockets are told beside the live list: the end of a search, a list of servers. Source: websocket 3 and 6."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from msgspec import Struct

from .errors import AmutorrentError

if TYPE_CHECKING:
    from .catalogue import View

    Content = Struct | AmutorrentError
    Telling = Callable[[View], Content | None]


class Notice(Struct, frozen=True, kw_only=True):
    """A message, or an error, for everybody who holds the permission `needs`, and who sees the item, if one is named.

    `message` gives it for a class of readers: the same object where it says the same, None where it says nothing. The
    sockets in `without` get it as a reply instead.
    """

    message: "Telling"
    needs: str | None = None
    item: tuple[str, str] | None = None
    without: Collection[object] = ()


class Broadcast:
    """Hands notices to whoever serves sockets. Telling never waits: what is told before a reply arrives before it."""

    def __init__(self) -> None:
        self.on_notice: list[Callable[[Notice], None]] = []

    def tell(self, message: Struct, needs: str, without: Collection[object] = ()) -> None:
        """Tell everybody who holds a permission the same."""
        self.tell_each(lambda view: message, needs, without)

    def tell_each(self, message: "Telling", needs: str, without: Collection[object] = ()) -> None:
        """Tell everybody who holds a permission what exists for them."""
        self._hand_out(Notice(message=message, needs=needs, without=without))

    def tell_of(self, item: tuple[str, str], message: "Content") -> None:
        """Tell everybody who sees an item: (instance id, hash)."""
        self._hand_out(Notice(message=lambda view: message, item=item))

    def _hand_out(self, notice: Notice) -> None:
        for listener in self.on_notice:
            listener(notice)
