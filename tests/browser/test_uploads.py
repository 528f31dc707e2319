"""Uploads in a browser: a real peer takes a file from a real client, slowly."""

import re

import pytest
from lab.amutorrent import amutorrent
from lab.torrents import make_torrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import row_of

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
SIZE = 16 << 20
SLOW = 64 * 1024
SOON_MS = 60_000


@pytest.fixture
def torrent(tmp_path, qbittorrent, second_qbittorrent, tracker):
    """Let the second client take a torrent from the first, which is ours to watch."""
    torrent = make_torrent("going out.bin", SIZE, tracker.url)
    qbittorrent.seed(torrent)
    tracker.wait_seeded(torrent.hash)
    yield torrent
    qbittorrent.clear()
    second_qbittorrent.clear()


@pytest.fixture
def ours(tmp_path, qbittorrent, second_qbittorrent, torrent):
    """Run our own daemon over both, so slow that the peer stays."""
    clients = [{**qbittorrent.settings, "id": "giver"}, {**second_qbittorrent.settings, "id": "taker"}]
    with amutorrent(tmp_path, clients) as running:
        limits = "/api/v1/clients/instances/giver/speed-limits"
        wait_until(lambda: running.state("giver") == running.state("taker") == "online", 30)
        running.put(limits, upload=SLOW)
        running.post("/api/v1/categories", title="Going")
        running.add_file(torrent, "taker")
        yield running
        running.put(limits, upload=0)


def test_a_peer_leads_to_its_file_and_a_filter_says_what_it_hides(page, ours, torrent):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{ours.url}/uploads")
    row = row_of(page, torrent.name)
    expect(row).to_be_visible(timeout=SOON_MS)
    items = [{"fileHash": torrent.hash, "instanceId": "giver"}]
    ours.post("/api/v1/downloads/category", items=items, categoryName="Going")
    expect(row).to_contain_text("Going")
    row.click(button="right")
    expect(page.get_by_role("menuitem", name="Copy address")).to_be_visible()
    page.get_by_role("menuitem", name="File", exact=True).click()
    expect(page.get_by_role("menuitem", name="Pause")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name=torrent.name)).to_be_visible()
    expect(page).to_have_url(re.compile("/uploads.*item=giver"))
    page.go_back()
    expect(panel).to_have_count(0)
    page.get_by_role("searchbox", name="Filter this list").fill("nothing like it")
    expect(page.get_by_text("1 peer is hidden by the filter.")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Clear filters").click()
    expect(row).to_be_visible()
