"""Why an item is not imported: the first thing that is in the way, and words that name it. Source: http-api 12."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from .rows import Row
from .shown import View

Reason = Literal[
    "handing_over", "handover_failed", "client_away", "no_space", "incomplete", "never_asked", "no_path",
    "path_missing", "path_not_readable", "ok",
]  # fmt: skip


class Facts(NamedTuple):
    """What is known of an item before a disk is looked at.

    `local`: its file, or the folder that it comes into, as this program sees it; `asked_for`: the categories that each
    program asks for.
    """

    view: View
    row: Row
    connected: bool
    complete: bool
    local: str
    asked_by: list[str]
    asked_for: Mapping[str, Sequence[str]]


class File(NamedTuple):
    """A file as it was found. `missing`, `barred`: the first folder on the way to it that is not there, or not open."""

    exists: bool
    readable: bool
    missing: str = ""
    barred: str = ""


class Seen(NamedTuple):
    """What was found on the disks: files, and free bytes of folders, by path. What is missing did not answer."""

    files: dict[str, File]
    free: dict[str, int]


def look_at(path: str) -> File:
    """Look at a file, and for what is in the way to it. Blocks."""
    if os.path.exists(path):
        return File(True, os.access(path, os.R_OK))
    for folder in reversed(Path(path).parents):
        if not folder.is_dir():
            return File(False, False, missing=str(folder))
        if not os.access(folder, os.X_OK):
            return File(False, False, barred=str(folder))
    return File(False, False)


def cause_of(facts: Facts, seen: Seen) -> tuple[Reason, str]:
    """Give the first reason that holds, and a sentence about it."""
    reason, message = _cause(facts, seen)
    record = facts.view.record
    return reason, f"{message}: {record.error}" if record is not None and record.error else message


def _cause(facts: Facts, seen: Seen) -> tuple[Reason, str]:
    record, entry = facts.view.record, facts.view.entry
    if record is not None and record.state == "waiting":
        return "handing_over", "It waits until a client answers that takes it"
    if record is not None and record.state == "failed":
        return "handover_failed", "Its client refuses it"
    if not facts.connected:
        return "client_away", "Its client is away, so what is told is what it said last"
    if entry is not None and entry.item.complete and not entry.item.path:
        return "no_path", "Its client does not say where it lies"
    if not facts.complete:
        return _unfinished(facts, seen.free.get(facts.local))
    if not facts.asked_by:
        return "never_asked", _nobody(facts)
    return _finished(facts, seen.files.get(facts.local))


def _unfinished(facts: Facts, free: int | None) -> tuple[Reason, str]:
    if free is not None and free < facts.row.amount_left:
        lacking = f"{free} bytes are free in {facts.local}, and {facts.row.amount_left} are missing"
        return "no_space", f"Less is free than is missing: {lacking}"
    return "incomplete", "It is not complete yet"


def _nobody(facts: Facts) -> str:
    category = f"its category {facts.view.category!r}" if facts.view.category else "what has no category"
    asked = [f"{agent} asks for {', '.join(map(repr, names))}" for agent, names in facts.asked_for.items() if names]
    others = f" ({'; '.join(asked)})" if asked else ": is the download client set up there, and switched on?"
    return f"No program has asked for {category} since the start{others}"


def _finished(facts: Facts, file: File | None) -> tuple[Reason, str]:
    if file is None:
        return "path_missing", f"The disk of {facts.local} does not answer"
    if file.exists and file.readable:
        later = ", and to remove when its seed goal is met" if facts.row.state == "stalledUP" else ""
        return "ok", f"Ready to import{later}"
    if file.exists:
        return "path_not_readable", f"{facts.local} cannot be read from here: mend its rights, or the user we run as"
    if file.barred:
        return "path_not_readable", f"{file.barred} cannot be entered from here: mend its rights"
    if file.missing:
        return "path_missing", f"There is no {file.missing} here: the client sees other paths, which need a mapping"
    return "path_missing", f"{facts.local} is not there: it was moved or deleted, or the paths need a mapping"
