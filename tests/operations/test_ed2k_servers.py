"""An action on the servers or Kad says whether the client took it, and who may see servers gets the new list."""

import trio
from operations.ed2k_cases import A_SERVER, ADDRESS, WIRE_SERVER

import amutorrent as am


async def test_a_client_that_declines_is_data_false(ed2k, autojump_clock):
    ed2k.script.answers |= {"connect_server": False, "start_kad": False}
    body = {"action": "connect", **A_SERVER}
    assert (await ed2k.wire.rest("POST", "/api/v1/amule/servers/action", body))[1]["data"] is False
    assert (await ed2k.wire.rest("POST", "/api/v1/amule/kad", {"command": "start"}))[1]["data"] is False


async def test_a_server_that_is_there_already_exists(ed2k, autojump_clock):
    ed2k.script.answers["add_server"] = am.Conflict("It is there")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/amule/servers", A_SERVER)
    assert (status, reply["code"]) == (409, "already_exists")


async def test_after_an_action_those_who_may_see_servers_get_the_list_before_the_reply(ed2k, autojump_clock):
    guest = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
    async with ed2k.wire.socket() as admin, ed2k.wire.socket() as another:
        ed2k.wire.user = guest
        async with ed2k.wire.socket() as onlooker:
            reply = await admin.ask("connectServer", **ADDRESS)
            assert reply["type"] == "server-action"
            assert admin.before == [{"type": "servers-update", "data": [WIRE_SERVER], "instanceId": "ed2k-0"}]
            assert (await another.get("servers-update"))["instanceId"] == "ed2k-0"
            await trio.testing.wait_all_tasks_blocked()
            assert onlooker.nothing_more()


async def test_an_action_is_done_though_the_list_cannot_be_read_afterwards(ed2k, autojump_clock, caplog):
    ed2k.script.answers["servers"] = am.ClientFailed("busy")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/amule/servers/action", {"action": "disconnect"})
    assert (status, reply["data"]) == (200, True)
    assert "could not be read after an action: busy" in caplog.text
