"""The views about the daemon itself: nothing serious for axe, light and dark, and no page wider than its screen."""

import pytest
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from browser.people import SIZES, findings, make_admin, signed_in, wider_than_the_screen

pytestmark = pytest.mark.slow
VIEWS = {
    "/settings/clients": "Clients",
    "/settings/users": "Users",
    "/settings/server": "Server",
    "/settings/integrations": "Integrations",
    "/settings/account": "ann",
    "/settings/browser": "This browser",
    "/plugins": "amule",
    "/arr?part=setup": "Download client",
    "/arr?part=check": "no downloads",
    "/arr?part=apps": "No app",
}
DIALOGS = {
    "/settings/clients": "Edit Demo",
    "/settings/users": "Edit ann",
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon with a client, and with Ann, an admin."""
    clients = [{"type": "example", "name": "Demo", "items": 2}]
    with amutorrent(tmp_path_factory.mktemp("ours"), clients, auth={"enabled": True}) as running:
        make_admin(running)
        yield running


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, browser, ours):
    """Open a page of Ann's, light or dark."""
    context = signed_in(browser, ours, color_scheme=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", VIEWS)
def test_a_view(page, path):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    expect(page.get_by_role("heading", name=VIEWS[path]).first).to_be_visible()
    assert findings(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert wider_than_the_screen(page) <= 0, width


def test_the_log(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/logs")
    expect(page.get_by_role("log")).to_contain_text("Listening on")
    assert findings(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert wider_than_the_screen(page) <= 0, width


@pytest.mark.parametrize("path", DIALOGS)
def test_a_dialog(page, path):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    page.get_by_role("button", name=DIALOGS[path]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/login"])
def test_the_page_for_signing_in(browser, ours, path, theme):
    context = browser.new_context(base_url=ours.url, color_scheme=theme)
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert wider_than_the_screen(page) <= 0
    context.close()
