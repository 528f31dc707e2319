"""The history as rows: found in every order, counted, deleted, and moved to another instance id."""

import pytest
from msgspec.structs import replace

from amutorrent.model.history import STATUSES, HistoryFilter, HistoryOrder, HistoryRow
from amutorrent.store import HistoryShelf
from amutorrent.store import history as module

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
