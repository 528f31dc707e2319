"""From totals that a client counts to bytes that were moved: none twice, none lost. Source: data-model 10."""

from ..client import Totals
from ..model.metrics import Counted

WORD = 2**32
QUARTER = 2**30


def moved(before: Counted | None, now: Totals, session: str, *, anew: bool) -> tuple[int, int]:
    """Give the bytes that were uploaded and downloaded since `before`; None: it is the first time, and nothing counts.

    `session` is the one in which the client counts now; "": it counts for life. `anew`: it is another than before.

    * Counted for life: what was added. A total that fell has lost what was counted already (a client that crashed
      knows its last save) and goes on from there, or was set back by somebody: nothing was moved then.
    * Counted by session: in a new one everything since its start; a total that fell within one has begun anew too,
      unless it was about to pass 4 GiB, which some count no further than.
    """
    if before is None:
        return 0, 0
    return (
        _difference(before.uploaded, now.uploaded, session, anew=anew),
        _difference(before.downloaded, now.downloaded, session, anew=anew),
    )


def marked(before: Counted | None, now: Totals, session: str) -> tuple[int, int]:
    """Give the totals, up and down, from which the next difference counts.

    A client that counts for life and says 0 has not read its own totals yet: qBittorrent 4.5 does so for seconds after
    its start. Taken as it is, all that it ever moved would count once more.
    """
    if before is None or before.session or session:
        return now.uploaded, now.downloaded
    return now.uploaded or before.uploaded, now.downloaded or before.downloaded


def _difference(before: int, now: int, session: str, *, anew: bool) -> int:
    if anew:
        return now if session else 0  # it counted by session before, and for life now: the two have nothing in common
    if now >= before:
        return now - before
    if not session:
        return 0
    return now + WORD - before if WORD - QUARTER <= before < WORD and now < QUARTER else now
