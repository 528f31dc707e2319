"""The table of qBittorrent's states. Source: data-model 2 and 3, qbittorrent 3."""

from typing import Final

from amutorrent import Status

STATUS: Final[dict[str, Status]] = {
    "allocating": "active",
    "downloading": "active",
    "forcedDL": "active",
    "forcedMetaDL": "active",
    "metaDL": "active",
    "queuedDL": "active",
    "stalledDL": "active",
    "forcedUP": "seeding",
    "queuedUP": "seeding",
    "stalledUP": "seeding",
    "uploading": "seeding",
    "pausedDL": "stopped",
    "pausedUP": "stopped",
    "stoppedDL": "stopped",
    "stoppedUP": "stopped",
    "checkingDL": "checking",
    "checkingResumeData": "checking",
    "checkingUP": "checking",
    "moving": "moving",
    "error": "error",
    "missingFiles": "error",
}
"""Native state -> status. What is not here is shown as `active` and logged once."""

MESSAGE: Final = {"error": "Error", "missingFiles": "Missing files"}

NOT_IN_PLACE: Final = frozenset({"allocating", "forcedMetaDL", "metaDL", "moving"})
"""With `checking*`: states in which the data is not yet verified at its final place."""


def status_of(state: str) -> Status:
    """Give the status of a native state."""
    return STATUS.get(state) or ("checking" if state.startswith("checking") else "active")


def is_known(state: str) -> bool:
    """Say if the table has this state."""
    return state in STATUS


def may_be_complete(state: str) -> bool:
    """Say if data that is all there also lies verified at its final place."""
    return state not in NOT_IN_PLACE and not state.startswith("checking")
