"""The history as rows: found in every order, counted, deleted, and moved to another instance id."""

import sqlite3
from contextlib import closing

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from store.conftest import running_store

from amutorrent.model.history import STATUSES, HistoryFilter, HistoryOrder, HistoryRow
from amutorrent.store import HistoryShelf, searching
from amutorrent.store import history as module
from amutorrent.store.searching import INDEX, TABLE, hits

EVERYTHING, NEWEST = HistoryFilter(), HistoryOrder()


def row(number, **facts):
    """Make a row, each different in every field."""
    values = {
        "instance_id": f"i{number % 3}",
        "hash": f"{number:040x}",
        "instance_name": f"I{number % 3}",
        "client_type": "alpha" if number % 2 else "beta",
        "network_type": "bittorrent",
        "filename": f"{'Film' if number % 2 else 'film'} {number * 7 % 10} 100%_é",
        "size": number * 10,
        "status": STATUSES[number % 4],
        "category": "tv" if number % 2 else "Default",
        "path": f"/p/{number}",
        "tracker_domain": f"t{number % 2}.example",
        "owner_id": number % 2,
        "username": "Ann" if number % 2 else "external",
        "started_at": 1000 + number * 7 % 10,
        "completed_at": number,
        "deleted_at": 0,
        "last_seen_at": 5000 - number,
        "downloaded": number,
        "uploaded": number * 2,
        "ratio": number / 3,
    }
    return HistoryRow(**{**values, **facts})


async def filled(store, *rows):
    shelf = HistoryShelf(store)
    await shelf.change([(each.instance_id, each.hash) for each in rows], lambda found: rows)
    return shelf


async def hashes(shelf, which=EVERYTHING, order=NEWEST, limit=100, offset=0):
    rows, total = await shelf.page(which, order, limit, offset)
    return [int(each.hash, 16) for each in rows], total


async def test_a_row_comes_back_as_it_was(open_store):
    wide = row(1, size=2**63 - 1, uploaded=2**62, filename="ü" * 3000, path="/" + "p" * 9000, started_at=2**62)
    async with open_store() as store:
        shelf = await filled(store, wide)
        ((found,), total) = await shelf.page(EVERYTHING, HistoryOrder(), 10, 0)
        assert replace(found, id=0) == wide
        assert total == 1
        await shelf.change(
            [("i1", wide.hash)], lambda rows: [replace(each, status="deleted") for each in rows.values()]
        )
    async with open_store() as store:
        found = await HistoryShelf(store).find(wide.hash, EVERYTHING)
        assert replace(found, id=0) == replace(wide, status="deleted")


async def test_what_a_database_cannot_hold_is_made_to_fit(open_store):
    async with open_store() as store:
        shelf = await filled(store, row(1, filename="a\0b", category="c" * 999, tracker_domain="t" * 999))
        found = await shelf.find(row(1).hash, EVERYTHING)
        assert (found.filename, found.category, found.tracker_domain) == ("ab", "c" * 255, "t" * 255)


@pytest.mark.parametrize("descending", [False, True])
async def test_every_order_and_every_page_of_it(open_store, descending):
    rows = [row(number) for number in range(10)]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        for name in HistoryRow.__struct_fields__[1:]:
            order = HistoryOrder(name, descending)
            keyed = sorted(rows, key=lambda each, name=name: (casefolded(getattr(each, name)), each.hash))
            expected = [int(each.hash, 16) for each in (keyed[::-1] if descending else keyed)]
            pages = [await hashes(shelf, order=order, limit=4, offset=offset) for offset in (0, 4, 8, 12)]
            assert [number for page, _ in pages for number in page] == expected, name
            assert {total for _, total in pages} == {10}
            streamed, last = [], None
            while chunk := await shelf.after(EVERYTHING, order, last, 3):
                streamed += [int(each.hash, 16) for each in chunk]
                last = chunk[-1]
            assert streamed == expected, name


