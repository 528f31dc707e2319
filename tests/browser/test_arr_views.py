"""Sonarr and Radarr in the web UI: values to copy, what the apps asked, and why something is not imported."""

import httpx
import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from playwright.sync_api import expect

from browser.people import PASSWORD, make_admin, signed_in

pytestmark = pytest.mark.slow
LINK = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef00000000&dn=Some.Show.S01E02.mkv&xl=12345678"


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over an aMule that is away, with Ann, an admin, below a base path."""
    away = {"type": "amule", "name": "Away", "host": "127.0.0.1", "port": free_port(), "password": "secret secret"}
    folder = tmp_path_factory.mktemp("ours")
    with amutorrent(folder, [away], auth={"enabled": True}, basePath="/down/loads") as running:
        make_admin(running)
        yield running


@pytest.fixture
def page(browser, ours):
    """Open a page of Ann's."""
    context = signed_in(browser, ours)
    yield context.new_page()
    context.close()


def test_the_values_that_are_shown_let_an_app_in_and_its_requests_appear(page, ours):
    page.goto(f"{ours.url}/arr")
    expect(page.get_by_role("radio", name="Set up")).to_be_checked()  # no app has called yet
    client = page.locator("section").filter(has=page.get_by_role("heading", name="Download client"))
    expect(client).to_contain_text("127.0.0.1")
    expect(client).to_contain_text(str(ours.port))
    expect(client).to_contain_text("/down/loads")
    expect(client).to_contain_text("tv-sonarr")
    client.get_by_role("button", name="Show", exact=True).click()
    key = page.request.get(f"{ours.url}/api/auth/profile").json()["user"]["apiKey"]
    expect(client).to_contain_text(key)
    indexer = page.locator("section").filter(has=page.get_by_role("heading", name="Indexer"))
    expect(indexer).to_contain_text(f"{ours.url}/indexer/amule")

    with httpx.Client(base_url=ours.url, headers={"User-Agent": "Sonarr/4.0"}) as app:
        assert app.post("/api/v2/auth/login", data={"username": "ann", "password": key}).text == "Ok."
        app.post("/api/v2/torrents/add", data={"urls": LINK, "category": "tv-sonarr"}).raise_for_status()
        app.get("/api/v2/torrents/info", params={"category": "tv-sonarr"}).raise_for_status()
    page.goto(f"{ours.url}/arr?part=apps")
    expect(page.get_by_role("heading", name="Sonarr/4.0")).to_be_visible()
    page.get_by_text("Last requests").click()
    table = page.get_by_role("region", name="Last requests")
    expect(table).to_contain_text("POST torrents/add")
    expect(table).not_to_contain_text(key)

    page.goto(f"{ours.url}/arr?part=check&show=all")
    item = page.get_by_role("listitem").filter(has_text="Some.Show.S01E02.mkv")
    expect(item).to_contain_text("Waits for its client.")
    item.get_by_text("Some.Show.S01E02.mkv").first.click()
    expect(item).to_contain_text("Connect the client, or wait.")
    expect(item).to_contain_text("queuedDL")
    expect(item).to_contain_text("Sonarr/4.0")
    assert PASSWORD not in page.content()


def test_a_long_list_comes_in_steps(page, ours):
    many = [LINK.replace(":0123", f":{number:04x}").replace("Some", f"Long.{number}") for number in range(1, 121)]
    with httpx.Client(base_url=ours.url) as app:
        assert app.post("/api/v2/auth/login", data={"username": "ann", "password": PASSWORD}).text == "Ok."
        app.post("/api/v2/torrents/add", data={"urls": "\n".join(many), "category": "tv-sonarr"}).raise_for_status()
    page.goto(f"{ours.url}/arr?part=check&show=all&name=long")
    items = page.get_by_role("listitem").filter(has_text="Long.")
    expect(page.get_by_text("100 of 120 items are shown.")).to_be_visible()
    expect(items).to_have_count(100)
    page.get_by_role("button", name="Show 20 more").click()
    expect(items).to_have_count(120)
    expect(page.get_by_text("items are shown.")).to_have_count(0)
