"""The details of an item: its files as a tree, however many; its peers; and the way from one item to the next."""

import json

import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from lab.torrents import make_torrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import SIZES, findings, wider_than_the_screen

pytestmark = pytest.mark.slow
LIBRARY = make_torrent(
    "Library",
    {f"Artist {n % 40:02}/Album {n % 80:02}/{n:05} track.flac": 100 for n in range(9_999)} | {"cover.jpg": 77},
)
SEASON = make_torrent(
    "Season",
    {**{f"Season 1/E{n:02}.mkv": 40_000 for n in range(1, 11)}, "Season 1/Subs/E01.srt": 3_000, "readme.txt": 100},
)
SINGLE = make_torrent("single.iso")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over its engine, with three downloads that nobody has."""
    folder, quiet = tmp_path_factory.mktemp("ours"), dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
    place = {"port": free_port(), "interfaces": ["127.0.0.41"], "downloadDir": str(folder / "downloads")}
    with amutorrent(folder, [{"type": "libtorrent", "id": "engine", **place, **quiet}]) as running:
        wait_until(lambda: running.state("engine") == "online", 30)
        for torrent in (LIBRARY, SEASON, SINGLE):
            running.add_file(torrent, "engine")
        wait_until(lambda: len(running.items()) == 3, 30)
        yield running


@pytest.fixture
def open_tab(page, ours):
    """Open a tab of an item; gives its panel."""

    def open_it(torrent, tab):
        page.goto(f"{ours.url}/downloads?sort=name&item=engine:{torrent.hash}&tab={tab}")
        panel = page.get_by_role("complementary", name="Details")
        expect(panel.get_by_role("heading", name=torrent.name)).to_be_visible()
        return panel

    return open_it


def priorities(ours, torrent):
    """Count the files of each priority, as the client has them."""
    files = ours.get(f"/api/item/files/{torrent.hash}", instanceId="engine")["files"]
    found = [each.get("priority", 1) for each in files]
    return {each: found.count(each) for each in set(found)}


def test_files_are_a_tree_and_a_folder_is_wanted_as_a_whole(page, ours, open_tab):
    panel = open_tab(SEASON, "files")
    tree = panel.get_by_role("treegrid", name="Files")
    row = tree.get_by_role("row")
    expect(row).to_have_count(14)
    folder = row.filter(has_text="11 files")
    expect(folder).to_have_attribute("aria-level", "1")
    expect(folder).to_contain_text("394 kB")
    expect(row.filter(has_text="E01.srt")).to_have_attribute("aria-level", "3")
    tree.get_by_label("Priority: Season 1/Subs/").select_option("Skip")
    expect(tree.get_by_label("Priority: Season 1/", exact=True)).to_have_value("null")
    wait_until(lambda: priorities(ours, SEASON) == {0: 1, 1: 11}, 20)
    tree.get_by_label("Priority: Season 1/", exact=True).select_option("High")
    wait_until(lambda: priorities(ours, SEASON) == {2: 11, 1: 1}, 20)
    panel.get_by_role("searchbox", name="Find a file").fill("mkv e0")
    expect(row).to_have_count(10)
    expect(panel.get_by_text("9 of 12 files")).to_be_visible()
    panel.get_by_label("Priority of all 9 files").select_option("Normal")
    wait_until(lambda: priorities(ours, SEASON) == {2: 2, 1: 10}, 20)
    panel.get_by_role("searchbox", name="Find a file").fill("nothing like it")
    expect(panel.get_by_text("No file fits these words.")).to_be_visible()


def test_ten_thousand_files_are_walked_by_keys_and_few_of_them_are_drawn(page, open_tab):
    panel = open_tab(LIBRARY, "files")
    tree = panel.get_by_role("treegrid", name="Files")
    expect(panel.get_by_text("10,000 files")).to_be_visible()
    row = tree.get_by_role("row")
    expect(tree).to_have_attribute("aria-rowcount", "41")
    tree.focus()
    press, active = page.keyboard.press, tree.locator(".active")
    press("ArrowDown")
    press("ArrowRight")
    press("ArrowRight")
    press("Enter")
    press("ArrowDown")
    expect(active).to_contain_text("00000 track.flac")
    expect(active).to_have_attribute("aria-level", "3")
    assert tree.get_attribute("aria-activedescendant") == active.get_attribute("id")
    press("ArrowLeft")
    expect(active).to_contain_text("Album 00")
    press("ArrowLeft")
    expect(active).to_have_attribute("aria-expanded", "false")
    press("End")
    expect(active).to_contain_text("cover.jpg")
    press("Tab")
    expect(tree.get_by_label("Priority: cover.jpg")).to_be_focused()
    panel.get_by_role("searchbox", name="Find a file").fill("flac")
    expect(tree).to_have_attribute("aria-rowcount", "10119")
    tree.focus()
    press("End")
    expect(row.filter(has_text="track.flac").last).to_be_visible()
    assert row.count() < 60


def many_peers(route):
    """Give what the daemon says, with a crowd of peers in it."""
    said = route.fetch()
    crowd = [
        {"id": f"{n}", "address": f"10.0.{n // 250}.{n % 250}", "port": 4662, "role": "peer", "software": "Some 1.0"}
        | ({"downloadRate": 1000 * n} if n % 10 == 0 else {"downloadState": "queued" if n % 2 else "banned"})
        for n in range(1, 801)
    ]
    route.fulfill(status=said.status, body=json.dumps(said.json() | {"peers": crowd}), content_type="application/json")


def test_hundreds_of_peers_are_counted_sorted_and_chosen_by_state(page, open_tab):
    page.route("**/api/item/detail/*", many_peers)
    panel = open_tab(SINGLE, "peers")
    table = panel.get_by_role("table", name="Peers")
    expect(table).to_have_attribute("aria-rowcount", "801")
    expect(panel.get_by_text("800 peers")).to_be_visible()
    expect(panel.get_by_text("↓ 30.9 MB/s")).to_be_visible()
    row = table.get_by_role("row")
    expect(row.nth(1)).to_contain_text("10.0.3.50:4662")
    assert row.count() < 60
    table.get_by_role("button", name="Peer").click()
    expect(row.nth(1)).to_contain_text("10.0.0.1:4662")
    state = panel.get_by_role("group", name="State")
    state.get_by_role("button", name="Banned 320").click()
    expect(table).to_have_attribute("aria-rowcount", "321")
    expect(row.nth(1)).to_contain_text("10.0.0.2:4662")


def test_from_one_item_to_the_next_by_keys_and_buttons(page, open_tab):
    panel = open_tab(LIBRARY, "trackers")
    title = panel.get_by_role("heading", level=2)
    expect(panel.get_by_role("button", name="Previous item")).to_be_disabled()
    page.keyboard.press("j")
    expect(title).to_have_text("Season")
    expect(page.locator(".table-row.active")).to_contain_text("Season")
    assert "tab=trackers" in page.url
    panel.get_by_role("button", name="Next item").click()
    expect(title).to_have_text("single.iso")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(title).to_have_text("Season")
    panel.get_by_role("tab", name="Raw").click()
    panel.get_by_role("searchbox", name="Find a field").fill("jk")
    expect(title).to_have_text("Season")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_where_it_covers_the_list_the_focus_comes_and_goes_with_it(page, open_tab):
    page.set_viewport_size({"width": 360, "height": 780})
    panel = open_tab(SEASON, "raw")
    expect(panel).to_be_focused()
    expect(panel.get_by_role("tab", name="Raw")).to_be_in_viewport(ratio=0.95)
    grid = page.get_by_role("grid", name="Downloads")
    assert not grid.evaluate("element => { element.focus(); return element === document.activeElement; }")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert grid.evaluate("element => { element.focus(); return element === document.activeElement; }")


def test_files_and_peers_are_for_everybody(page, open_tab):
    page.route("**/api/item/detail/*", many_peers)
    for (width, height), theme in zip(SIZES, ("light", "dark", "light"), strict=True):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        for tab, role in (("files", "treegrid"), ("peers", "table")):
            expect(open_tab(SEASON, tab).get_by_role(role)).to_be_visible()
            assert wider_than_the_screen(page) <= 0, (tab, width)
            assert findings(page) == [], (tab, width)
    page.unroute("**/api/item/detail/*")
    page.goto("about:blank")


def keeps_preferences(answer):
    return answer.request.method == "PUT" and answer.url.endswith("/api/auth/preferences")


def test_it_is_as_wide_as_somebody_made_it(page, open_tab):
    page.set_viewport_size({"width": 1440, "height": 900})
    panel = open_tab(SEASON, "files")
    edge = panel.get_by_role("slider", name="Width of the details")
    place = edge.bounding_box()
    page.mouse.move(place["x"] + 4, 500)
    page.mouse.down()
    page.mouse.move(place["x"] - 196, 500, steps=5)
    with page.expect_response(keeps_preferences) as saved:
        page.mouse.up()
    assert saved.value.ok
    width = panel.bounding_box()["width"]
    assert width == pytest.approx(640, abs=4)
    page.reload()
    expect(panel).to_be_visible()
    assert panel.bounding_box()["width"] == width
