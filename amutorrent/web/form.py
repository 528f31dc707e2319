"""multipart/form-data, taken apart in memory: the body is there already, and within its limit."""

from typing import NamedTuple

from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from ..errors import InvalidRequest

MAX_PARTS = 100


class Part(NamedTuple):
    """One part of a form; `file_name` is None where it is text."""

    name: str
    file_name: str | None
    content: bytes

    @property
    def text(self) -> str:
        """The content as text. Raises `UnicodeDecodeError`."""
        return self.content.decode()


def parts_of(body: bytes, boundary: str) -> list[Part]:
    """Take a form apart. Raises `InvalidRequest` (`bad_request`) if it is none."""
    try:
        return _parts(body, boundary.encode("ascii"))
    except ValueError as error:
        raise InvalidRequest("This is no multipart form", code="bad_request") from error


def _parts(body: bytes, boundary: bytes) -> list[Part]:
    if not boundary:
        raise ValueError("no boundary")
    decoder = MultipartDecoder(boundary, max_parts=MAX_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    found: list[Part] = []
    content: list[bytes] = []
    head: Field | File | None = None
    while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
        if isinstance(event, (Field, File)):
            head, content = event, []
        elif isinstance(event, Data):
            content.append(event.data)
            if not event.more_data and head is not None:
                file_name = head.filename if isinstance(head, File) else None
                found.append(Part(head.name, file_name, b"".join(content)))
    return found
