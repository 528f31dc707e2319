"""What client plugins share on their way to a daemon: why there is no connection, and how much of an answer is read."""

import errno
import socket
import ssl
from collections.abc import AsyncIterable, Iterator, Mapping

import trio

from .errors import AmutorrentError, ProtocolError, Unreachable

TLS_ON_PLAIN = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "HTTP_REQUEST")
NOBODY = {errno.ECONNREFUSED: "Nothing listens at {where}: is the program running, and is the port right?"}


def not_connected(error: BaseException, where: str, hints: Mapping[int, str] = NOBODY) -> AmutorrentError:
    """Say in words why no connection came to be.

    `error` is what the socket or HTTP library raised; what lies behind it counts. `where` is the address as people
    know it. `hints` are sentences by `errno`, with `{where}` in them, that know the client.
    """
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ProtocolError(
                f"{where} has a certificate that this machine does not trust ({cause.verify_message}): add its"
                " authority to the system's, or name its file in SSL_CERT_FILE"
            )
        if isinstance(cause, ssl.SSLError):
            plain = any(hint in str(cause) for hint in TLS_ON_PLAIN)
            return ProtocolError(
                f"{where} speaks no HTTPS{'' if plain else f' ({cause.reason})'}: should useSsl be off?"
            )
        if isinstance(cause, socket.gaierror):
            return Unreachable(f"The host name of {where} is not known here: check host")
        if isinstance(cause, OSError) and (hint := hints.get(cause.errno or 0)):
            return Unreachable(hint.format(where=where))
    return Unreachable(f"{where} cannot be reached ({error}): check the address")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk over an error and all that lies behind it."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from causes(inner)
        error = error.__cause__ or error.__context__


async def read_body(pieces: AsyncIterable[bytes], most: int) -> bytes:
    """Join the pieces of an answer, as httpx's `aiter_raw` gives them. Raises `ProtocolError` above `most` bytes."""
    found, size = [], 0
    with trio.CancelScope() as scope:
        async for piece in pieces:
            found.append(piece)
            size += len(piece)
            if size > most:
                scope.cancel()  # leaving the loop would leave the generators inside httpx half read
    if size > most:
        raise ProtocolError(f"More than {most >> 20} MiB came in one answer")
    return b"".join(found)