def casefolded(value):
    return value.casefold() if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("which", "fits"),
    [
        ({"search": "FILM"}, lambda each: True),
        ({"search": "0%_É"}, lambda each: True),
        ({"search": "%"}, lambda each: True),
        ({"search": "film_"}, lambda each: False),
        ({"search": "film 7"}, lambda each: "film 7" in each.filename.casefold()),
        ({"search": "0000007"}, lambda each: each.hash.endswith("07")),
        ({"search": "aNN"}, lambda each: each.username == "Ann"),
        ({"search": "t1.EX"}, lambda each: each.tracker_domain == "t1.example"),
        ({"statuses": ("missing", "deleted")}, lambda each: each.status in ("missing", "deleted")),
        ({"client_types": ("alpha",)}, lambda each: each.client_type == "alpha"),
        ({"instance_ids": ("i1", "i2", "nonesuch")}, lambda each: each.instance_id in ("i1", "i2")),
        ({"usernames": ("external",)}, lambda each: each.username == "external"),
        ({"trackers": ("t0.example",)}, lambda each: each.tracker_domain == "t0.example"),
        ({"categories": ("tv",)}, lambda each: each.category == "tv"),
        ({"started_from": 1004}, lambda each: each.started_at >= 1004),
        ({"started_to": 1004}, lambda each: each.started_at < 1004),
        ({"owner_id": 1}, lambda each: each.owner_id == 1),
        ({"owner_id": 1, "statuses": ("completed",)}, lambda each: each.owner_id == 1 and each.status == "completed"),
    ],
)
async def test_every_filter(open_store, which, fits):
    rows = [row(number) for number in range(10)]
    expected = [each for each in rows if fits(each)]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        found, total = await hashes(shelf, HistoryFilter(**which))
        assert sorted(found) == [int(each.hash, 16) for each in expected]
        assert total == len(expected)
        counts = await shelf.count(HistoryFilter(**which))
        assert counts == {status: sum(each.status == status for each in expected) for status in STATUSES}


async def test_the_newest_row_of_a_hash_and_deleting_them(open_store):
    same = {"hash": "a" * 40}
    rows = [
        row(1, **same, started_at=1, owner_id=7),
        row(2, **same, started_at=3, owner_id=8),
        row(3, **same, started_at=2, owner_id=7),
        row(4),
    ]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        assert (await shelf.find("a" * 40, EVERYTHING)).started_at == 3
        assert (await shelf.find("a" * 40, HistoryFilter(owner_id=7))).started_at == 2
        assert await shelf.find("b" * 40, EVERYTHING) is None
        assert await shelf.delete("a" * 40, HistoryFilter(owner_id=7, instance_ids=("i1",))) == [("i1", "a" * 40)]
        assert await shelf.delete("a" * 40, HistoryFilter(owner_id=9)) == []
        assert (await shelf.page(EVERYTHING, HistoryOrder(), 10, 0))[1] == 3
        assert sorted(await shelf.delete("a" * 40, EVERYTHING)) == [("i0", "a" * 40), ("i2", "a" * 40)]
        assert await hashes(shelf) == ([4], 1)


