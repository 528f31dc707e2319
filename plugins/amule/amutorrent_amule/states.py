"""Tables of aMule's states. Source: data-model 2, 3 and 4, amule-ec 8."""

from typing import Final

from amutorrent import PriorityLevel, Status

PAUSED: Final = 7
COMPLETE: Final = 9

STATUS: Final[dict[int, Status]] = {
    0: "active",
    1: "active",
    2: "checking",
    3: "checking",
    4: "error",
    5: "error",
    7: "paused",
    8: "checking",
    9: "seeding",
    10: "active",
}
"""Status of a part file; 8 is being moved to its place. What is not here is shown as `active` and logged once."""

MESSAGE: Final = {4: "Error", 5: "Not enough space on the disk"}

AUTO: Final = 5
AUTO_FROM: Final = 10
"""An automatic priority is reported as 10 and the level that it has now."""

LEVELS: Final[dict[int, PriorityLevel]] = {
    4: "veryLow",
    0: "low",
    1: "normal",
    2: "high",
    3: "veryHigh",
    5: "auto",
    6: "veryHigh",
}
NUMBERS: Final[dict[PriorityLevel, int]] = {
    "veryLow": 4,
    "low": 0,
    "normal": 1,
    "high": 2,
    "veryHigh": 3,
    "auto": 5,
}

UPLOADING: Final = 0
DOWNLOADING: Final = 0
UPLOAD_STATES: Final = {
    0: "uploading",
    1: "queued",
    2: "waiting for callback",
    3: "connecting",
    4: "pending",
    5: "low ID to low ID",
    6: "banned",
    7: "error",
}
DOWNLOAD_STATES: Final = {
    0: "downloading",
    1: "queued",
    2: "connected",
    3: "connecting",
    4: "waiting for callback",
    5: "waiting for callback by Kad",
    6: "asking for the hash set",
    7: "no needed parts",
    8: "too many connections",
    9: "too many connections by Kad",
    10: "low ID to low ID",
    11: "banned",
    12: "error",
}
"""What is not in these two tables is none."""

ORIGINS: Final = {
    1: "local server",
    2: "other server",
    3: "Kad",
    4: "source exchange",
    5: "passive",
    6: "link",
    7: "saved sources",
    8: "search result",
}

SOFTWARE: Final = {
    0: "eMule",
    1: "cDonkey",
    2: "lxMule",
    3: "aMule",
    4: "Shareaza",
    5: "eMule+",
    6: "HydraNode",
    10: "MLDonkey",
    20: "lphant",
    40: "Shareaza",
    50: "eDonkeyHybrid",
    51: "eDonkey",
    52: "MLDonkey",
    53: "old eMule",
    68: "Shareaza",
    152: "MLDonkey",
    255: "compatible",
}


def priority(number: int) -> PriorityLevel | None:
    """Give the level of a number as the daemon reports it; None for one that is unknown."""
    return "auto" if number >= AUTO_FROM else LEVELS.get(number)
