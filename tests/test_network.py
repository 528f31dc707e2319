"""What client plugins share on their way to a daemon."""

import errno
import socket
import ssl

import pytest

from amutorrent import ProtocolError, Unreachable, not_connected, read_body

HINTS = {errno.ECONNREFUSED: "Nothing at {where}: start it"}


SELF_SIGNED = ssl.SSLCertVerificationError(1, "certificate verify failed")
SELF_SIGNED.verify_message = "self-signed certificate"


def behind(error):
    """Wrap an error as libraries do: as a cause, in a group."""
    outer = RuntimeError("All connection attempts failed")
    outer.__cause__ = ExceptionGroup("attempts", [error])
    return outer


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Unreachable, "Nothing at nas:80: start it"),
        (socket.gaierror(-2, "unknown"), Unreachable, "The host name of nas:80 is not known here"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), ProtocolError, "nas:80 speaks no HTTPS: should useSsl"),
        (
            SELF_SIGNED,
            ProtocolError,
            "nas:80 has a certificate that this machine does not trust (self-signed certificate)",
        ),
        (OSError(errno.ENETUNREACH, "no way"), Unreachable, "nas:80 cannot be reached"),
    ],
)
def test_the_cause_is_found_wherever_it_lies(error, kind, said):
    for raised in (error, behind(error)):
        found = not_connected(raised, "nas:80", HINTS)
        assert isinstance(found, kind)
        assert found.message.startswith(said)


def test_without_hints_a_refusal_is_said_in_general_words():
    assert not_connected(ConnectionRefusedError(errno.ECONNREFUSED, "x"), "nas:80").message.startswith(
        "Nothing listens"
    )


async def pieces(*sizes):
    for size in sizes:
        yield b"x" * size


async def test_a_body_is_joined_up_to_a_limit():
    assert await read_body(pieces(3, 0, 2), 5) == b"xxxxx"
    with pytest.raises(ProtocolError, match="More than 1 MiB"):
        await read_body(pieces(1 << 20, 1), 1 << 20)
