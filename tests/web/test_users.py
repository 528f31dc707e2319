"""Managing accounts over HTTP."""

import pytest
from web.site import PASSWORD

USERS = "/api/users"


@pytest.fixture
async def ask(site):
    """Give the function that makes requests as Ann, an admin."""
    session = await site.sign_in("Ann")

    async def as_ann(method, path="", body=None):
        return await site.ask(method, USERS + path, body, session=session)

    as_ann.session = session
    return as_ann


def id_of(site, name):
    return site.accounts.users.named(name).id


async def test_they_are_listed_and_only_ones_own_key_is_shown(site, ask):
    answer = await ask("GET")
    assert answer.json["success"] is True
    found = {each["username"]: each for each in answer.json["users"]}
    assert list(found) == ["Ann", "bob", "off"]
    assert [each["apiKey"] for each in found.values()] == [site.key_of("Ann"), "********", "********"]
    assert (found["off"]["disabled"], found["bob"]["capabilities"]) == (True, ["search"])
    assert (await ask("GET", f"/{found['bob']['id']}")).json == {"success": True, "user": found["bob"]}
    assert "argon2" not in answer.body.decode()


async def test_making_one(site, ask):
    body = {"username": "cid", "password": PASSWORD, "capabilities": ["search", "view_logs"]}
    answer = await ask("POST", "", body)
    assert answer.status == 201
    user = answer.json["user"]
    assert (user["username"], user["isAdmin"], user["hasPassword"]) == ("cid", False, True)
    assert user["capabilities"] == ["search", "view_logs"]
    assert await site.sign_in("cid")
    bare = (await ask("POST", "", {"username": "bare", "isAdmin": True, "disabled": True})).json["user"]
    assert (bare["hasPassword"], bare["isAdmin"], bare["disabled"]) == (False, True, True)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 400, "validation_error", "username"),
        ({"username": "a b"}, 400, "validation_error", "username"),
        ({"username": "BOB"}, 409, "already_exists", "username"),
        ({"username": "cid", "password": "sunshine"}, 400, "validation_error", "password"),
        ({"username": "cid", "capabilities": ["fly"]}, 400, "validation_error", "capabilities"),
        ({"username": "cid", "capabilities": ["edit_all_downloads"]}, 400, "validation_error", "capabilities"),
        ({"username": "cid", "isAdmin": "yes"}, 400, "validation_error", "isAdmin"),
    ],
)
async def test_what_is_wrong_makes_none(site, ask, body, status, code, field):
    answer = await ask("POST", "", body)
    assert (answer.status, answer.json["code"], answer.json["details"]) == (status, code, {"field": field})
    assert len(site.accounts.users.all()) == 3


async def test_changing_one(site, ask):
    bobs, path = await site.sign_in("bob"), f"/{id_of(site, 'bob')}"
    same = (await ask("PUT", path, {"username": "bob", "capabilities": ["search"]})).json["user"]
    assert same["username"] == "bob"
    assert (await site.ask("GET", "/api/auth/profile", session=bobs)).status == 200
    changed = (await ask("PUT", path, {"capabilities": ["view_logs"], "password": "another horse"})).json["user"]
    assert changed["capabilities"] == ["view_logs"]
    assert (await site.ask("GET", "/api/auth/profile", session=bobs)).status == 401
    assert await site.sign_in("bob", "another horse")
    for body, field in (
        ({"password": "x"}, "password"),
        ({"password": None}, "password"),
        ({"username": ""}, "username"),
    ):
        answer = await ask("PUT", path, body)
        assert (answer.status, answer.json["details"]) == (400, {"field": field})


async def test_ones_own_change_keeps_ones_own_session(site, ask):
    other = await site.sign_in("Ann")
    assert (await ask("PUT", f"/{id_of(site, 'Ann')}", {"username": "anna"})).json["user"]["username"] == "anna"
    assert (await ask("GET")).status == 200
    assert (await site.ask("GET", USERS, session=other)).status == 401


async def test_an_admin_is_always_left(site, ask):
    me = f"/{id_of(site, 'Ann')}"
    for body, field in (({"isAdmin": False}, "isAdmin"), ({"disabled": True}, "disabled")):
        answer = await ask("PUT", me, body)
        assert (answer.status, answer.json["details"]) == (400, {"field": field})
    await ask("PUT", f"/{id_of(site, 'off')}", {"disabled": False})
    answer = await ask("DELETE", me)
    assert (answer.status, "own account" in answer.json["message"]) == (400, True)
    assert site.accounts.users.named("Ann")


async def test_removing_one(site, ask):
    key, path = site.key_of("bob"), f"/{id_of(site, 'bob')}"
    assert (await ask("DELETE", path)).json == {"success": True}
    assert (await site.ask("GET", "/api/auth/profile", key=key)).status == 401
    assert (await ask("DELETE", path)).json["code"] == "not_found"


async def test_a_new_key(site, ask):
    old = site.key_of("bob")
    new = (await ask("POST", f"/{id_of(site, 'bob')}/api-key")).json
    assert new == {"success": True, "apiKey": site.key_of("bob")}
    assert new["apiKey"] != old


@pytest.mark.parametrize("id", ["999", "0", "-1", str(2**63), str(2**70)])
async def test_one_that_is_not_there(ask, id):
    for method, path, body in (("GET", "", None), ("PUT", "", {}), ("DELETE", "", None), ("POST", "/api-key", None)):
        answer = await ask(method, f"/{id}{path}", body)
        assert (answer.status, answer.json["code"]) == (404, "not_found")


async def test_an_id_that_is_none(ask):
    answer = await ask("GET", "/bob")
    assert (answer.status, answer.json["details"]) == (400, {"field": "id"})


async def test_signing_somebody_out_everywhere(site, ask):
    mine, theirs = ask.session, [await site.sign_in("bob"), await site.sign_in("bob")]
    key = site.key_of("bob")
    assert (await ask("DELETE", f"/{id_of(site, 'bob')}/sessions")).json == {"success": True, "ended": 2}
    for session in theirs:
        assert (await site.ask("GET", "/api/auth/profile", session=session)).status == 401
    assert (await site.ask("GET", "/api/auth/profile", session=mine)).status == 200
    assert site.key_of("bob") == key
