"""Signing in and out, and what everybody may do with the own account: over HTTP, with real accounts."""

import json

import pytest
from web.server import open_web
from web.site import PASSWORD, token_of

from amutorrent.accounts.preferences import LONGEST
from amutorrent.operations.host_operations import HOST_OPERATIONS

WHO = "/api/auth/profile"


async def test_signing_in(site):
    body = {"username": "BOB", "password": PASSWORD}
    answer = await site.ask("POST", "/api/auth/login", body)
    assert answer.json == {"success": True, "message": "Login successful"}
    assert answer.headers["set-cookie"].split("; ")[1:] == ["Path=/", "Max-Age=86400", "HttpOnly", "SameSite=Lax"]
    assert answer.headers["cache-control"] == "no-store"
    user = (await site.ask("GET", WHO, session=token_of(answer))).json["user"]
    assert user["username"] == "bob"
    assert user["lastLoginAt"] > 0
    remembered = await site.ask("POST", "/api/auth/login", {**body, "rememberMe": True})
    assert "Max-Age=2592000" in remembered.headers["set-cookie"]


async def test_the_audit_line_names_who_signed_in_and_nobody_who_tried(site, caplog):
    with caplog.at_level("INFO", "amutorrent.audit"):
        await site.sign_in("BOB")
        await site.ask("POST", "/api/auth/login", {"username": "bob", "password": "wrong horse"})
    said = [each.getMessage() for each in caplog.records if each.name == "amutorrent.audit"]
    assert said == ["login by bob: Login successful", "login by nobody: invalid_credentials"]


async def test_who_is_refused_learns_nothing(site):
    answers = set()
    for name in ("bob", "nobody", "off"):
        answer = await site.ask("POST", "/api/auth/login", {"username": name, "password": "wrong horse"})
        assert "set-cookie" not in answer.headers
        answers.add((answer.status, answer.body))
    ((status, body),) = answers
    assert (status, json.loads(body)["code"]) == (401, "invalid_credentials")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("login", {"username": "bob"}, "password"),
        ("login", {"username": 7, "password": "x"}, "username"),
        ("login", {"username": "bob", "password": PASSWORD, "rememberMe": "yes"}, "rememberMe"),
        ("setup", {"username": "bob", "password": PASSWORD}, "token"),
    ],
)
async def test_what_is_wrong_is_named(site, path, body, field):
    answer = await site.ask("POST", f"/api/auth/{path}", body)
    assert (answer.status, answer.json["details"]) == (400, {"field": field})


async def test_signing_out(site):
    mine, other = await site.sign_in("bob"), await site.sign_in("bob")
    answer = await site.ask("POST", "/api/auth/logout", session=mine)
    assert (answer.status, answer.json["success"]) == (200, True)
    assert answer.headers["set-cookie"].startswith("amule.sid=; Path=/; Max-Age=0;")
    assert (await site.ask("GET", WHO, session=mine)).status == 401
    assert (await site.ask("GET", WHO, session=other)).status == 200
    assert (await site.ask("POST", "/api/auth/logout")).status == 200


async def test_the_status(site):
    nobody = (await site.ask("GET", "/api/auth/status")).json
    assert nobody == {"authEnabled": True, "authenticated": False, "hasUsers": True, "sso": False}
    bob = (await site.ask("GET", "/api/auth/status", session=await site.sign_in("bob"))).json
    assert bob == {
        **nobody,
        "authenticated": True,
        "username": "bob",
        "isAdmin": False,
        "capabilities": ["search"],
        "session": True,
    }
    by_key = (await site.ask("GET", "/api/auth/status", key=site.key_of("bob"))).json
    assert by_key == {**bob, "session": False}


async def test_ones_own_profile(site):
    user = (await site.ask("GET", WHO, key=site.key_of("bob"))).json["user"]
    bob = site.accounts.users.named("bob")
    assert user == {
        "id": bob.id,
        "username": "bob",
        "isAdmin": False,
        "disabled": False,
        "hasPassword": True,
        "apiKey": site.key_of("bob"),
        "capabilities": ["search"],
        "createdAt": bob.created_at,
        "updatedAt": bob.updated_at,
        "lastLoginAt": None,
    }


