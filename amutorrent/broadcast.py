"""What sockets are told beside the live list: the end of a search, a list of servers. Source: websocket 3 and 6."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from .catalogue import View


class Notice(Struct, frozen=True, kw_only=True):
    """A message for everybody who holds the permission `needs`; the sockets in `without` get it as a reply instead.

    `message` gives it for a class of readers: the same object where it says the same, None where it says nothing.
    """

    message: "Callable[[View], Struct | None]"
    needs: str
    without: Collection[object] = ()


class Broadcast:
    """Hands notices to whoever serves sockets. Telling never waits: what is told before a reply arrives before it."""

    def __init__(self) -> None:
        self.on_notice: list[Callable[[Notice], None]] = []

    def tell(self, message: Struct, needs: str, without: Collection[object] = ()) -> None:
        """Tell everybody who holds a permission the same."""
        self.tell_each(lambda view: message, needs, without)

    def tell_each(
        self, message: "Callable[[View], Struct | None]", needs: str, without: Collection[object] = ()
    ) -> None:
        """Tell everybody who holds a permission what exists for them."""
        notice = Notice(message=message, needs=needs, without=without)
        for listener in self.on_notice:
            listener(notice)
