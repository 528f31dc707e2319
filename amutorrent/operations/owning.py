"""Who adds an item owns it. Source: http-api 4, data-model 8."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import trio

from ..capabilities import Outcome
from ..errors import DeadlineExceeded, Unreachable
from ..instances import Instance
from .call import Call


@dataclass
class Claim:
    """What became of the items that are added; None: that is not known."""

    outcome: Outcome | None = None


@asynccontextmanager
async def owned(call: Call, instance: Instance, hashes: Iterable[str]) -> AsyncIterator[Claim]:
    """Make the caller the owner of what is added in the block, from the moment it shows; set `outcome` in it.

    What is there already stays whose it is. What failed is the caller's no longer; but if the client did not answer it
    may have it all the same.
    """
    keys = {hash: (instance.id, hash) for hash in hashes}
    owners, catalogue = call.catalogue.owners, call.catalogue
    new = {hash: key for hash, key in keys.items() if _is_new(call, key)}
    claim, failed = Claim(), list(new.values())
    catalogue.publish()  # what is gone is told to whose it was
    await owners.claim(call.user, new.values())
    try:
        yield claim
        outcome = claim.outcome or {}
        failed = [key for hash, key in new.items() if outcome.get(hash) is not None]
    except (DeadlineExceeded, Unreachable):
        failed = []
        raise
    finally:
        if call.user.id is not None:
            catalogue.publish()
            with trio.CancelScope(shield=True):
                await owners.release([key for key in failed if catalogue.get(*key) is None])


def _is_new(call: Call, key: tuple[str, str]) -> bool:
    """Say whether an item is being added: it is not there, and nobody else is adding it at the same time."""
    owners, there = call.catalogue.owners, call.catalogue.holds(key)
    if owners.of(key) is None:
        return call.catalogue.get(*key) is None
    return there is False and not owners.expects(key)  # it was somebody's, and is gone
