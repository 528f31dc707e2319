"""Forgets old rows, once a day, if somebody wants that. Source: data-model 9."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import trio

from ..errors import StorageUnavailable

if TYPE_CHECKING:
    from ..store import HistoryShelf

HOUR = 3
LOOK_S = 600.0
"""So often the clock is read: it may be set, and the machine may sleep."""
DAY_MS = 86_400_000

log = logging.getLogger("amutorrent.history")


def next_cleaning(after: datetime) -> datetime:
    """Give the next time at which it is three in the morning."""
    today = after.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today > after else today + timedelta(days=1)


async def clean_daily(
    shelf: "HistoryShelf", days: Callable[[], int], *, clock: Callable[[], datetime] = datetime.now
) -> None:
    """Delete every day what began more than `days()` days ago; 0: nothing. Runs until cancelled."""
    due = next_cleaning(clock())
    while True:
        await trio.sleep(LOOK_S)
        if clock() < due:
            continue
        try:
            if days():
                gone = await shelf.delete_older(int(clock().timestamp() * 1000) - days() * DAY_MS)
                log.info("%d rows of the history were older than %d days", gone, days())
        except StorageUnavailable:
            continue  # the store has told why
        due = next_cleaning(clock())
