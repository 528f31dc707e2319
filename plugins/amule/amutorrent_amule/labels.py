"""The daemon's list of categories, as it was read. Pure. Source: amule-ec 6 (Categories), data-model 7."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from amutorrent import DEFAULT, GREY, ClientCategory

from .codec import Packet
from .codes import T
from .tags import Tag, first, text, uint

NO_INDEX: Final = 0


class Label(Struct, frozen=True):
    """One category. `color` has red in the lowest byte; `index` counts only until any category is deleted."""

    index: int
    title: str
    path: str
    comment: str = ""
    color: int = GREY
    priority: int = 0

    def tag(self) -> Tag:
        """Write it for a request, always with all five children: without its path the daemon dies."""
        return uint(
            T.CATEGORY,
            self.index,
            text(T.CATEGORY_TITLE, self.title),
            text(T.CATEGORY_PATH, self.path),
            text(T.CATEGORY_COMMENT, self.comment),
            uint(T.CATEGORY_COLOR, self.color),
            uint(T.CATEGORY_PRIO, self.priority),
        )


class Labels(Struct, frozen=True):
    """All categories but the default one, and the folder of those that have none."""

    all: tuple[Label, ...] = ()
    default_path: str = ""

    def get(self, title: str) -> Label | None:
        """Find the first one of a name."""
        return next((label for label in self.all if label.title == title), None)

    def name_of(self, index: int) -> str:
        """Give the name of the category with this index."""
        return next((label.title for label in self.all if label.index == index and label.title), DEFAULT)

    def path_of(self, index: int) -> str:
        """Give the folder that downloads of this category end in."""
        return next((label.path for label in self.all if label.index == index and label.path), self.default_path)

    def name_by_folder(self, folder: str) -> str | None:
        """Give the category whose folder a complete file lies in: the longest one, on a folder boundary."""
        best = max(
            (label for label in self.all if label.path and not same(label.path, self.default_path)
             and lies_in(folder, label.path)),
            key=lambda label: len(label.path),
            default=None,
        )  # fmt: skip
        return best.title if best else None

    def definitions(self) -> list[ClientCategory]:
        """Give them as the host has categories: the daemon's default folder counts as no folder."""
        return [
            ClientCategory(name=label.title, path="" if same(label.path, self.default_path) else label.path)
            for label in self.all
            if label.title and label.title != DEFAULT
        ]


def read_labels(packet: Packet, incoming: str) -> Labels:
    """Read an answer to GET_PREFERENCES. Without a category of the user's the daemon lists none at all."""
    group = first(packet.tags, T.PREFS_CATEGORIES)
    labels = [_label(tag) for tag in (group.children if group is not None else ()) if tag.name == T.CATEGORY]
    default = next((label.path for label in labels if label.index == NO_INDEX), "")
    return Labels(tuple(label for label in labels if label.index != NO_INDEX), default or incoming)


def _label(tag: Tag) -> Label:
    return Label(
        index=tag.number,
        title=_text(tag.children, T.CATEGORY_TITLE),
        path=_text(tag.children, T.CATEGORY_PATH),
        comment=_text(tag.children, T.CATEGORY_COMMENT),
        color=_number(tag.children, T.CATEGORY_COLOR),
        priority=_number(tag.children, T.CATEGORY_PRIO),
    )


def same(path: str, other: str) -> bool:
    """Say if two paths are the same but for a stroke at the end."""
    return path.rstrip("/\\") == other.rstrip("/\\")


def lies_in(path: str, folder: str) -> bool:
    """Say if a path is a folder, or lies below it."""
    base = folder.rstrip("/\\")
    return path.startswith(base) and path[len(base) : len(base) + 1] in ("", "/", "\\")


def _text(tags: Sequence[Tag], name: int) -> str:
    found = first(tags, name)
    return found.text if found is not None else ""


def _number(tags: Sequence[Tag], name: int) -> int:
    found = first(tags, name)
    return found.number if found is not None else 0
