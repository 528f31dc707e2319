"""A web server that wants to know who asks: real accounts in a real database, and all operations of the host."""

import json
import re
from contextlib import asynccontextmanager

import trio
from lab.secrets import LISTENER
from store.conftest import running_store
from web.operations import OPERATIONS
from web.server import open_web

from amutorrent.accounts import Accounts
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.store import AccountShelf
from amutorrent.web import Gate
from amutorrent.web.cookie import NAME

PASSWORD = "correct horse"
UNKNOWN = {"hash": "f" * 40, "id": "999"}
TEST_OPERATIONS = [each for each in OPERATIONS if each.action != "requestFullSnapshot"]


class Site:
    """The server, its accounts, and requests by whoever is meant."""

    def __init__(self, web, accounts):
        self.web, self.accounts = web, accounts

    async def ask(self, method, path, body=None, *headers, session=None, key=None):
        """Make a request; gives the answer, with its JSON."""
        given = [*headers]
        if session is not None:
            given.append(f"Cookie: other=1; {NAME}={session}")
        if key is not None:
            given.append(f"X-API-Key: {key}")
        content = None if method == "GET" else b"" if body is None else json.dumps(body).encode()
        if content:
            given.append("Content-Type: application/json")
        answer = await self.web.get(path, *given, method=method, body=content)
        is_json = answer.headers.get("content-type") == "application/json"
        answer.json = json.loads(answer.body) if is_json and answer.body else None
        return answer

    async def sign_in(self, name, password=PASSWORD, **fields):
        """Sign somebody in; gives the token of the cookie."""
        answer = await self.ask("POST", "/api/auth/login", {"username": name, "password": password, **fields})
        assert answer.status == 200, answer.body
        LISTENER.secrets.add(password, token := token_of(answer))
        return token

    def key_of(self, name):
        """Give the API key of an account."""
        key = self.accounts.users.key_of(self.accounts.users.named(name))
        LISTENER.secrets.add(key)
        return key


def path_of(operation):
    """Give the path of an operation, for a thing that is not there."""
    return re.sub(r"{(\w+)}", lambda found: UNKNOWN.get(found[1], "nothing"), operation.path)


def token_of(answer):
    """Give the token that an answer sets."""
    return answer.headers["set-cookie"].partition(f"{NAME}=")[2].partition(";")[0]


@asynccontextmanager
async def open_site(folder, *, proxy=None, url="", **options):
    """Run one. Ann is an admin, bob may search, off is disabled; all have the same password."""
    async with running_store(url, folder) as store, trio.open_nursery() as nursery:
        accounts = Accounts(AccountShelf(store), folder)
        accounts.store = store
        await nursery.start(accounts.run)
        gate = Gate(accounts, proxy)
        table = [*HOST_OPERATIONS, *TEST_OPERATIONS]
        async with open_web(accounts=accounts, table=table, gate=gate, **options) as web:
            yield Site(web, accounts)
        nursery.cancel_scope.cancel()


async def people(accounts):
    """Make the accounts."""
    await accounts.users.create("Ann", PASSWORD, is_admin=True)
    await accounts.users.create("bob", PASSWORD, permissions=["search"])
    await accounts.users.create("off", PASSWORD, is_admin=True, disabled=True)
