"""Parts of the list by themselves: which items, for whom, and what is asked of the clients for it."""

import pytest
import trio
from operations.ed2k import PARTIAL, SHARED, item

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import SHARED as SHARED_FILES

FIRST, SECOND = "ed2k-0", "ed2k-1"
RIGHTS = frozenset({"view_shared", "view_uploads"})
OWNER = am.User(id=1, name="owner", is_admin=False, permissions=RIGHTS)
STRANGER = am.User(id=2, name="stranger", is_admin=False, permissions=RIGHTS)
READER = am.User(id=3, name="reader", is_admin=False, permissions=RIGHTS | {"view_all_downloads"})
PEERS = [
    am.Peer(id="up", role="upload", upload_rate=0),
    am.Peer(id="both", upload_rate=5, user_name="é"),
    am.Peer(id="down", role="download", download_rate=7),
]


async def owned(ed2k):
    """Let one of the shared items belong to the owner."""
    await ed2k.catalogue.owners.claim(OWNER, [(FIRST, SHARED)])
    ed2k.catalogue.publish()


def keys(reply):
    return {(each["instanceId"], each["hash"]) for each in reply["data"]}


async def asked(ed2k, user, action):
    ed2k.wire.user = user
    async with ed2k.wire.socket(greeting=None) as reader:
        return await reader.ask(action)


async def test_downloads_are_what_is_not_complete_and_shared_what_is_offered(ed2k, autojump_clock):
    reply = await asked(ed2k, LOCAL_ADMIN, "getDownloads")
    example = {
        ("example-one", each.item.hash) for each in ed2k.catalogue.items("example-one") if not each.item.complete
    }
    assert example
    assert reply["type"] == "downloads-update"
    assert keys(reply) == example | {(FIRST, PARTIAL), (SECOND, PARTIAL)}
    reply = await asked(ed2k, LOCAL_ADMIN, "getShared")
    assert reply["type"] == "shared-update"
    assert keys(reply) >= {(FIRST, PARTIAL), (FIRST, SHARED), (SECOND, PARTIAL), (SECOND, SHARED)}


async def test_the_items_are_those_of_the_full_form(ed2k, autojump_clock):
    await owned(ed2k)
    ed2k.catalogue.set_stale(SECOND, True)
    for user in (LOCAL_ADMIN, OWNER, READER):
        ed2k.wire.user = user
        async with ed2k.wire.socket(greeting=4 if user.is_admin else 3) as reader:
            everything = {(each["instanceId"], each["hash"]): each for each in reader.greeting[-1]["data"]["items"]}
            for action in ("getDownloads", "getShared"):
                for each in (await reader.ask(action))["data"]:
                    assert each == everything[each["instanceId"], each["hash"]]


async def test_nobody_is_shown_what_does_not_exist_for_them(ed2k, autojump_clock):
    await owned(ed2k)
    reply = await asked(ed2k, OWNER, "getShared")
    assert keys(reply) == {(FIRST, SHARED)}
    assert reply["data"][0]["ownedByMe"] is True
    assert (await asked(ed2k, OWNER, "getDownloads"))["data"] == []
    assert (await asked(ed2k, STRANGER, "getShared"))["data"] == []
    everything = await asked(ed2k, READER, "getShared")
    assert keys(everything) == keys(await asked(ed2k, LOCAL_ADMIN, "getShared"))
    mine = [(each["instanceId"], each["hash"]) for each in everything["data"] if each["ownedByMe"]]
    assert mine == []


async def test_a_list_is_rendered_once_for_each_revision_and_class(ed2k, autojump_clock):
    view = ed2k.catalogue.view(LOCAL_ADMIN)
    one = view.listing(SHARED_FILES)
    assert view.listing(SHARED_FILES) is one
    ed2k.script.items = [item(SHARED, complete=True)]
    ed2k.instances.poke([FIRST])
    await trio.testing.wait_all_tasks_blocked()
    other = view.listing(SHARED_FILES)
    assert other.count(PARTIAL.encode()) == one.count(PARTIAL.encode()) - 1
    for number in range(20):
        ed2k.catalogue.view(am.User(id=number, name="u", is_admin=False)).listing(SHARED_FILES)
    assert len(ed2k.catalogue.listings) == 8


async def test_stats_are_those_of_the_full_form(ed2k, autojump_clock):
    ed2k.wire.user = STRANGER
    async with ed2k.wire.socket(greeting=3) as reader:
        stats = await reader.ask("getStats")
        assert stats == {"type": "stats-update", "data": reader.greeting[-1]["data"]["stats"]}
        assert list(stats["data"]["instances"]) == [FIRST, SECOND, "example-one"]


# -- uploads


@pytest.fixture
async def uploading(ed2k, autojump_clock):
    """Let the first client upload both of its files, and the second one nothing."""
    ed2k.script.items = [item(hash, complete=hash == SHARED, upload_speed=9) for hash in (SHARED, PARTIAL)]
    ed2k.script.answers["peers"] = PEERS
    ed2k.instances.poke([FIRST])
    await trio.testing.wait_all_tasks_blocked()
    return ed2k


def questions(script):
    return [args for method, *args in script.asked if method == "peers"]


