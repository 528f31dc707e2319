"""One attempt to connect to a client, and what became of it in words."""

import errno
import logging
import socket
from collections.abc import Iterator
from typing import Literal

import trio
from msgspec import Struct

from ..cancellation import cancelled_alone
from ..client import Client, ClientConfig, RunSync
from ..errors import AmutorrentError, AuthRejected, DeadlineExceeded, ProtocolError, Unreachable
from ..model import camel
from .connection import connect
from .report import leaf, reason

TRIAL_S = 10.0
CLOSED = (ConnectionResetError, BrokenPipeError, EOFError, trio.BrokenResourceError, trio.EndOfChannel)
CLOSED_BY_NAME = frozenset({"RemoteProtocolError", "ReadError", "WriteError", "IncompleteReadError"})
"""How httpx, which plugins use and the host does not, and its like call the same."""


class Trial(Struct, frozen=True, kw_only=True, rename=camel):
    """What came of it. `cause` is the probable one, in a few words; `message` the whole story."""

    id: str
    type: str
    name: str
    result: Literal["ok", "failed", "skipped"]
    seconds: float = 0.0
    version: str | None = None
    capabilities: list[str] = []
    cause: str | None = None
    message: str | None = None


async def try_client(config: ClientConfig, kind: type[Client] | None, log: logging.Logger, run_sync: RunSync) -> Trial:
    """Connect, log in, ask for the version, and close again, within `TRIAL_S`. Never raises."""
    if not config.enabled:
        return _trial(config, "skipped", message="it is switched off in the settings")
    if kind is None or config.settings is None:
        return _trial(config, "failed", cause="its plugin is not loaded", message=config.error)
    began = trio.current_time()
    adapter = logging.LoggerAdapter(log, {"instance": config.id})
    try:
        with trio.fail_after(TRIAL_S), cancelled_alone():
            async with connect(kind, config.settings, config.id, adapter, run_sync) as connection:
                version, capabilities = connection.version, sorted(connection.capabilities)
    except Exception as error:  # a plugin's failure stops here: it is what was to be found out
        return _failed(config, leaf(error), trio.current_time() - began)
    seconds = round(trio.current_time() - began, 2)
    return _trial(config, "ok", seconds=seconds, version=version, capabilities=capabilities)


def _failed(config: ClientConfig, error: Exception, seconds: float) -> Trial:
    if isinstance(error, trio.TooSlowError):
        error = DeadlineExceeded(f"No answer within {TRIAL_S:.0f} s")
    return _trial(config, "failed", seconds=round(seconds, 2), cause=probable_cause(error), message=reason(error))


def _trial(config: ClientConfig, result: Literal["ok", "failed", "skipped"], **facts: object) -> Trial:
    return Trial(id=config.id, type=config.type, name=config.name, result=result, **facts)  # type: ignore[arg-type]  # the fields of Trial


def probable_cause(error: BaseException) -> str:
    """Name what is probably wrong, in a few words."""
    if isinstance(error, AuthRejected):
        return "credentials or version refused"
    if isinstance(error, ProtocolError):
        return "wrong protocol or version"
    if isinstance(error, DeadlineExceeded):
        return "timeout"
    if isinstance(error, Unreachable):
        return next(filter(None, map(_of_network, _behind(error))), "not reachable")
    return "the client failed" if isinstance(error, AmutorrentError) else "the plugin failed"


def _of_network(error: BaseException) -> str | None:
    if isinstance(error, socket.gaierror):
        return "unknown host name"
    if isinstance(error, ConnectionRefusedError) or getattr(error, "errno", None) == errno.ECONNREFUSED:
        return "connection refused"
    if isinstance(error, (TimeoutError, trio.TooSlowError)):
        return "timeout"
    if isinstance(error, CLOSED) or type(error).__name__ in CLOSED_BY_NAME:
        return "connection closed before the login was done"
    return None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """Walk over an error and all that lies behind it."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _behind(inner)
        error = error.__cause__ or error.__context__
