"""Every view, light and dark: axe finds nothing serious, nothing scrolls sideways, nothing is asked of anybody else."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from amutorrent_webui.views import VIEWS
from lab.amutorrent import amutorrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import WIDTHS, findings, settle, wider_than_the_screen

pytestmark = pytest.mark.slow
CLIENTS = [
    {"type": "example", "id": "example", "name": "Practice"},
    {"type": "qbittorrent", "id": "away", "name": "Gone away", "host": "127.0.0.1", "port": 9, "password": "no"},
]
FRONT_END = Path(__file__).parents[2] / "plugins" / "webui" / "frontend"
LISTED = (FRONT_END / "src" / "views" / "index.ts").read_text()
PATHS = ["/", *(f"/{name}" for name in VIEWS if f'id: "{name}"' in LISTED), "/downloads?item=ITEM"]


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over a client that the UI does not know, and one that is away."""
    with amutorrent(tmp_path_factory.mktemp("amutorrent"), CLIENTS) as running:
        yield running


@pytest.fixture(scope="module")
def path_of(ours):
    """Give the address of a view, with an item filled in."""
    items = wait_until(lambda: list(ours.items().values()), 20)
    key = f"{items[0]['instanceId']}:{items[0]['hash']}"
    return lambda path: ours.url + path.replace("ITEM", key)


@pytest.mark.parametrize("path", PATHS)
def test_a_view_is_for_everybody(themed, ours, path_of, path):
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(path_of(path))
        settle(themed)
        assert wider_than_the_screen(themed) <= 0, width
        assert findings(themed) == [], width
    assert {urlsplit(each).netloc for each in themed.asked} == {urlsplit(ours.url).netloc}


def test_a_client_that_nobody_knows_has_its_items_and_their_actions(themed, path_of):
    themed.set_viewport_size({"width": 1440, "height": 900})
    themed.goto(path_of("/downloads"))
    themed.get_by_role("row").filter(has_text="Example 03").click(button="right")
    expect(themed.get_by_role("menuitem", name="Pause")).to_be_visible()
    expect(themed.get_by_role("menuitem", name="Check again")).to_have_count(0)
