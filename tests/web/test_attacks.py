"""What somebody tries who wants to be somebody else. Each has the name that it has in the books."""

import base64
import hashlib
import itertools

import pytest
from web.site import PASSWORD, token_of

from amutorrent.accounts.users import UserChanges
from amutorrent.errors import NotAuthenticated, RateLimited
from amutorrent.web.cookie import NAME

WHO = "/api/auth/profile"


async def test_session_fixation(site):
    planted = "A" * 43
    answer = await site.ask("POST", "/api/auth/login", {"username": "bob", "password": PASSWORD}, session=planted)
    assert token_of(answer) != planted
    assert (await site.ask("GET", WHO, session=planted)).status == 401
    bobs = token_of(answer)
    answer = await site.ask("POST", "/api/auth/login", {"username": "Ann", "password": PASSWORD}, session=bobs)
    assert token_of(answer) != bobs
    assert (await site.ask("GET", WHO, session=bobs)).json["user"]["username"] == "bob"


@pytest.mark.parametrize("forge", ["random", "hash", "cut", "longer", "empty", "bytes", "key", "other case"])
async def test_a_forged_cookie(site, forge):
    token = await site.sign_in("bob")
    forged = {
        "random": "x" * 43,
        "hash": hashlib.sha256(token.encode()).hexdigest(),
        "cut": token[:-1],
        "longer": token + "=",
        "empty": "",
        "bytes": "\xff\xfe",
        "key": site.key_of("bob"),
        "other case": token.swapcase(),
    }[forge]
    answer = await site.ask("GET", WHO, session=forged)
    assert (answer.status, answer.json["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("ending", ["logout", "password", "everywhere", "disabled", "removed"])
async def test_a_stolen_cookie_is_worth_nothing_after(site, ending):
    token = await site.sign_in("bob")
    bob = site.accounts.users.named("bob")
    if ending == "logout":
        await site.ask("POST", "/api/auth/logout", session=token)
    elif ending == "password":
        await site.accounts.users.change(bob.id, UserChanges(password="another horse"))
    elif ending == "everywhere":
        await site.ask("DELETE", "/api/auth/sessions", session=await site.sign_in("bob"))
    elif ending == "disabled":
        await site.accounts.users.change(bob.id, UserChanges(disabled=True))
    else:
        await site.accounts.users.remove(bob.id)
    assert (await site.ask("GET", WHO, session=token)).status == 401


def elsewhere(key):
    """Put a key where it does not belong: (path, headers)."""
    basic = base64.b64encode(f"bob:{key}".encode()).decode()
    return {
        "query": (f"{WHO}?apikey={key}", ()),
        "another query": (f"{WHO}?X-API-Key={key}", ()),
        "bearer": (WHO, (f"Authorization: Bearer {key}",)),
        "basic": (WHO, (f"Authorization: Basic {basic}",)),
        "cookie": (WHO, (f"Cookie: {NAME}={key}",)),
        "SID": (WHO, (f"Cookie: SID={key}",)),
        "path": (f"{WHO}/{key}", ()),
    }


@pytest.mark.parametrize("place", elsewhere(""))
async def test_an_api_key_in_the_wrong_place(site, place):
    path, headers = elsewhere(site.key_of("bob"))[place]
    answer = await site.ask("GET", path, None, *headers)
    assert answer.status == 401
    assert "set-cookie" not in answer.headers


async def test_an_api_key_in_the_wrong_place_of_a_socket(site):
    async with site.web.socket(f"/ws?apikey={site.key_of('bob')}") as socket:
        assert await socket.closed() == 1008


async def test_a_token_is_no_key(site):
    token = await site.sign_in("bob")
    assert (await site.ask("GET", WHO, key=token)).status == 401
    assert (await site.ask("GET", WHO, session=token)).status == 200


async def test_brute_force_stops_the_address_and_nobody_else(site):
    guesses = itertools.count()
    guard, home, attacker = site.accounts.credentials, "192.0.2.1", "203.0.113.9"
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await guard.sign_in("bob", f"guess {next(guesses)}", attacker)
    for name, password in (("bob", PASSWORD), ("Ann", PASSWORD), ("nobody", "x")):
        with pytest.raises(RateLimited):
            await guard.sign_in(name, password, attacker)
    assert (await guard.sign_in("bob", PASSWORD, home)).token


async def test_an_account_is_not_made_by_who_finds_the_setup_later(site):
    body = {"token": site.accounts.setup.token, "username": "eve", "password": PASSWORD}
    answer = await site.ask("POST", "/api/auth/setup", body)
    assert (answer.status, answer.json["code"]) == (409, "already_exists")
    assert [each.name for each in site.accounts.users.all() if each.name == "eve"] == []
