"""Named points of a move, so that a test can end the program at each of them. Nobody else sets `reached`."""

from collections.abc import Callable

POINTS = (
    "planned",
    "copying",
    "copied",
    "placing",
    "placed",
    "setting aside",
    "set aside",
    "told",
    "leaving",
    "left",
    "putting back",
    "put back",
    "taking back",
    "taken back",
    "discarding",
    "discarded",
)
"""In the middle of each phase and at its end, before that is written down."""


def _nothing(point: str) -> None:
    """Go on."""


reached: Callable[[str], None] = _nothing
"""Called, in whatever thread, when a move comes to one of `POINTS`."""
