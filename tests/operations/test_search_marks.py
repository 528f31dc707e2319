"""Search results tell nobody of downloads that do not exist for them: over both transports, and in what is pushed."""

import trio
import trio.testing
from operations.ed2k import PARTIAL, SHARED, progress, row

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN

RIGHTS = frozenset({"search"})
OWNER = am.User(id=1, name="owner", is_admin=False, permissions=RIGHTS)
STRANGER = am.User(id=2, name="stranger", is_admin=False, permissions=RIGHTS)
OTHER = am.User(id=3, name="other", is_admin=False, permissions=RIGHTS)
READER = am.User(id=4, name="reader", is_admin=False, permissions=RIGHTS | {"view_all_downloads"})
FOUND = (
    row(4, file_hash=SHARED, status="new"),
    row(3, file_hash=PARTIAL),
    row(2, status="downloading"),
    row(1, status="cancelled"),
)
EVERYTHING = ["have", "downloading", "downloading", "cancelled"]
NOTHING = ["new", None, "new", "new"]
MINE = ["have", None, "new", "new"]


def statuses(message):
    return [each["status"] for each in message["data"]]


async def own(ed2k):
    await ed2k.catalogue.owners.claim(OWNER, [("ed2k-0", SHARED)])
    ed2k.catalogue.publish()


async def test_the_reply_says_what_exists_for_the_caller(ed2k, autojump_clock):
    await own(ed2k)
    ed2k.script.answers["search_progress"] = progress(*FOUND, running=False)
    for user, expected in ((LOCAL_ADMIN, EVERYTHING), (READER, EVERYTHING), (OWNER, MINE), (STRANGER, NOTHING)):
        ed2k.wire.user = user
        _, reply = await ed2k.wire.rest("POST", "/api/v1/search", {"query": "x"})
        assert statuses(reply) == expected
        _, reply = await ed2k.wire.rest("GET", "/api/v1/search/results")
        assert statuses(reply) == expected
        async with ed2k.wire.socket(greeting=4) as reader:
            assert statuses(await reader.ask("search", query="x")) == expected
            assert statuses(await reader.ask("getPreviousSearchResults")) == expected


async def test_what_is_pushed_says_to_each_class_what_exists_for_it(ed2k, autojump_clock):
    await own(ed2k)
    ed2k.script.answers["search_progress"] = [progress(*FOUND), progress(*FOUND, running=False)]
    readers = {}
    async with trio.open_nursery() as nursery:

        async def listen(name, user, *, task_status):
            ed2k.wire.user = user
            async with ed2k.wire.socket(greeting=4) as reader:
                task_status.started()
                readers[name] = [await reader.get("search-progress"), await reader.get("search-results")]

        for user in (LOCAL_ADMIN, OWNER, STRANGER, OTHER, READER):
            await nursery.start(listen, user.name, user)
        ed2k.wire.user = STRANGER
        await ed2k.wire.rest("POST", "/api/v1/search", {"query": "x", "wait": False})
    expected = {"": EVERYTHING, "reader": EVERYTHING, "owner": MINE, "stranger": NOTHING, "other": NOTHING}
    assert {name: [statuses(each) for each in told] for name, told in readers.items()} == {
        name: [each, each] for name, each in expected.items()
    }


async def test_a_change_that_does_not_exist_for_somebody_is_not_even_told(ed2k, autojump_clock):
    first, second = row(1, status="new"), row(2, status="new")
    begun = row(1, status="downloading")  # somebody downloads it
    ed2k.script.answers["search_progress"] = [
        progress(first, second),
        progress(begun, second),
        progress(begun, row(2, status="new", rating=3)),
        progress(begun, row(2, status="new", rating=3), running=False, percent=None),
    ]
    told = {}
    async with trio.open_nursery() as nursery:

        async def listen(user, *, task_status):
            ed2k.wire.user = user
            async with ed2k.wire.socket(greeting=4) as reader:
                task_status.started()
                told[user.name] = []
                while (message := await reader.get("search-progress", "search-results"))["type"] == "search-progress":
                    told[user.name].append([each["sourceCount"] for each in message["data"]])

        await nursery.start(listen, READER)
        await nursery.start(listen, STRANGER)
        await ed2k.wire.rest("POST", "/api/v1/search", {"query": "x", "wait": False})
    assert told["reader"] == [[1, 2], [1], [2], []]
    assert told["stranger"] == [[1, 2], [2], []]


async def test_one_message_is_made_for_all_to_whom_it_says_the_same(ed2k, autojump_clock, monkeypatch):
    made = []
    results = ed2k.parts.searches.results
    monkeypatch.setattr(
        ed2k.parts.searches, "results", lambda search, view: made.append(view.key) or results(search, view)
    )
    await own(ed2k)
    ed2k.script.answers["search_progress"] = [progress(*FOUND), progress(*FOUND, running=False)]
    async with trio.open_nursery() as nursery:

        async def listen(user, *, task_status):
            ed2k.wire.user = user
            async with ed2k.wire.socket(greeting=4) as reader:
                task_status.started()
                await reader.get("search-results")

        for user in (LOCAL_ADMIN, OWNER, STRANGER, OTHER, READER, LOCAL_ADMIN):
            await nursery.start(listen, user)
        await ed2k.wire.rest("POST", "/api/v1/search", {"query": "x", "wait": False})
    assert len(made) == 3
