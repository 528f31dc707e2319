"""The pages for signing in and for the first account: who is sent there, and that nobody is sent anywhere else."""

import pytest
from quart import Blueprint
from web.server import open_web
from web.site import open_site

HTML = "Accept: text/html,application/xhtml+xml;q=0.9"


@pytest.fixture
async def empty(tmp_path, cheap_hashes):
    """Run a server without any account."""
    async with open_site(tmp_path) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/login?next=/"),
        ("/downloads?sort=name&tag=a%20b", "/login?next=/downloads%3Fsort%3Dname%26tag%3Da%2520b"),
        ("//evil.example/x", "/login?next=/evil.example/x"),
    ],
)
async def test_who_wants_a_page_is_sent_to_sign_in(site, path, place):
    answer = await site.web.get(path, HTML)
    assert (answer.status, answer.headers["location"]) == (302, place)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/v1/data/snapshot", "/api/nothing", "/indexer/amule/api", "/health/x"])
async def test_programs_are_never_sent_anywhere(site, path):
    answer = await site.web.get(path, HTML)
    assert answer.status == 401
    assert (await site.web.get("/", "Accept: */*")).status == 401
    assert (await site.web.get("/", HTML, method="POST", body=b"")).status == 401


async def test_the_metrics_are_no_page(site):
    assert (await site.web.get("/metrics", HTML)).headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("", "/"),
        ("?next=/downloads%3Fsort%3Dname", "/downloads?sort=name"),
        ("?next=//evil.example", "/"),
        ("?next=/%5Cevil.example", "/"),
        ("?next=https://evil.example/", "/"),
        ("?next=javascript:alert(1)", "/"),
        ("?next=/%0d%0aSet-Cookie:%20a=b", "/"),
        ("?next=/%09/evil.example", "/"),
    ],
)
async def test_who_is_signed_in_goes_on_to_a_place_of_this_site_only(site, wanted, place):
    answer = await site.ask("GET", f"/login{wanted}", session=await site.sign_in("bob"))
    assert (answer.status, answer.headers["location"]) == (302, place)
    assert "set-cookie" not in answer.headers


async def test_a_place_outside_the_base_path_is_another_site(tmp_path, cheap_hashes):
    async with open_site(tmp_path, base_path="/base") as site:
        await site.accounts.users.create("bob", "correct horse")
        key = f"X-API-Key: {site.key_of('bob')}"
        answer = await site.web.get("/base/login?next=/other", key)
        assert answer.headers["location"] == "/base/"
        answer = await site.web.get("/base/login?next=/base/x", key)
        assert answer.headers["location"] == "/base/x"
        answer = await site.web.get("/base/x", HTML)
        assert answer.headers["location"] == "/login?next=/base/x".replace("/login", "/base/login")


async def test_the_pages_and_what_they_load(site):
    for path, kind in (
        ("/login", "text/html"),
        ("/entry/entry.css", "text/css"),
        ("/entry/entry.js", "text/javascript"),
        ("/entry/login.js", "text/javascript"),
        ("/entry/setup.js", "text/javascript"),
        ("/entry/spanish.js", "text/javascript"),
        ("/entry/texts.js", "text/javascript"),
        ("/entry/theme.js", "text/javascript"),
        ("/entry/icon.svg", "image/svg+xml"),
    ):
        answer = await site.web.get(path)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        again = await site.web.get(path, f"If-None-Match: {answer.headers['etag']}")
        assert (again.status, again.body) == (304, b"")
    for path in (
        "/entry/",
        "/entry/__init__.py",
        "/entry/..%2f__init__.py",
        "/entry/../login.html",
        "/entry/login.html",
    ):
        assert (await site.web.get(path)).status in (401, 404)
    assert (await site.web.get("/setup")).headers["location"] == "/login"


async def test_without_an_account_everything_leads_to_the_setup(empty):
    for path in ("/", "/login", "/x?y=1"):
        answer = await empty.web.get(path, HTML)
        assert (answer.status, answer.headers["location"]) == (302, "/setup")
    assert (await empty.web.get("/setup")).status == 200
    assert (await empty.web.get("/")).status == 401


async def test_without_authentication_the_pages_lead_home():
    async with open_web() as web:
        for path in ("/login", "/setup"):
            answer = await web.get(path)
            assert answer.status == 302
        assert (await web.get("/login")).headers["location"] == "/"


async def test_without_a_web_ui_the_root_leads_to_the_guide(site):
    answer = await site.web.get("/", f"X-API-Key: {site.key_of('bob')}")
    assert (answer.status, answer.headers["location"]) == (302, "/api/docs")


async def test_a_web_ui_has_the_root(make_web):
    surface = Blueprint("ui", __name__)

    @surface.get("/")
    async def page():
        return "the list"

    async with make_web(surfaces=[surface]) as web:
        assert (await web.get("/")).body == b"the list"
