"""Just enough Markdown to compare a page with the code."""

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file named behind it (or ""), and its text."""

    language: str
    file: str
    text: str


def sections(page, level=3):
    """Give the text below each heading of a level, by heading."""
    parts = re.split(rf"^{'#' * level} (.+)\n", (DOCS / page).read_text(), flags=re.MULTILINE)
    return {heading: re.split(r"^## ", text, flags=re.MULTILINE)[0] for heading, text in pairs(parts[1:])}


def pairs(parts):
    """Walk over a list in twos."""
    return zip(parts[::2], parts[1::2], strict=True)


def blocks(text):
    """List the fenced blocks."""
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [Block(*each) for each in found]


def rows(text):
    """List the rows of the tables, without their heads; code marks are taken away."""
    lines = [
        re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| `") or line[:3] == "| ["
    ]
    return [[cell.strip().replace("\\|", "|") for cell in line] for line in lines]
