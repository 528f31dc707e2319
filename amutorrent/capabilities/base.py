"""What a capability is: an abstract class with a name on the wire."""

from abc import ABC
from collections.abc import Iterable, Mapping
from typing import ClassVar

from ..errors import AmutorrentError

Outcome = Mapping[str, AmutorrentError | None]
"""What became of each hash: None where it was done, the error where it was not."""


def done(hashes: Iterable[str]) -> Outcome:
    """Say of every hash that it was done."""
    return dict.fromkeys(hashes)


class Capability(ABC):  # noqa: B024  (those without methods say only what a client does of itself)
    """One thing that a client can do. Subclass it directly to declare a new one.

    The name on the wire is the class name with a small first letter: `FileRatingComment` is `fileRatingComment`.
    A client has the capabilities whose classes it (or one of its `parts`) implements, less those that `probe` found
    missing. Methods that take hashes get all of one request at once and answer for each; an error that concerns
    all of them is raised.
    """

    capability: ClassVar[str] = ""

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if Capability in cls.__bases__ and "capability" not in cls.__dict__:
            cls.capability = cls.__name__[0].lower() + cls.__name__[1:]


def capabilities_of(*parts: object) -> dict[str, type[Capability]]:
    """List the capabilities that these objects (or classes) implement, by name on the wire."""
    found: dict[str, type[Capability]] = {}
    for part in parts:
        kind = part if isinstance(part, type) else type(part)
        for base in kind.__mro__:
            if Capability in base.__bases__ and issubclass(base, Capability):
                found[base.capability] = base
    return found
