"""Tries what is not saved yet: clients, and folders. Source: http-api 13."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import trio
from msgspec import UNSET, Struct, UnsetType

from ..client import Client, ClientConfig, RunSync
from ..instances.trial import try_client
from ..model import camel

AT_ONCE = 8
FOLDER_S = 5.0


class Tested(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What came of one trial: `error` says what is wrong, null where nothing is."""

    success: bool
    error: str | None
    connected: bool | UnsetType = UNSET
    version: str | UnsetType = UNSET


async def try_clients(
    configs: Sequence[ClientConfig | str],
    kinds: Mapping[str, type[Client]],
    run_sync_for: Callable[[str], RunSync],
) -> list[Tested]:
    """Connect to clients, log in, and close again; a text is what is wrong with the settings of that one."""
    results: list[Tested] = [Tested(success=False, error="", connected=False)] * len(configs)
    limit = trio.CapacityLimiter(AT_ONCE)

    async def one(number: int, config: ClientConfig) -> None:
        async with limit:
            results[number] = await _try(config, kinds.get(config.type), run_sync_for)

    async with trio.open_nursery() as nursery:
        for number, config in enumerate(configs):
            if isinstance(config, str):
                results[number] = Tested(success=False, error=config, connected=False)
            else:
                nursery.start_soon(one, number, config)
    return results


async def _try(config: ClientConfig, kind: type[Client] | None, run_sync_for: Callable[[str], RunSync]) -> Tested:
    log = logging.getLogger(f"amutorrent.client.{config.type}")
    trial = await try_client(replace(config, enabled=True), kind, log, run_sync_for(config.type))
    if trial.result == "ok":
        return Tested(success=True, error=None, connected=True, version=trial.version or UNSET)
    said = ": ".join(filter(None, [trial.cause, trial.message]))
    return Tested(success=False, error=said or "It failed", connected=False)


async def try_folder(path: str, *, writable: bool) -> Tested:
    """Say whether a folder is there and can be used; one that hangs is left alone after a while."""
    with trio.move_on_after(FOLDER_S):
        error = await trio.to_thread.run_sync(folder_problem, path, writable, abandon_on_cancel=True)
        return Tested(success=error is None, error=error)
    return Tested(success=False, error="The folder does not answer: is a network share away?")


def folder_problem(path: str, writable: bool) -> str | None:
    """Say what is wrong with a folder, None if nothing is; one to be written to may be made yet."""
    if not path.startswith("/") or "\0" in path or ".." in path.split("/"):
        return "It should be an absolute path without '..'"
    folder = Path(path)
    try:
        if writable and not folder.exists():
            parent = next(each for each in folder.parents if each.exists())
            return None if parent.is_dir() and os.access(parent, os.W_OK) else f"It cannot be made in {parent}"
        if not folder.exists():
            return "There is no such folder"
    except OSError as error:
        return error.strerror or str(error)
    if not folder.is_dir():
        return "This is no folder"
    if not os.access(folder, os.R_OK | os.X_OK | (os.W_OK if writable else 0)):
        return "It cannot be written to" if writable else "It cannot be read"
    return None
