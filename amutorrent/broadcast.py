"""What sockets are told beside the live list: the end of a search, a list of servers. Source: websocket 3 and 6."""

from collections.abc import Callable, Collection

from msgspec import Struct


class Notice(Struct, frozen=True, kw_only=True):
    """A message for everybody who holds the permission `needs`; the sockets in `without` get it as a reply instead."""

    message: Struct
    needs: str
    without: Collection[object] = ()


class Broadcast:
    """Hands notices to whoever serves sockets. Telling never waits: what is told before a reply arrives before it."""

    def __init__(self) -> None:
        self.on_notice: list[Callable[[Notice], None]] = []

    def tell(self, message: Struct, needs: str, without: Collection[object] = ()) -> None:
        """Tell everybody who holds a permission."""
        notice = Notice(message=message, needs=needs, without=without)
        for listener in self.on_notice:
            listener(notice)
