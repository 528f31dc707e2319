"""The page about the architecture names every room of the host, and none that is not there."""

import re

from docs.markdown import DOCS, rows

ROOT = DOCS.parent
PAGE = (DOCS / "architecture.md").read_text().partition("## The rooms\n")[2].partition("\n## ")[0]
HOST = ROOT / "amutorrent"


def named():
    """Give the modules and packages of the host that the table names: the first of a row with its folder."""
    cells = [re.findall(r"`([^`]+)`", row[0]) for row in rows(PAGE)]
    return {
        each.removeprefix("amutorrent/").rstrip("/")
        for row in cells
        if row[0].startswith("amutorrent/")
        for each in row
    }


def test_the_rooms_are_those_that_are_there():
    rooms = {each.name for each in HOST.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()}
    assert named() == rooms - {"__main__.py"}
