"""One request over many items: grouped by instance, one call each, a result per item in request order."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import trio

from ..capabilities import Outcome
from ..errors import AmutorrentError, PluginError
from ..instances import Instance
from .call import Call
from .requests import ItemRef, ItemResult

Found = tuple[Instance, str] | AmutorrentError
Act = Callable[[Instance, list[str]], Awaitable[Outcome]]


async def run_batch(call: Call, items: Sequence[ItemRef], act: Act) -> list[ItemResult]:
    """Run `act` once for every instance concerned, all at the same time, and poll those at once afterwards.

    Whatever goes wrong with an item or an instance is a failed result, never an error of the whole.
    """
    found = [_find(call, item) for item in items]
    groups: dict[str, tuple[Instance, list[str]]] = {}
    for each in found:
        if not isinstance(each, AmutorrentError):
            instance, hash = each
            hashes = groups.setdefault(instance.id, (instance, []))[1]
            if hash not in hashes:
                hashes.append(hash)
    outcomes: dict[str, Outcome] = {}
    async with trio.open_nursery() as nursery:
        for instance, hashes in groups.values():
            nursery.start_soon(_act_on, act, instance, hashes, outcomes)
    call.instances.poke(outcomes)
    return [_result(item, each, outcomes) for item, each in zip(items, found, strict=True)]


def summary(results: Sequence[ItemResult], form: str = "{}/{} successful") -> str:
    """Say how many went well."""
    return form.format(sum(each.success for each in results), len(results))


def _find(call: Call, item: ItemRef) -> Found:
    try:
        instance, entry = call.changing(item.file_hash, item.instance_id)
    except AmutorrentError as error:
        return error
    return instance, entry.item.hash


async def _act_on(act: Act, instance: Instance, hashes: list[str], outcomes: dict[str, Outcome]) -> None:
    try:
        outcome = checked(instance, await act(instance, hashes))
    except AmutorrentError as error:
        outcome = dict.fromkeys(hashes, error)
    outcomes[instance.id] = outcome


def checked(instance: Instance, outcome: object) -> Outcome:
    """See that a plugin's answer is one. Raises `PluginError`; a single entry that is none counts as unanswered."""
    if not isinstance(outcome, Mapping):
        raise PluginError(f"The plugin for {instance.config.type} answered nonsense")
    return {
        hash: error if error is None or isinstance(error, AmutorrentError) else UNANSWERED
        for hash, error in outcome.items()
    }


def _result(
    item: ItemRef, found: tuple[Instance, str] | AmutorrentError, outcomes: Mapping[str, Outcome]
) -> ItemResult:
    hash = item.file_hash.lower()
    if isinstance(found, AmutorrentError):
        return _failed(hash, item.instance_id, found)
    instance_id = found[0].id
    error = outcomes[instance_id].get(hash, UNANSWERED)
    if error is not None:
        return _failed(hash, instance_id, error)
    return ItemResult(file_hash=hash, success=True, instance_id=instance_id)


UNANSWERED = PluginError("The client did not say what became of it")


def _failed(hash: str, instance_id: str | None, error: AmutorrentError) -> ItemResult:
    return ItemResult(file_hash=hash, success=False, instance_id=instance_id, error=error.message, code=error.code)
