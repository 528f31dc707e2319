"""What the guide consists of. Texts hold `code` and [links](#anchor), and nothing else that is not a letter."""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading of a level from 1 on."""

    level: int
    text: str

    @property
    def anchor(self) -> str:
        """Name it in links, as the usual renderers of Markdown do."""
        return anchor(self.text)


class Paragraph(NamedTuple):
    """A paragraph."""

    text: str


class Table(NamedTuple):
    """A table: its head, and its rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Code(NamedTuple):
    """An example."""

    language: str
    text: str


Block = Heading | Paragraph | Table | Code


def anchor(text: str) -> str:
    """Give the anchor of a heading: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9_ -]", "", text.lower()).strip().replace(" ", "-")


def link(text: str, heading: str) -> str:
    """Make a link to a heading of the guide."""
    return f"[{text}](#{anchor(heading)})"