async def test_what_is_old_goes_but_for_what_is_still_downloaded(open_store, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    rows = [
        row(number, started_at=number, status="downloading" if number == 3 else "missing") for number in range(1, 9)
    ]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        assert await shelf.delete_older(7) == 5
        assert sorted((await hashes(shelf))[0]) == [3, 7, 8]
        assert await shelf.delete_older(7) == 0


async def test_rows_follow_their_instance_but_replace_none(open_store):
    same = {"hash": "a" * 40}
    rows = [row(1, **same, filename="old"), row(2, **same, filename="new"), row(4, filename="other")]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        await shelf.rename_instance("i1", "i2")
        found, _ = await shelf.page(EVERYTHING, HistoryOrder("filename", descending=False), 10, 0)
        assert [(each.instance_id, each.filename) for each in found] == [("i2", "new"), ("i2", "other")]


async def test_only_what_is_downloaded_there(open_store):
    async with open_store() as store:
        shelf = await filled(store, *(row(number, status=STATUSES[number % 2]) for number in range(12)))
        assert sorted(int(each, 16) for each in await shelf.downloading("i0")) == [0, 6]


SEARCHES = ["film", "Film 7", "é", "0%_É", "%_", "00000", "0000007", "ann", "nonesuch", '"', 'a"b', "t1.example", "xy"]


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("common", [0, 3, 10**9])
async def test_a_search_finds_the_same_with_and_without_an_index(open_store, monkeypatch, indexed, common):
    """Whether few or many rows hold a text: both ways are taken."""
    monkeypatch.setattr(module, "COMMON", common)
    rows = [*(row(number) for number in range(12)), row(20, filename='a"b c"'), row(21, filename="xy")]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        if not indexed:
            await store.write(drop_search_index)
        for word in SEARCHES:
            for more in ({}, {"statuses": ("completed", "missing")}, {"owner_id": 1}):
                which = HistoryFilter(search=word, **more)
                fits = [each for each in rows if holds(each, word) and matches(each, more)]
                expected = [int(each.hash, 16) for each in sorted(fits, key=lambda each: each.hash)]
                order = HistoryOrder("hash", descending=False)
                assert await hashes(shelf, which, order) == (expected, len(expected)), (word, more)
                assert await hashes(shelf, which, order, limit=2, offset=1) == (expected[1:3], len(expected))
                assert [int(each.hash, 16) for each in await shelf.after(which, order, None, 100)] == expected
                assert sum((await shelf.count(which)).values()) == len(expected)


def holds(each, word):
    texts = (each.filename, each.hash, each.username, each.tracker_domain)
    return any(word.casefold() in one.casefold() for one in texts)


def matches(each, more):
    return each.status in more.get("statuses", STATUSES) and each.owner_id == more.get("owner_id", each.owner_id)


def drop_search_index(connection):
    if connection.dialect.name == "sqlite":
        for name in ("insert", "update", "delete"):
            connection.execute(text(f"DROP TRIGGER {TABLE}_{name}"))
        connection.execute(text(f"DROP TABLE {TABLE}"))
    else:
        connection.execute(text(f"DROP INDEX {INDEX}"))


async def test_the_search_index_follows_names_and_deletions(open_store):
    async with open_store() as store:
        shelf = await filled(store, row(1, filename="before"), row(2, filename="other"))
        await shelf.change(
            [("i1", row(1).hash)],
            lambda found: [replace(each, filename="after", uploaded=9) for each in found.values()],
        )
        await shelf.change([("i1", row(1).hash)], lambda found: [replace(each, uploaded=10) for each in found.values()])
        assert await hashes(shelf, HistoryFilter(search="before")) == ([], 0)
        assert await hashes(shelf, HistoryFilter(search="after")) == ([1], 1)
        await shelf.delete(row(1).hash, EVERYTHING)
        assert await hashes(shelf, HistoryFilter(search="after")) == ([], 0)
        await shelf.delete_older(10**9)
        assert await hashes(shelf, HistoryFilter(search="other")) == ([], 0)
        await filled(store, row(3, filename="third"))
        assert await hashes(shelf, HistoryFilter(search="third")) == ([3], 1)


async def test_every_database_here_has_the_search_index_and_uses_it(open_store):
    async with open_store() as store:
        shelf = await filled(store, *(row(number) for number in range(4)))

        def plan(connection):
            if connection.dialect.name == "sqlite":
                found = connection.execute(text(f"SELECT name FROM sqlite_master WHERE name LIKE '{TABLE}%'"))
                return {each[0] for each in found} >= {TABLE, f"{TABLE}_insert", f"{TABLE}_update", f"{TABLE}_delete"}
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            query = "EXPLAIN SELECT count(*) FROM history WHERE search_text LIKE '%nonesuch%'"
            return any(INDEX in each[0] for each in connection.execute(text(query)))

        assert await store.read(plan)
        assert await hashes(shelf, HistoryFilter(search="nonesuch")) == ([], 0)


def without_fts5(file, gone=True):
    """Let a file be as an SQLite sees it that has no such module, or as it was: whatever touches the index fails."""
    known, name = ("fts5(", "fts5_gone(") if gone else ("fts5_gone(", "fts5(")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ?", (known, name, TABLE))


def triggers(connection):
    found = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
    return found.scalar_one()


async def test_an_sqlite_that_cannot_use_the_index_does_without_and_one_that_can_makes_it_anew(
    tmp_path, monkeypatch, caplog
):
    file = tmp_path / "amutorrent.db"
    async with running_store("", tmp_path) as store:
        await filled(store, row(1, filename="before"), row(2, filename="renamed"))
    without_fts5(file)
    with closing(sqlite3.connect(file)) as raw, pytest.raises(sqlite3.OperationalError, match="no such module"):
        raw.execute("DELETE FROM history")
    monkeypatch.setattr(searching, "can_index", lambda: False)
    for number in (3, 4):  # it is opened more than once
        async with running_store("", tmp_path) as store:
            shelf = await filled(store, row(number, filename=f"meanwhile {number}"))
            assert store.problem is None
            assert await hashes(shelf, HistoryFilter(search="before")) == ([1], 1)
            assert await hashes(shelf, HistoryFilter(search=f"while {number}")) == ([number], 1)
            assert await store.read(triggers) == 0
    async with running_store("", tmp_path) as store:
        shelf = HistoryShelf(store)
        await shelf.delete(row(1).hash, EVERYTHING)
        await shelf.change(
            [("i2", row(2).hash)], lambda found: [replace(each, filename="other") for each in found.values()]
        )
    assert caplog.text.count("searching it will look at every row") == 1
    without_fts5(file, gone=False)
    monkeypatch.undo()
    for _ in range(2):
        async with running_store("", tmp_path) as store:
            shelf = HistoryShelf(store)
            assert await store.read(triggers) == 3
            assert await store.read(lambda connection: hits(connection, "while")) == 2
            assert await hashes(shelf, HistoryFilter(search="while 3")) == ([3], 1)
            assert await hashes(shelf, HistoryFilter(search="before")) == ([], 0)
            assert await hashes(shelf, HistoryFilter(search="other")) == ([2], 1)
            check = text(f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('integrity-check', 1)")
            await store.write(lambda connection, check=check: connection.execute(check) and None)
    assert caplog.text.count("was made anew") == 1


async def test_an_index_that_could_not_be_made_at_first_is_made_later(tmp_path):
    async with running_store("", tmp_path) as store:
        await store.write(drop_search_index)
        await filled(store, row(1, filename="first"))
        assert await store.read(lambda connection: hits(connection, "first")) is None
    async with running_store("", tmp_path) as store:
        shelf = await filled(store, row(2, filename="second"))
        assert await store.read(lambda connection: hits(connection, "first")) == 1
        assert await hashes(shelf, HistoryFilter(search="second")) == ([2], 1)


async def test_an_index_that_cannot_be_mended_yet_keeps_nobody_from_reading(tmp_path, monkeypatch, caplog):
    async with running_store("", tmp_path) as store:
        await filled(store, row(1, filename="first"))
    monkeypatch.setattr(searching, "can_index", lambda: False)
    with closing(sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with running_store("", tmp_path) as store:
            assert await hashes(HistoryShelf(store), HistoryFilter(search="xy")) == ([], 0)
            assert "cannot be mended: database is locked" in caplog.text
    async with running_store("", tmp_path) as store:
        assert await store.read(triggers) == 0


@pytest.mark.slow
@pytest.mark.daemon
async def test_where_the_extension_may_not_be_made_every_row_is_looked_at(postgresql, tmp_path, caplog):
    name = postgresql.new_database()
    with postgresql.connect() as connection:
        connection.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
    with postgresql.connect(name) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO plain")
    url = f"postgresql://plain:plain@{postgresql.host}:{postgresql.port}/{name}"
    async with running_store(url, tmp_path) as store:
        assert store.problem is None
        shelf = await filled(store, *(row(number) for number in range(4)))
        assert (await shelf.count(HistoryFilter(search="nonesuch"))) == dict.fromkeys(STATUSES, 0)
        assert sum((await shelf.count(HistoryFilter(search="t1.exam"))).values()) == 2
    assert "Searching the history will look at every row: " in caplog.text
    postgresql.drop_database(name)


async def test_times_of_some_downloads(open_store, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    rows = [row(number, completed_at=number * 1000 if number % 2 else 0) for number in range(1, 8)]
    keys = [(each.instance_id, each.hash) for each in rows]
    async with open_store() as store:
        shelf = await filled(store, *rows)
        found = await shelf.times([*keys[:5], ("another", keys[5][1]), ("i0", "f" * 40)])
        assert found == {
            key: (each.started_at, each.completed_at) for key, each in zip(keys[:5], rows[:5], strict=True)
        }
        assert await shelf.times([]) == {}
