"""Every error of ours, split by what the caller does next.

=====================  =====================================================  ======  ==================================
class                  code                                                   status  the caller then
=====================  =====================================================  ======  ==================================
InvalidRequest         validation_error; bad_request, invalid_json,           400     fixes the input
                       unknown_action
NotAuthenticated       unauthorized; setup_required, invalid_credentials      401     signs in
Forbidden              forbidden; admin_required, not_owner, cross_origin,    403     asks somebody who may
                       path_not_allowed, path_not_writable
NotFound               not_found; instance_not_found, item_not_found,         404     looks for it elsewhere
                       category_not_found
Conflict               already_exists; search_in_progress, ambiguous_hash,    409     looks again, then decides
                       instance_disabled, config_changed,
                       default_category_protected
HostNotAllowed         host_not_allowed                                       421     uses another host name
Unsupported            unsupported_by_client                                  422     does not ask this client again
RateLimited            rate_limited                                           429     waits `retry_after` seconds
PluginError            internal_error                                         500     reports it; it is in the log
ClientFailed           client_error                                           502     reads the message
  ProtocolError        client_error                                           502     the answer was nonsense
  AuthRejected         client_error                                           502     mends the credentials; no retry
Unreachable            not_connected                                          503     tries again later
NotReady               not_ready                                              503     tries again soon
StorageUnavailable     storage_unavailable                                    503     makes room, then tries again
DeadlineExceeded       timeout                                                504     tries again, or waits
=====================  =====================================================  ======  ==================================

The codes are the same in REST, on the WebSocket and in the log. Source: http-api 2.
"""

from collections.abc import Mapping
from typing import ClassVar

Details = Mapping[str, object]


class AmutorrentError(Exception):
    """The root of the tree. `message` is one sentence for people; `details` are facts for programs.

    Raise one of the classes below it. `code` narrows the class's own code to another one of its row.
    """

    code: str = "internal_error"
    codes: ClassVar[frozenset[str]] = frozenset()
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, code: str | None = None, details: Details | None = None) -> None:
        message = message.encode("utf-8", "replace").decode()  # it may quote a client, and has to leave as JSON
        super().__init__(message)
        self.message = message
        self.details: Details = details or {}
        if code is not None:
            if code != self.code and code not in self.codes:
                raise ValueError(f"{type(self).__name__} has no code {code!r}")
            self.code = code


class InvalidRequest(AmutorrentError):
    """The input is wrong: `details.field` says where."""

    code = "validation_error"
    codes = frozenset({"bad_request", "invalid_json", "unknown_action"})
    status = 400

    def __init__(
        self, message: str, *, field: str | None = None, code: str | None = None, details: Details | None = None
    ) -> None:
        super().__init__(message, code=code, details={**(details or {}), **({"field": field} if field else {})})


class NotAuthenticated(AmutorrentError):
    """Nobody, or not proven."""

    code = "unauthorized"
    codes = frozenset({"setup_required", "invalid_credentials"})
    status = 401


class Forbidden(AmutorrentError):
    """Somebody, but not allowed."""

    code = "forbidden"
    codes = frozenset({"admin_required", "not_owner", "cross_origin", "path_not_allowed", "path_not_writable"})
    status = 403


class NotFound(AmutorrentError):
    """The thing is not there."""

    code = "not_found"
    codes = frozenset({"instance_not_found", "item_not_found", "category_not_found"})
    status = 404


class Conflict(AmutorrentError):
    """It is there already, or has changed: look again, then decide."""

    code = "already_exists"
    codes = frozenset(
        {"search_in_progress", "ambiguous_hash", "instance_disabled", "config_changed", "default_category_protected"}
    )
    status = 409


class HostNotAllowed(AmutorrentError):
    """The `Host` header names a host that this daemon does not answer for."""

    code = "host_not_allowed"
    status = 421


class Unsupported(AmutorrentError):
    """The instance does not have the capability: do not ask again."""

    code = "unsupported_by_client"
    status = 422

    def __init__(self, capability: str, message: str | None = None) -> None:
        super().__init__(message or f"This client cannot do that ({capability})", details={"capability": capability})
        self.capability = capability


class RateLimited(AmutorrentError):
    """Too much: wait `retry_after` seconds."""

    code = "rate_limited"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, details={"retryAfter": retry_after})
        self.retry_after = retry_after


class PluginError(AmutorrentError):
    """A plugin broke its own contract; the log names it."""


class ClientFailed(AmutorrentError):
    """The client refused, or failed to do it."""

    code = "client_error"
    status = 502


class ProtocolError(ClientFailed):
    """The client sent what its protocol does not allow. `data` is shown as a short hex dump from `offset` on."""

    def __init__(self, message: str, *, data: bytes = b"", offset: int = 0) -> None:
        dump = data[offset : offset + 16].hex(" ")
        super().__init__(f"{message} (at byte {offset}: {dump})" if dump else message)
        self.offset = offset


class AuthRejected(ClientFailed):
    """The client refused the credentials (or speaks a version we do not): no retry until a person has looked."""


class Unreachable(AmutorrentError):
    """Nobody answers: the host tries again with back-off."""

    code = "not_connected"
    status = 503


class NotReady(AmutorrentError):
    """The daemon is still starting."""

    code = "not_ready"
    status = 503


class StorageUnavailable(AmutorrentError):
    """The disk is full, or the database locked or broken; live data is served all the same."""

    code = "storage_unavailable"
    status = 503


class DeadlineExceeded(AmutorrentError):
    """It took longer than it may."""

    code = "timeout"
    status = 504


class SettingsError(AmutorrentError):
    """The settings are wrong; the message names key, value, origin and what would be right."""


class StartError(AmutorrentError):
    """The daemon cannot start; the message says why and what would help."""
