"""A damaged or cut file of the Node program costs what stood there, and nothing of ours is lost."""

import json
import random
import sqlite3

import pytest
from legacy.old import download

pytestmark = pytest.mark.slow


def test_half_a_config_file_costs_the_settings_alone(here, old):
    text = (old.path / "config.json").read_text()
    (old.path / "config.json").write_text(text[: len(text) // 2])
    report = here.take(old)
    assert report["config.json"].skipped[0].startswith("all of it: ")
    assert (report["users.db"].taken, report["history.db"].taken) == (5, 4)
    assert json.loads((here.path / "config.json").read_text()) == {"server": {"port": 4321}}


def test_a_page_that_is_damaged_costs_its_own_rows(here, old):
    rows = [download(f"{number:040x}", "qb", filename="n" * 200) for number in range(500)]
    old.add("history.db", "download_history", *rows)
    database = sqlite3.connect(old.path / "history.db")
    (page,) = database.execute("PRAGMA page_size").fetchone()
    leaves = [number for (number,) in database.execute(
        "SELECT pageno FROM dbstat WHERE name = 'download_history' AND pagetype = 'leaf' ORDER BY path"
    )] if _has_dbstat(database) else []  # fmt: skip
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray((old.path / "history.db").read_bytes())
    number = leaves[len(leaves) // 2] if leaves else _middle_leaf(content, page)
    content[(number - 1) * page : number * page] = b"\xaa" * page
    (old.path / "history.db").write_bytes(content)
    report = here.take(old)["history.db"]
    assert len(report.skipped) == 1
    assert report.skipped[0].startswith("download_history, after row ")
    assert " and before row " in report.skipped[0]
    assert 480 <= report.taken < 504
    assert report.taken == report.read


def _has_dbstat(database):
    try:
        database.execute("SELECT 1 FROM dbstat LIMIT 1")
    except sqlite3.OperationalError:
        return False
    return True


def _middle_leaf(content, page):
    """Find a leaf of a table in the middle of a file: its first byte is 13."""
    numbers = [number for number in range(2, len(content) // page + 1) if content[(number - 1) * page] == 13]
    return numbers[len(numbers) // 2]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_nothing_of_ours_is_lost(here, old, seed):
    """Bytes are changed, and files cut, anywhere: an import ends, and what was here before is here as it was."""
    chosen = random.Random(seed)
    here.fill()
    before, _ = here.dump()
    for path in sorted(old.path.iterdir()):
        content = bytearray(path.read_bytes())
        kind = chosen.randrange(4)
        if kind == 0 and content:
            del content[chosen.randrange(len(content)) :]
        elif kind == 1:
            for _ in range(chosen.randrange(1, 200)):
                content[chosen.randrange(len(content))] = chosen.randrange(256)
        elif kind == 2:
            start = chosen.randrange(len(content))
            content[start : start + 4096] = bytes(min(4096, len(content) - start))
        path.write_bytes(content)
    report = here.take(old)
    assert set(report) >= {"config.json", "users.db", "history.db", "metrics.db"}
    after, _ = here.dump()
    for name, rows in before.items():
        assert {*map(repr, rows)} <= {*map(repr, after[name])}, name
    here.take(old)
    assert here.dump()[0] == after
