"""`amutorrent users`, beside a daemon and without one."""

import json
import os
import pty
import stat
import subprocess

import pytest
import trio
from cli.conftest import COMMAND
from lab.amutorrent import amutorrent

from amutorrent.accounts import Accounts
from amutorrent.store import AccountShelf, Store, locate

pytestmark = pytest.mark.slow
PASSWORD = "correct horse"


@pytest.fixture
def users(command, place):
    """Give the function that runs a command about accounts: exit code, what it said, and what it complained of."""

    def run(*args, given=None, **environ):
        ended = command("users", *args, "--data-dir", place.path, given=given, **environ)
        code = ended.ends(60)
        assert "Traceback" not in ended.err
        return code, ended.out, ended.err

    return run


def said(answer):
    """Give the JSON of a command that worked."""
    code, out, err = answer
    assert (code, err) == (0, ""), (code, out, err)
    return json.loads(out)


def in_the_database(place, look, url=""):
    """Open the accounts, and look at them."""

    async def work():
        store = Store(locate(url, place.path))
        accounts = Accounts(AccountShelf(store), place.path)
        async with trio.open_nursery() as nursery:
            await nursery.start(store.run)
            await nursery.start(accounts.run)
            found = await look(accounts)
            nursery.cancel_scope.cancel()
        return found

    return trio.run(work)


def test_the_life_of_an_account(users, place):
    made = said(users("add", "Ann", "--admin", "--password-stdin", "--json", given=f"{PASSWORD}\n"))["user"]
    assert (made["username"], made["isAdmin"], made["hasPassword"]) == ("Ann", True, True)
    code, out, _ = users("add", "bob", "--preset", "read-only")
    assert code == 0
    assert out.startswith("The account bob was made. Its API key:\n")
    bobs_key = out.splitlines()[1]
    assert len(bobs_key) == len(made["apiKey"]) == 43
    assert stat.S_IMODE((place.path / "secret").stat().st_mode) == 0o600
    lines = [line.split(maxsplit=2) for line in users("list")[1].splitlines()]
    assert [line[:2] for line in lines] == [["NAME", "KIND"], ["Ann", "admin"], ["bob", "user"]]
    assert "everything" in lines[1][2]
    assert "read-only" in lines[2][2]
    listed = said(users("list", "--json"))["users"]
    assert [(each["username"], each["hasPassword"]) for each in listed] == [("Ann", True), ("bob", False)]
    assert {each["apiKey"] for each in listed} == {"********"}
    assert users("api-key", "BOB")[1].strip() == bobs_key
    new = said(users("api-key", "bob", "--new", "--json"))["apiKey"]
    assert users("api-key", "bob")[1].strip() == new != bobs_key
    said(users("passwd", "ann", "--password-stdin", "--json", given="another horse\r\nsecond line\n"))

    async def look(accounts):
        user = await accounts.credentials.by_password("ann", "another horse", "192.0.2.1")
        return user.name, accounts.credentials.find_key(bobs_key), accounts.credentials.find_key(new) is not None

    assert in_the_database(place, look) == ("Ann", None, True)
    assert users("remove", "bob")[1] == "The account bob was removed.\n"
    assert [each["username"] for each in said(users("list", "--json"))["users"]] == ["Ann"]


def test_what_cannot_be_done_is_said_in_one_line(users, place):
    assert "no account yet: amutorrent users add NAME --admin" in users("list")[1]
    said(users("add", "Ann", "--admin", "--json"))
    for args, given, complaint in (
        (("add", "ann"), None, "There is an account 'ann' already"),
        (("add", "a b"), None, "A user name has 1 to 64 letters"),
        (("add", "bob", "--password-stdin"), "sunshine\n", "1,000 commonest"),
        (("add", "bob", "--password-stdin"), "", "There is no password on standard input"),
        (("add", "bob", "--password-stdin"), "half \udce9\n", "no text in UTF-8"),
        (("passwd", "ann"), None, "--password-stdin"),
        (("passwd", "cid", "--password-stdin"), PASSWORD, "There is no account 'cid'"),
        (("remove", "ann"), None, "the last admin"),
        (("api-key", "cid"), None, "There is no account 'cid'"),
    ):
        code, out, err = users(*args, given=given)
        assert (code, out, len(err.splitlines())) == (1, "", 1), (args, code, out, err)
        assert err.startswith("amutorrent: ")
        assert complaint in err
    assert [each["username"] for each in said(users("list", "--json"))["users"]] == ["Ann"]


def test_a_database_that_cannot_be_used(users, place):
    place.path.mkdir()
    (place.path / "amutorrent.db").write_bytes(b"no database at all" * 100)
    code, out, err = users("add", "Ann", "--admin")
    assert (code, out) == (1, "")
    assert "is damaged" in err


@pytest.mark.daemon
def test_on_a_server(users, place, postgresql):
    url = postgresql.url(postgresql.new_database())
    made = said(users("add", "Ann", "--admin", "--json", AMUTORRENT_DATABASE__URL=url))["user"]

    async def look(accounts):
        return accounts.credentials.find_key(made["apiKey"]).account_id

    assert in_the_database(place, look, url) == made["id"]


def test_a_terminal_is_asked_in(place):
    """A password that is typed is not shown, and has to be typed twice."""
    main, side = pty.openpty()
    run = subprocess.Popen(
        [*COMMAND, "users", "add", "Ann", "--admin", "--data-dir", place.path],
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    shown = b""
    for typed in (PASSWORD, PASSWORD):
        while not shown.rstrip().endswith(b":"):
            shown += os.read(main, 1000)
        os.write(main, f"{typed}\n".encode())
        shown += b" typed "
    try:
        while chunk := os.read(main, 1000):
            shown += chunk
    except OSError:
        pass  # it has ended, and so has its terminal
    os.close(main)
    assert run.wait(30) == 0, shown
    assert b"was made" in shown
    assert PASSWORD.encode() not in shown

    async def look(accounts):
        return (await accounts.credentials.by_password("ann", PASSWORD, "192.0.2.1")).is_admin

    assert in_the_database(place, look)


def test_beside_a_daemon(users, place):
    with amutorrent(place.path, []):
        said(users("add", "Ann", "--admin", "--json"))
        assert [each["username"] for each in said(users("list", "--json"))["users"]] == ["Ann"]
        assert len(said(users("api-key", "ann", "--json"))["apiKey"]) == 43
