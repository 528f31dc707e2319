"""What a plugin says of its client beside items, checked where it comes in: it goes to every reader."""

from typing import Any

import msgspec
from msgspec import Struct

from ..client import Changes, Probe
from ..errors import PluginError
from ..model import ClientCategory, Light, Limits


class _Facts(Struct, frozen=True):
    """The fields of `Changes` that are sent, as they have to be when read back from JSON."""

    download_speed: int
    upload_speed: int
    network_status: Any  # a Light, or Lights by name: checked by hand, since a schema has no such union
    speed_limits: Limits | None
    categories: list[ClientCategory] | None
    default_path: str | None


_decoder = msgspec.json.Decoder(_Facts)


def checked_changes(changes: object) -> Changes:
    """Let the answer to a poll through. Raises `PluginError` saying what is wrong; the items are looked at later."""
    if not isinstance(changes, Changes):
        raise PluginError(f"poll() gave {type(changes).__name__}, not Changes")
    status = changes.network_status
    lights = status.values() if isinstance(status, dict) else () if status is None else (status,)
    if not all(isinstance(light, Light) for light in lights):
        raise PluginError("poll() gave a network status that is no Light")
    try:
        _decoder.decode(msgspec.json.encode({name: getattr(changes, name) for name in _Facts.__struct_fields__}))
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError, OverflowError) as error:
        raise PluginError(f"poll() gave a wrong value: {error}") from error
    return changes


def checked_probe(probe: object) -> Probe:
    """Let the answer to a probe through. Raises `PluginError`."""
    if not isinstance(probe, Probe):
        raise PluginError(f"probe() gave {type(probe).__name__}, not Probe")
    try:
        probe.version.encode()
    except (AttributeError, UnicodeEncodeError) as error:
        raise PluginError(f"probe() gave {probe.version!r} as the version") from error
    return probe
