"""What sockets are told of moves."""

from msgspec import Struct

from ..model import camel


class Moved(Struct, frozen=True, kw_only=True, rename=camel, tag="success"):
    """A move that has ended well."""

    message: str
    file_hash: str
    instance_id: str


MOVE_MESSAGES: tuple[type[Struct], ...] = (Moved,)
