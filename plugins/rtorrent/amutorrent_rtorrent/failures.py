"""What may go wrong on the way to the daemon, in words that say what to look at."""

import errno

import httpx

from amutorrent import (
    AmutorrentError,
    AuthRejected,
    ClientFailed,
    DeadlineExceeded,
    ProtocolError,
    Unreachable,
    not_connected,
)

HINTS = {
    errno.ECONNREFUSED: "Nothing listens at {where}: is rTorrent running, with its SCGI (or the web server) there?",
    errno.ENOENT: "There is no socket {where}: is rTorrent running, and is the path right?",
    errno.ENOTDIR: "There is no socket {where}: is the path right?",
    errno.EACCES: "{where} may not be used by this program's user: give it access to the socket and its folder",
    errno.ENOTSOCK: "{where} is no socket: check socketPath",
}


def silent(where: str) -> DeadlineExceeded:
    """Say that a connection was taken, but not answered."""
    return DeadlineExceeded(f"{where} took the connection, but does not answer: rTorrent hangs, or is overloaded")


def hung_up(where: str) -> Unreachable:
    """Say that the connection ended before an answer."""
    return Unreachable(f"{where} closed the connection without an answer: it stopped, or is no rTorrent")


def of_http(error: httpx.HTTPError | OSError, where: str) -> AmutorrentError:
    """Translate an error of the HTTP library."""
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(f"{where} does not answer: is the address right, and does a firewall let us through?")
    if isinstance(error, httpx.TimeoutException):
        return silent(where)
    if isinstance(error, httpx.ConnectError):
        return not_connected(error, where, HINTS)
    if isinstance(error, httpx.RemoteProtocolError) and "closed" not in str(error) and "disconn" not in str(error):
        return ProtocolError(f"{where} does not speak HTTP ({error}): an SCGI port needs the mode scgi")
    return hung_up(where)


def of_status(status: int, location: str, where: str) -> AmutorrentError:
    """Translate a status of the web server that is no success."""
    if status == 401:
        return AuthRejected(f"{where} refused user name or password (this is not tried again by itself)")
    if status == 403:
        return AuthRejected(f"{where} does not let us in (403): look at the web server's rules for this path")
    if status in (502, 503, 504):
        return Unreachable(f"The web server at {where} answers {status}: rTorrent behind it does not")
    if status == 413:
        return ClientFailed(f"The web server at {where} does not take requests of this size (413)")
    if 300 <= status < 400:
        return ProtocolError(f"{where} redirects to {location[:200]!r}: check host, port, path and useSsl")
    return ProtocolError(f"{where} answers with status {status}, not as rTorrent: check host, port and path")
