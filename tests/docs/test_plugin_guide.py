"""The guide for plugin authors: its code is the example plugin's own, or runs as it stands."""

import re

import pytest
from docs.markdown import DOCS, blocks, rows

from amutorrent.instances import connection

GUIDE = (DOCS / "plugin-guide.md").read_text()
EXAMPLE = DOCS.parent / "contrib" / "example-plugin"
BLOCKS = blocks(GUIDE)
QUOTED = [block for block in BLOCKS if block.file]
SNIPPETS = [block.text for block in BLOCKS if block.language == "python" and not block.file]
PAGES = sorted(DOCS.glob("*.md"))


def test_the_guide_has_both_kinds_of_code():
    assert len(QUOTED) > 10
    assert len(SNIPPETS) > 3
    assert {block.file for block in QUOTED} >= {
        str(path.relative_to(EXAMPLE)) for path in (EXAMPLE / "amutorrent_example").glob("*.py")
    }


def test_the_example_stays_small():
    lines = sum(len(path.read_text().splitlines()) for path in EXAMPLE.rglob("*.py"))
    assert lines < 300


@pytest.mark.parametrize("block", QUOTED, ids=lambda block: f"{block.file}: {block.text.strip().splitlines()[0]}")
def test_a_quoted_block_stands_in_its_file(block):
    assert block.text in (EXAMPLE / block.file).read_text()


@pytest.mark.parametrize("text", SNIPPETS, ids=lambda text: text.splitlines()[-1])
def test_a_snippet_runs(text):
    exec(compile(text, "plugin-guide.md", "exec"), {"__name__": "snippet"})


def test_deadlines_are_the_codes():
    section = GUIDE.partition("### Deadlines and cancellation\n")[2].partition("\n### ")[0]
    written = [int(line.split("|")[2]) for line in section.splitlines() if re.match(r"\|[^|]+\| \d+ \|", line)]
    assert written == [
        connection.OPEN_S,
        connection.PROBE_S,
        connection.FIRST_POLL_S,
        connection.POLL_S,
        connection.COMMAND_S,
        connection.READ_S,
        connection.CLOSE_S,
    ]


def test_the_errors_to_raise_are_public():
    import amutorrent

    section = GUIDE.partition("### Choose the right error\n")[2].partition("\n### ")[0]
    names = [row[0].strip("`") for row in rows(section)]
    assert len(names) == 8
    assert all(issubclass(getattr(amutorrent, name), amutorrent.AmutorrentError) for name in names)


def anchors(page):
    """Give the anchors that the headings of a page make."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL), re.M
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_the_rooms_of_the_architecture_are_there():
    text = (DOCS / "architecture.md").read_text()
    first = [row[0].partition(",")[0] for row in rows(text)]
    rooms = [each.strip("`") for each in first if each.startswith(("`amutorrent/", "`contrib/"))]
    assert len(rooms) > 10
    assert all((DOCS.parent / room).exists() for room in rooms)
