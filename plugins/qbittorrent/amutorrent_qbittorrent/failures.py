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
    errno.ECONNREFUSED: "Nothing listens at {where}: is qBittorrent running, with its Web UI on at this port?",
}
NO_TEXT = "qBittorrent declined without saying why"


class Refusal(ClientFailed):
    """The daemon answered a call with an error status. `http_status` is that status; the message is its own text."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.http_status = status

    @property
    def of_a_stranger(self) -> bool:
        """Whether this is how every endpoint but the login answers without a session."""
        return self.http_status == 403 and self.message in ("Forbidden", NO_TEXT)


def of_transport(error: httpx.HTTPError | OSError, where: str) -> AmutorrentError:
    """Translate an error of the HTTP library; `where` is the origin that was asked."""
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(f"{where} does not answer: is the address right, and does a firewall let us through?")
    if isinstance(error, httpx.TimeoutException):
        return DeadlineExceeded(f"{where} took the connection, but gave no answer in time: it hangs, or is overloaded")
    if isinstance(error, httpx.ConnectError):
        return not_connected(error, where, HINTS)
    if isinstance(error, httpx.RemoteProtocolError) and not _hung_up(error):
        return ProtocolError(
            f"{where} does not speak HTTP ({error}): is it the Web UI's port, and should useSsl be on?"
        )
    return Unreachable(
        f"{where} closed the connection in the middle: it stopped, or speaks HTTPS only (then useSsl should be on)"
    )


def _hung_up(error: httpx.RemoteProtocolError) -> bool:
    text = str(error).lower()
    return "disconnected" in text or "closed connection" in text


def of_status(status: int, kind: str, body: bytes, location: str, where: str) -> AmutorrentError:
    """Translate an answer that is no success: its status, content type and body, and where it points to."""
    if 300 <= status < 400:
        return ProtocolError(
            f"{where} redirects to {shorten(location)}, so something else than qBittorrent answers:"
            " check host, port, path and useSsl"
        )
    if status in (502, 503, 504):
        return Unreachable(f"The proxy at {where} answers {status}: qBittorrent behind it does not")
    if status == 401:
        return AuthRejected(
            f"{where} answers 401: qBittorrent does this when the port we use is not the Web UI's own (a port that"
            " is mapped by a container or proxy), a proxy when it wants a login of its own"
        )
    if "html" in kind:
        return something_else(where, f"a web page with status {status}")
    return Refusal(shorten(text_of(body)) or NO_TEXT, status)


def something_else(where: str, what: str) -> ProtocolError:
    """Say that it is not qBittorrent's Web API that answers."""
    return ProtocolError(f"{where} answers with {what}, which is not qBittorrent's Web API: check host, port and path")


def text_of(body: bytes) -> str:
    """Read a short text answer."""
    return body[:2000].decode("utf-8", "replace").strip()


def shorten(text: str) -> str:
    """Keep a foreign text fit for a log line."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:197] + "..."
