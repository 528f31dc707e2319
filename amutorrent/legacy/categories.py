"""categories.json. Source: legacy-store 3."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ..model import DEFAULT, GREY, Category
from ..store.intake import Intake
from ..store.shelf import storable
from .report import FileReport

NEWEST = 1
_COLOR = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")


class OldCategory(Struct, frozen=True, kw_only=True, rename="camel"):
    """A category; its name is the key that it stands under."""

    color: str | None = None
    path: str | None = None
    path_mappings: dict[str, str] | None = None
    comment: str | None = None
    priority: int = 0
    created_at: str | None = None
    updated_at: str | None = None


def read_json(folder: Path, report: FileReport) -> dict[str, Any] | None:  # Any: JSON values
    """Read a JSON object; None: it is not there, or damaged, which is said."""
    try:
        found = msgspec.json.decode((folder / report.name).read_bytes())
    except FileNotFoundError:
        report.note("there is no such file")
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        report.skip("all of it", (error.strerror if isinstance(error, OSError) else None) or str(error))
        return None
    if not isinstance(found, dict):
        report.skip("all of it", "it is no JSON object")
        return None
    return found


def take_categories(folder: Path, intake: Intake, report: FileReport) -> None:
    """Take over categories that are not there, by name."""
    tree = read_json(folder, report)
    if tree is None:
        return
    version = tree.get("version", NEWEST)
    found = tree.get("categories")
    if not isinstance(version, int) or version > NEWEST or not isinstance(found, dict):
        report.skip("all of it", f"its format is not {NEWEST}, which is the one that is known")
        return
    for name, value in found.items():
        report.read += 1
        try:
            new = _category(name, msgspec.convert(value, OldCategory))
        except (msgspec.ValidationError, ValueError) as error:
            report.skip(f"category {name[:80]!r}", str(error))
            continue
        if name == DEFAULT and not (new.path or new.comment or new.path_mappings):
            report.known += 1  # it is as it is here
        elif intake.add_category(new):
            report.taken += 1
        else:
            report.known += 1


def _category(name: str, old: OldCategory) -> Category:
    new = Category(
        id=0 if name == DEFAULT else -1,
        name=name,
        title=name,
        path=old.path or "",
        color=_bgr(old.color),
        comment=old.comment or "",
        priority=old.priority if 0 <= old.priority <= 3 and name != DEFAULT else 0,
        path_mappings=old.path_mappings or None,
        created_at=_ms(old.created_at),
        updated_at=_ms(old.updated_at),
    )
    if not storable(new):
        raise ValueError("its name or a text of it cannot be kept")
    return new


def _bgr(color: str | None) -> int:
    found = _COLOR.fullmatch(color or "")
    return GREY if found is None else sum(int(found[number + 1], 16) << 8 * number for number in range(3))


def _ms(text: str | None) -> int | None:
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000) if text else None
    except (ValueError, OverflowError):
        return None
