"""Every operation and route, for nobody, for no permission, for exactly the right one, for all of them, for admins."""

from contextlib import AsyncExitStack

import pytest
from web.site import PASSWORD, path_of

from amutorrent.model.permissions import FULL, PERMISSIONS
from amutorrent.operations import ADMIN, ANY_USER, PUBLIC, SETUP
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.routes import HOST_ROUTES, meet, shape

NONE, RIGHT, EVERY, BOSS = "none", "right", "every", "boss"
ROUTES = [each for each in HOST_OPERATIONS if each.path]
ACTIONS = [each for each in HOST_OPERATIONS if each.socket]
PUBLIC_ROUTES = {
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/setup"),
    ("POST", "/api/auth/logout"),
    ("GET", "/api/auth/status"),
    ("GET", "/api/version"),
}


def refusal(operation, who):
    """Give the code of the error that somebody is to get, None: they are let in."""
    if operation.needs in (PUBLIC, SETUP):
        return None
    if who is None:
        return "unauthorized"
    if operation.needs == ANY_USER or who == BOSS:
        return None
    if operation.needs == ADMIN:
        return "admin_required"
    return "forbidden" if who == NONE else None


def name_of(operation, who):
    """Name the account that somebody is for an operation."""
    return f"p.{operation.needs}" if who == RIGHT and operation.needs in PERMISSIONS else NONE if who == RIGHT else who


@pytest.fixture
async def crowd(site):
    """Make an account for each permission, and those without any, with all, and of an admin."""
    create = site.accounts.users.create
    for permission in PERMISSIONS:
        needed = {permission, "view_all_downloads"} if permission == "edit_all_downloads" else {permission}
        await create(f"p.{permission}", PASSWORD, permissions=needed)
    await create(NONE, PASSWORD)
    await create(EVERY, PASSWORD, permissions=FULL)
    await create(BOSS, PASSWORD, is_admin=True)
    return site


async def credentials(site, name, by):
    """Show who somebody is, anew each time: some requests end what was shown."""
    account = site.accounts.users.named(name)
    if by == "key":
        return {"key": site.accounts.users.key_of(account)}
    return {"session": (await site.accounts.sessions.begin(account)).token}


def test_what_is_public_is_what_is_said_to_be():
    assert {(each.method, each.path) for each in ROUTES if each.needs in (PUBLIC, SETUP)} == PUBLIC_ROUTES
    assert not [each.action for each in ACTIONS if each.needs in (PUBLIC, SETUP)]


async def test_nobody_over_http(crowd):
    for operation in ROUTES:
        answer = await crowd.ask(operation.method, path_of(operation))
        expected = refusal(operation, None)
        assert (answer.status == 401) == (expected is not None), operation.action
        assert expected is None or answer.json["code"] == expected, operation.action


@pytest.mark.slow
@pytest.mark.parametrize("by", ["session", "key"])
@pytest.mark.parametrize("who", [NONE, RIGHT, EVERY, BOSS])
async def test_somebody_over_http(crowd, who, by):
    for operation in ROUTES:
        shown = await credentials(crowd, name_of(operation, who), by)
        answer = await crowd.ask(operation.method, path_of(operation), **shown)
        expected = refusal(operation, who)
        if expected:
            assert (answer.status, answer.json["code"]) == (403, expected), operation.action
        else:
            assert answer.status not in (401, 403, 404, 405) or answer.json["code"] in (
                *("not_found", "item_not_found", "instance_not_found"),
            ), (operation.action, answer.body)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["session", "key"])
@pytest.mark.parametrize("who", [NONE, RIGHT, EVERY, BOSS])
async def test_somebody_on_a_socket(crowd, who, by):
    async with AsyncExitStack() as stack:
        sockets = {}
        for operation in ACTIONS:
            name = name_of(operation, who)
            if name not in sockets:
                shown = await credentials(crowd, name, by)
                header = (
                    (b"X-API-Key", shown["key"].encode())
                    if by == "key"
                    else (b"Cookie", f"amule.sid={shown['session']}".encode())
                )
                sockets[name] = await stack.enter_async_context(crowd.web.socket(extra_headers=[header]))
            reply = await sockets[name].ask(operation.action)
            expected = refusal(operation, who)
            code = reply.get("code")
            assert code == expected if expected else code not in ("unauthorized", "forbidden", "admin_required"), (
                operation.action,
                reply,
            )


PUBLIC_PATHS = ("/health", "/health/live", "/health/ready", "/entry/entry.css")
MACHINES_PATHS = ("/metrics",)
"""What programs on this machine read without a key; who else may is tested in test_telemetry.py."""
USERS_PATHS = ("/api/openapi.json", "/api/docs")
ENTRY = {"/login": 200, "/setup": 302}
"""The pages where people come in, and what nobody in particular gets there. Who is in is sent on."""


def test_every_route_of_the_host_is_in_this_table():
    listed = {shape(path) for path in (*PUBLIC_PATHS, *MACHINES_PATHS, *USERS_PATHS, *ENTRY)}
    for method, rule in HOST_ROUTES:
        assert method == "WS" or any(meet(shape(rule), each) for each in listed), rule


async def test_the_routes_beside_the_operations(crowd):
    key = f"X-API-Key: {crowd.key_of(NONE)}"
    for path in (*PUBLIC_PATHS, *USERS_PATHS):
        assert (await crowd.web.get(path)).status == (200 if path in PUBLIC_PATHS else 401)
        assert (await crowd.web.get(path, key)).status == 200
    for path, for_nobody in ENTRY.items():
        assert (await crowd.web.get(path)).status == for_nobody
        assert (await crowd.web.get(path, key)).status == 302
