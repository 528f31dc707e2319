"""From the first start to the first download that is complete, in a browser over a real client."""

import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from lab.seeder import seeder as run_seeder
from lab.torrents import make_torrent
from playwright.sync_api import expect

from browser.people import PASSWORD, printed_link, row_of, set_up, tab_to

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
SOON_MS = 60_000
SIZE = 2 << 20


@pytest.fixture
def ours(tmp_path, second_qbittorrent):
    """Run our own daemon over one client, without an account."""
    clients = [{**second_qbittorrent.settings, "id": "leecher", "name": "Torrents"}]
    with amutorrent(tmp_path, clients, auth={"enabled": True}) as running:
        yield running
    second_qbittorrent.clear()


def seeded(qbittorrent, tracker, name):
    """Give a torrent that somebody has."""
    torrent = make_torrent(name, SIZE, tracker.url)
    qbittorrent.seed(torrent)
    tracker.wait_seeded(torrent.hash)
    return torrent


def test_by_mouse(page, ours, qbittorrent, second_qbittorrent, tracker):
    torrent = seeded(qbittorrent, tracker, "by-mouse.bin")
    set_up(page, ours)
    page.get_by_role("link", name="Downloads").click()
    expect(page.get_by_text("Nothing is downloading yet")).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name="Add").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Choose torrent files").click()
    choosing.value.set_files(
        {"name": "by-mouse.torrent", "mimeType": "application/x-bittorrent", "buffer": torrent.file}
    )
    expect(page.get_by_text("1 torrent file to Torrents")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row_of(page, "by-mouse.bin")).to_contain_text("Seeding", timeout=SOON_MS)
    assert torrent.digest_in(second_qbittorrent.downloads) == torrent.digest
    look_at_details(page, torrent, tracker)
    delete_with_files(page, "by-mouse.bin")
    expect(row_of(page, "by-mouse.bin")).to_have_count(0, timeout=SOON_MS)
    assert not (second_qbittorrent.downloads / "by-mouse.bin").exists()


def test_with_nothing_but_the_engine_inside(page, tmp_path, tracker):
    """From the printed link to the file in the folder for downloads, with no other client there."""
    folder, quiet = tmp_path / "downloads", dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
    place = {"port": free_port(), "interfaces": ["127.0.0.39"], "downloadDir": str(folder)}
    torrent = make_torrent("by-itself.bin", SIZE, tracker.url)
    engine = [{"type": "libtorrent", **place, **quiet}]
    with (
        run_seeder(tmp_path / "seeder") as seeder,
        amutorrent(tmp_path / "ours", engine, auth={"enabled": True}) as ours,
    ):
        seeder.seed(torrent)
        tracker.wait_seeded(torrent.hash)
        set_up(page, ours)
        page.get_by_role("banner").get_by_role("button", name="Add").click()
        page.get_by_role("textbox", name="Links").fill(torrent.magnet)
        page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("link", name="Downloads").click()
        expect(row_of(page, "by-itself.bin")).to_contain_text("Seeding", timeout=SOON_MS)
        assert torrent.digest_in(folder) == torrent.digest
        delete_with_files(page, "by-itself.bin")
        expect(row_of(page, "by-itself.bin")).to_have_count(0, timeout=SOON_MS)
        assert not (folder / "by-itself.bin").exists()
        page.goto("about:blank")


def look_at_details(page, torrent, tracker):
    """Open the details, and each of their tabs."""
    page.get_by_role("link", name=torrent.name).click()
    panel = page.get_by_role("complementary", name="Details")
    expect(panel).to_contain_text(torrent.hash)
    told = {"Files": "2.00 MB", "Peers": "", "Trackers": tracker.url, "History": "Completed", "Raw": "infohash_v1"}
    for tab, text in told.items():
        panel.get_by_role("tab", name=tab).click()
        expect(panel.get_by_role("tabpanel", name=tab)).to_contain_text(text)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)


def delete_with_files(page, name):
    """Delete by the menu of the row; the files only since that was asked for."""
    row_of(page, name).click(button="right")
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The files stay where they are.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("switch", name="Delete the files as well").click()
    expect(dialog.get_by_text("1 item with 2.00 MB will be deleted from disk.")).to_be_visible()
    dialog.get_by_role("button", name="Delete with files").click()


def test_by_keyboard_alone(page, ours, qbittorrent, second_qbittorrent, tracker):
    torrent = seeded(qbittorrent, tracker, "by-keys.bin")
    press, write = page.keyboard.press, page.keyboard.insert_text
    page.goto(printed_link(ours))
    for text in ("ann", PASSWORD, PASSWORD):
        write(text)
        press("Tab")
    press("Enter")
    page.wait_for_url(f"{ours.url}/")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    press("a")
    expect(page.get_by_role("textbox", name="Links")).to_be_focused()
    write(torrent.magnet)
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Add", exact=True))
    press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press("g")
    press("d")
    grid = page.get_by_role("grid", name="Downloads")
    tab_to(page, grid)
    press("ArrowDown")
    expect(row_of(page, "by-keys.bin")).to_contain_text("Seeding", timeout=SOON_MS)
    press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="by-keys.bin")).to_be_visible()
    press("Escape")
    expect(panel).to_have_count(0)
    press("Space")
    expect(row_of(page, "by-keys.bin")).to_contain_text("Done")
    assert torrent.digest_in(second_qbittorrent.downloads) == torrent.digest
    press("Delete")
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True))
    press("Enter")
    expect(row_of(page, "by-keys.bin")).to_have_count(0, timeout=SOON_MS)
    assert (second_qbittorrent.downloads / "by-keys.bin").exists()
