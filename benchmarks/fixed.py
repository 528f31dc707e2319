"""An operation that answers fixed bytes as long as the snapshot: what the same server does without rendering."""

from msgspec import Struct

from amutorrent import Call, Prepared, operation


class Nothing(Struct, frozen=True):
    """No fields."""


class Fixed(Struct, frozen=True, tag="fixed"):
    """Bytes of a fixed length."""


class FixedBytes(Prepared[Fixed]):
    """As many bytes as the snapshot has, always the same."""

    made: bytes = b""

    def __init__(self, size: int) -> None:
        if len(FixedBytes.made) != size:
            FixedBytes.made = b'{"type":"fixed","data":"%s"}' % (b"x" * (size - 26))

    @property
    def etag(self) -> str:
        """They never change."""
        return f"fixed-{len(self.made)}"

    def body(self) -> bytes:
        """Give them."""
        return self.made


@operation("benchFixed", http="GET /api/v1/bench/fixed")
async def fixed(request: Nothing, call: Call) -> Prepared[Fixed]:
    """Answer fixed bytes of the snapshot's length, through the same server."""
    return FixedBytes(len(FixedBytes.made) or len(call.catalogue.view(call.user).full()))
