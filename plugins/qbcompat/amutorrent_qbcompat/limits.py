"""Limits of the total speed: those of the clients that are shown. Bytes/s; 0 is none. Source: http-api 6 and 12."""

from collections.abc import Callable

from amutorrent import Instance, Limits, SpeedLimits

from .asked import Ask, Refused


def total(ask: Ask, of: Callable[[Limits], int]) -> int:
    """Add up the limits of all clients that are there; 0 if one of them has none."""
    found = [of(each) for each in _limits(ask)]
    return sum(found) if found and all(found) else 0


def alternative(ask: Ask) -> bool:
    """Say whether the second set of limits is in force in one of them."""
    return any(each.alternative for each in _limits(ask))


async def download(ask: Ask) -> str:
    """Give the limit for downloading."""
    return str(total(ask, lambda limits: limits.download))


async def upload(ask: Ask) -> str:
    """Give the limit for uploading."""
    return str(total(ask, lambda limits: limits.upload))


async def mode(ask: Ask) -> str:
    """Give 1 where the second set of limits is in force, else 0."""
    return str(int(alternative(ask)))


async def set_download(ask: Ask) -> str:
    """Limit downloading, in the one client that is shown."""
    return await _set(ask, download=_wanted(ask, "limit"))


async def set_upload(ask: Ask) -> str:
    """Limit uploading, in the one client that is shown."""
    return await _set(ask, upload=_wanted(ask, "limit"))


async def set_mode(ask: Ask) -> str:
    """Switch the second set of limits: `mode` 1 on, 0 off."""
    return await _set(ask, alternative=bool(_wanted(ask, "mode")))


async def toggle_mode(ask: Ask) -> str:
    """Switch the second set of limits on if it is off, and off if it is on."""
    return await _set(ask, alternative=not alternative(ask))


def _wanted(ask: Ask, name: str) -> int:
    ask.need(name)
    return max(0, ask.whole(name, 0))


async def _set(ask: Ask, **limits: object) -> str:
    able = [each for each in ask.shown.instances() if each.connected and each.has(SpeedLimits)]
    if len(able) != 1:  # how is one limit to be shared out among several?
        raise Refused(409, f"{len(able)} of the clients shown can limit their speed now; it has to be one")
    await ask.host.operations.call("setSpeedLimits", {"instanceId": able[0].id, **limits}, ask.user)
    return ""


def _limits(ask: Ask) -> list[Limits]:
    return [limits for each in ask.shown.instances() if each.connected and (limits := _of(each)) is not None]


def _of(instance: Instance) -> Limits | None:
    return instance.info().speed_limits
