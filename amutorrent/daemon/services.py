"""The services of plugins: what runs as long as the daemon does."""

import logging
from collections.abc import Awaitable, Callable

import trio

from ..cancellation import cancelled_alone
from ..instances.backoff import Backoff

log = logging.getLogger("amutorrent.daemon")


async def keep_running(plugin: str, service: Callable[[], Awaitable[None]]) -> None:
    """Run a plugin's service, again with back-off when it ends or fails: a failure stops here."""
    backoff = Backoff()
    while True:
        began = trio.current_time()
        try:
            with cancelled_alone():
                await service()
            log.warning("a service of plugin %s ended", plugin)
        except Exception:
            log.exception("a service of plugin %s failed", plugin)
        if trio.current_time() - began > 60:
            backoff.reset()
        await trio.sleep(backoff.next())
