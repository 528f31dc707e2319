"""Whose keys work: real accounts, over a real server."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from amutorrent_torznab import Indexer
from web.site import open_site, people

from amutorrent import Host
from amutorrent.settings import PluginSettings, Settings

PATH = "/indexer/amule/api?t=caps"


@pytest.fixture
async def indexed(tmp_path, monkeypatch):
    """Run a server with the indexer; password hashes take no time."""
    monkeypatch.setattr("amutorrent.accounts.passwords.MEMORY_KIB", 64)
    monkeypatch.setattr("amutorrent.accounts.passwords.PASSES", 1)
    parts = []
    host = Host("torznab", lambda: parts[0])
    indexer = Indexer(host)
    surfaces = {"surfaces": [indexer.blueprint()], "public_surfaces": {"torznab"}, "doors": {"/indexer": indexer.know}}
    async with open_site(tmp_path, **surfaces) as site:
        settings = PluginSettings(Settings(tmp_path, environ={}), "torznab")
        parts.append(SimpleNamespace(accounts=site.accounts, settings_of=lambda name: settings))
        yield site


def told(answer):
    """Give status, and the code of an error or the name of the document."""
    root = ElementTree.fromstring(answer.body)
    assert answer.headers["content-type"].startswith("application/xml")
    return answer.status, int(root.get("code")) if root.tag == "error" else root.tag


async def test_an_admins_key_works_in_the_query_and_in_the_header(indexed):
    site = indexed
    assert told(await site.ask("GET", f"{PATH}&apikey=x")) == (401, 100), "there is no account yet"
    await people(site.accounts)
    ann, bob, off = map(site.key_of, ("Ann", "bob", "off"))
    assert told(await site.ask("GET", f"{PATH}&apikey={ann}")) == (200, "caps")
    assert told(await site.ask("GET", PATH, key=ann)) == (200, "caps")
    assert told(await site.ask("GET", f"{PATH}&apikey={ann}", key="k" * 43)) == (200, "caps")
    assert told(await site.ask("GET", f"{PATH}&apikey={bob}")) == (403, 102)
    assert told(await site.ask("GET", PATH, key=bob)) == (403, 102)
    assert told(await site.ask("GET", f"{PATH}&apikey={off}")) == (401, 100)


async def test_without_a_key_nothing_works(indexed):
    site = indexed
    await people(site.accounts)
    session = await site.sign_in("Ann")
    ann = site.key_of("Ann")
    assert told(await site.ask("GET", PATH)) == (401, 100)
    assert told(await site.ask("GET", PATH, session=session)) == (401, 100), "a session does not count here"
    assert told(await site.ask("GET", PATH, session=session, key=ann)) == (200, "caps")
    assert told(await site.ask("GET", PATH, session=session, key="k" * 43)) == (401, 100)
    answer = await site.ask("GET", "/indexer/nothing", None, "Accept: text/html")
    assert told(answer) == (404, 900)
    assert "location" not in answer.headers


async def test_a_right_key_in_the_query_is_no_stranger(indexed, monkeypatch):
    site = indexed
    await people(site.accounts)
    monkeypatch.setattr("amutorrent.web.rate_limit.PER_MINUTE", 3)
    ann, bob, afar = site.key_of("Ann"), site.key_of("bob"), "X-Forwarded-For: 1.2.3.4"
    for _ in range(10):
        assert told(await site.ask("GET", f"{PATH}&apikey={ann}", None, afar)) == (200, "caps")
    assert [(await site.ask("GET", f"{PATH}&apikey={bob}", None, afar)).status for _ in range(4)] == [
        403,
        403,
        403,
        429,
    ]


async def test_an_empty_header_is_no_guess(indexed):
    site = indexed
    await people(site.accounts)
    for _ in range(10):
        assert told(await site.ask("GET", f"{PATH}&apikey=", key="")) == (401, 100)
    assert told(await site.ask("GET", f"{PATH}&apikey={site.key_of('Ann')}", key="")) == (200, "caps")


async def test_a_wrong_key_in_the_query_is_one_guess(indexed):
    site = indexed
    await people(site.accounts)
    answers = [told(await site.ask("GET", f"{PATH}&apikey={'k' * 43}")) for _ in range(6)]
    assert answers == [(401, 100)] * 5 + [(429, 429)], "five are free"


async def test_trap_39_the_value_of_another_parameter_is_no_key(indexed):
    site = indexed
    await people(site.accounts)
    assert told(await site.ask("GET", f"/indexer/amule/api?t={site.key_of('Ann')}")) == (401, 100)


@pytest.mark.parametrize("by_header", [False, True])
async def test_trap_41_wrong_keys_are_guesses_and_right_ones_work_all_the_same(indexed, by_header):
    site = indexed
    await people(site.accounts)
    ann = site.key_of("Ann")

    async def ask(key):
        return await (site.ask("GET", PATH, key=key) if by_header else site.ask("GET", f"{PATH}&apikey={key}"))

    assert [told(await ask("k" * 43)) for _ in range(6)] == [(401, 100)] * 5 + [(429, 429)]
    blocked = await ask("k" * 43)
    assert 50 < int(blocked.headers["retry-after"]) <= 60
    assert ElementTree.fromstring(blocked.body).get("description") == "Request limit reached"
    assert told(await ask(ann)) == (200, "caps")