async def test_a_new_password_of_ones_own(site):
    mine, other = await site.sign_in("bob"), await site.sign_in("bob")
    wrong = await site.ask("PUT", WHO, {"currentPassword": "no", "newPassword": "another horse"}, session=mine)
    assert (wrong.status, wrong.json["code"]) == (401, "invalid_credentials")
    weak = await site.ask("PUT", WHO, {"currentPassword": PASSWORD, "newPassword": "sunshine"}, session=mine)
    assert (weak.status, weak.json["details"]) == (400, {"field": "newPassword"})
    good = await site.ask("PUT", WHO, {"currentPassword": PASSWORD, "newPassword": "another horse"}, session=mine)
    assert (good.status, good.json["success"]) == (200, True)
    assert (await site.ask("GET", WHO, session=mine)).status == 200
    assert (await site.ask("GET", WHO, session=other)).status == 401
    assert await site.sign_in("bob", "another horse")


async def test_a_new_key_of_ones_own(site):
    old = site.key_of("bob")
    new = (await site.ask("POST", f"{WHO}/api-key", key=old)).json
    assert new == {"success": True, "apiKey": site.key_of("bob")}
    assert (await site.ask("GET", WHO, key=old)).status == 401
    assert (await site.ask("GET", WHO, key=new["apiKey"])).status == 200


@pytest.mark.parametrize(("keep", "ended"), [(True, 2), (False, 3)])
async def test_signing_out_everywhere(site, keep, ended):
    mine, *others = [await site.sign_in("bob") for _ in range(3)]
    anns = await site.sign_in("Ann")
    answer = await site.ask("DELETE", "/api/auth/sessions", {"keepCurrent": keep}, session=mine)
    assert answer.json == {"success": True, "ended": ended}
    assert ("set-cookie" in answer.headers) is not keep
    assert (await site.ask("GET", WHO, session=mine)).status == (200 if keep else 401)
    assert {(await site.ask("GET", WHO, session=each)).status for each in others} == {401}
    assert (await site.ask("GET", WHO, session=anns)).status == 200
    assert (await site.ask("DELETE", "/api/auth/sessions", key=site.key_of("bob"))).json["ended"] == (1 if keep else 0)


async def test_preferences(site):
    path, key = "/api/auth/preferences", site.key_of("bob")
    assert (await site.ask("GET", path, key=key)).json == {"success": True, "preferences": {}}
    stored = {"columns": ["name", "size"], "deep": {"a": None}}
    assert (await site.ask("PUT", path, {"preferences": stored}, key=key)).json == {"success": True}
    assert (await site.ask("GET", path, key=key)).json["preferences"] == stored
    assert (await site.ask("GET", path, key=site.key_of("Ann"))).json["preferences"] == {}
    too_long = await site.ask("PUT", path, {"preferences": {"a": "x" * (LONGEST + 64)}}, key=key)
    assert (too_long.status, too_long.json["code"]) == (413, "payload_too_large")
    assert (await site.ask("PUT", path, {"preferences": []}, key=key)).status == 400


async def test_a_disk_that_is_full_signs_nobody_in_and_nobody_out(site):
    session = await site.sign_in("bob")
    site.accounts.store.problem = "The disk is full"
    login = await site.ask("POST", "/api/auth/login", {"username": "bob", "password": PASSWORD})
    assert (login.status, login.json["code"]) == (503, "storage_unavailable")
    assert (await site.ask("GET", WHO, session=session)).status == 200


async def test_without_authentication_everybody_is_a_nameless_admin(site):
    table = [each for each in HOST_OPERATIONS if (each.path or "").startswith("/api/auth")]
    async with open_web(accounts=site.accounts, table=table) as web:
        site.web = web
        user = (await site.ask("GET", WHO)).json["user"]
        assert (user["id"], user["apiKey"], user["isAdmin"], user["username"]) == (None, None, True, "")
        login = await site.ask("POST", "/api/auth/login", {"username": "x", "password": "y"})
        assert (login.status, login.json["success"]) == (200, True)
        assert "set-cookie" not in login.headers
        body = {"token": site.accounts.setup.token, "username": "cid", "password": PASSWORD}
        assert (await site.ask("POST", "/api/auth/setup", body)).status == 409
        for method, path, fields in (
            ("PUT", WHO, {"currentPassword": "x", "newPassword": "another horse"}),
            ("POST", f"{WHO}/api-key", {}),
        ):
            assert (await site.ask(method, path, fields)).status == 400
        await site.ask("PUT", "/api/auth/preferences", {"preferences": {"a": 1}})
        assert (await site.ask("GET", "/api/auth/preferences")).json["preferences"] == {"a": 1}
        assert (await site.ask("DELETE", "/api/auth/sessions")).json["ended"] == 0
        assert (await site.ask("GET", "/api/auth/status")).json["authEnabled"] is False