async def test_uploads_are_the_peers_that_are_sent_something_with_their_items(uploading, autojump_clock):
    reply = await asked(uploading, LOCAL_ADMIN, "getUploadingQueue")
    assert reply["type"] == "uploads-update"
    rows = {(each["parentHash"], each["id"]): each for each in reply["data"]}
    assert set(rows) == {(hash, id) for hash in (SHARED, PARTIAL) for id in ("up", "both")}
    both = rows[SHARED, "both"]
    assert (both["parentName"], both["instanceId"], both["client"]) == (SHARED[:4], FIRST, "ed2ktest")
    assert (both["userName"], both["uploadRate"], both["role"], both["hostname"]) == ("é", 5, "peer", None)
    assert sorted(questions(uploading.script)) == [[SHARED], [PARTIAL]]
    assert questions(uploading.other) == []


async def test_clients_are_asked_no_more_often_than_their_answers_are_good_for(uploading, autojump_clock):
    await asked(uploading, LOCAL_ADMIN, "getUploadingQueue")
    await trio.sleep(9)
    await asked(uploading, LOCAL_ADMIN, "getUploadingQueue")
    assert len(questions(uploading.script)) == 2
    await trio.sleep(2)
    uploading.script.answers["peers"] = ()
    assert (await asked(uploading, LOCAL_ADMIN, "getUploadingQueue"))["data"] == []
    assert len(questions(uploading.script)) == 4
    await trio.sleep(100)
    assert len(questions(uploading.script)) == 4


async def test_uploads_of_items_that_do_not_exist_for_somebody_are_not_shown(uploading, autojump_clock):
    await owned(uploading)
    assert {each["parentHash"] for each in (await asked(uploading, OWNER, "getUploadingQueue"))["data"]} == {SHARED}
    assert (await asked(uploading, STRANGER, "getUploadingQueue"))["data"] == []
    assert len((await asked(uploading, READER, "getUploadingQueue"))["data"]) == 4
    assert len(questions(uploading.script)) == 2
    uploading.script.items = []
    uploading.instances.poke([FIRST])
    assert (await asked(uploading, LOCAL_ADMIN, "getUploadingQueue"))["data"] == []


@pytest.mark.parametrize(
    "answer", ["for ever", am.Unreachable("gone"), am.ClientFailed("No"), am.NotFound("gone"), 7, KeyError("x")]
)
async def test_a_client_that_fails_or_hangs_costs_its_own_uploads_alone(uploading, answer, autojump_clock):
    uploading.script.answers["peers"] = answer
    uploading.other.items = [item(SHARED, complete=True, upload_speed=1)]
    uploading.other.answers["peers"] = PEERS
    uploading.instances.poke([SECOND])
    await trio.testing.wait_all_tasks_blocked()
    began = trio.current_time()
    reply = await asked(uploading, LOCAL_ADMIN, "getUploadingQueue")
    assert trio.current_time() - began <= 3.1
    assert [each["instanceId"] for each in reply["data"]] == [SECOND, SECOND]


async def test_a_peer_that_does_not_fit_is_left_out_alone_and_logged_once(uploading, caplog, autojump_clock):
    bad = am.Peer(id="bad", role="upload", user_name="\udce9")
    uploading.script.answers["peers"] = [bad, PEERS[0], 7, am.Peer(id="x", role="upload", upload_rate=-1)]
    rows = (await asked(uploading, LOCAL_ADMIN, "getUploadingQueue"))["data"]
    assert {each["id"] for each in rows} == {"up"}
    assert caplog.text.count("a peer was refused") == 1


# -- after a scan


async def test_a_scan_is_answered_and_then_what_is_shared(ed2k, autojump_clock):
    ed2k.wire.user = STRANGER
    async with ed2k.wire.socket(greeting=None) as reader:
        await reader.get("batch-update")
        ed2k.script.items = [item("c" * 32, complete=True), item(SHARED, complete=True)]
        await ed2k.catalogue.owners.claim(STRANGER, [(FIRST, "c" * 32)])
        await reader.send("reloadSharedFiles")
        first, second = await reader.get("shared-files-refreshed", "shared-update"), await reader.get("shared-update")
        assert first == {
            "type": "shared-files-refreshed",
            "message": "Shared files refreshed",
            "instanceId": FIRST,
            "requestId": "reloadSharedFiles",
        }
        assert [each["hash"] for each in second["data"]] == ["c" * 32]
        assert "requestId" not in second


async def test_after_a_scan_nothing_is_shown_to_who_lost_the_right_meanwhile(ed2k, autojump_clock):
    ed2k.wire.user = READER
    async with ed2k.wire.socket(greeting=None) as reader:
        await reader.get("batch-update")
        ed2k.script.reachable = False  # the next poll fails, and what is known is said when the wait is over
        assert (await reader.ask("reloadSharedFiles"))["type"] == "shared-files-refreshed"
        (socket,) = ed2k.wire.app._hub._readers
        socket.become(am.User(id=3, name="reader", is_admin=False))
        await trio.sleep(60)
        assert (await reader.ask("getStats"))["type"] == "stats-update"
        assert not [each for each in reader.before if each["type"] == "shared-update"]


async def test_over_http_a_scan_is_answered_at_once(ed2k, autojump_clock):
    began = trio.current_time()
    status, reply = await ed2k.wire.rest("POST", "/api/v1/amule/refresh-shared", {})
    assert (status, reply["type"]) == (200, "shared-files-refreshed")
    assert trio.current_time() == began
