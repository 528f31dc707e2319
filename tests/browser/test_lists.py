"""The lists: what Back takes back, keys wherever the focus is, phones, and which clients are shown."""

import re

import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import findings, row_of, wider_than_the_screen

pytestmark = pytest.mark.slow
NAMES = ("Practice", "Basement", "Kitchen", "Attic", "Garage", "Office")
AWAY = {"type": "amule", "id": "mule", "name": "Mule", "host": "127.0.0.1", "password": "not there"}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over several clients of one network, and one of another that is away."""
    clients = [{"type": "example", "id": name.lower(), "name": name} for name in NAMES]
    folder = tmp_path_factory.mktemp("lists")
    with amutorrent(folder, [*clients, {**AWAY, "port": free_port()}]) as running:
        wait_until(lambda: all(running.state(name.lower()) == "online" for name in NAMES), 30)
        running.post("/api/v1/categories", title="Here", path=str(folder))  # its free space is told
        yield running


@pytest.fixture
def open_at(page, ours):
    """Open a view in a window of some size, as somebody who has arranged nothing."""
    ours.http.put("/api/auth/preferences", json={"preferences": {}}).raise_for_status()

    def open_at(path, size=DESK):
        page.set_viewport_size(size)
        page.goto(ours.url + path)
        return page

    return open_at


def test_back_takes_back_what_was_opened_and_not_what_was_typed(open_at):
    page = open_at("/")
    page.get_by_role("link", name="Downloads").click()
    page.get_by_role("searchbox", name="Filter this list").press_sequentially("example 0")
    page.get_by_role("button", name=re.compile("^Seeding")).click()
    page.get_by_role("button", name="All", exact=False).first.click()
    panel = page.get_by_role("complementary", name="Details")
    page.get_by_role("link", name="Example 01").first.click()
    page.get_by_role("link", name="Example 02").first.click()
    panel.get_by_role("tab", name="Raw").click()
    expect(page).to_have_url(re.compile("tab=raw"))
    page.go_back()
    expect(panel.get_by_role("tab", name="General")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(panel.get_by_role("heading", name="Example 01")).to_be_visible()
    assert "q=example+0" in page.url  # a link of a row keeps the filter of now
    page.go_back()
    expect(panel).to_have_count(0)
    page.go_forward()
    expect(panel.get_by_role("heading", name="Example 01")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    for _ in range(3):  # the panel that was closed, and opened; the status
        page.go_back()
    expect(page.get_by_role("button", name=re.compile("^Seeding"))).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("searchbox", name="Filter this list")).to_have_value("example 0")
    page.go_back()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_back_finds_a_list_where_it_was(open_at):
    page = open_at("/downloads?sort=name")
    grid = page.get_by_role("grid", name="Downloads")
    expect(row_of(page, "Example 01").first).to_be_visible()
    top = "element => element.scrollTop"
    grid.evaluate("element => element.scrollTo(0, 720)")
    row_of(page, "Example 05").get_by_role("link").first.click()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    assert grid.evaluate(top) == 720
    page.get_by_role("link", name="Home").click()
    expect(grid).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    assert grid.evaluate(top) == 720
    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Downloads").click()  # a new step begins above
    expect(row_of(page, "Example 01").first).to_be_visible()
    assert grid.evaluate(top) == 0


def test_the_keys_of_a_list_need_no_focus_in_it(open_at):
    page = open_at("/downloads?q=example+0&sort=name")
    expect(row_of(page, "Example 01").first).to_be_visible()
    press, bar = page.keyboard.press, page.get_by_role("toolbar", name="What to do with the selection")
    press("j")
    press("ArrowDown")
    press("x")
    expect(bar).to_contain_text("1 selected")
    press("Control+a")
    expect(bar).not_to_contain_text("1 selected")
    count = int(re.search(r"\d+", bar.inner_text())[0])
    assert count > len(NAMES)
    press("Escape")
    expect(bar).to_have_count(0)
    press("Shift+ArrowDown")
    expect(bar).to_contain_text("2 selected")

    page.reload()  # no row is active
    expect(row_of(page, "Example 01").first).to_be_visible()
    press("Control+a")
    press(".")
    expect(page.get_by_role("menuitem", name="Pause")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Details")).to_have_count(0)  # it is the menu of all
    press("j")  # the menu has the focus
    press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(bar).to_contain_text(f"{count} selected")
    press("Escape")
    expect(bar).to_have_count(0)

    page.get_by_role("searchbox", name="Filter this list").focus()
    press("x")  # is typed
    expect(page.get_by_text("Nothing fits the filters")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Clear filters").click()
    press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("j")
    press("x")
    press("Escape")
    expect(bar).to_have_count(0)
    columns = page.get_by_role("button", name="Columns")
    columns.focus()
    press("Space")  # is the button's
    expect(page.get_by_role("dialog", name="Columns")).to_be_visible()


def test_a_phone_selects_all_sorts_and_hides_clients(open_at):
    page = open_at("/downloads", PHONE)
    card = page.locator(".table-card").first
    expect(card).to_be_visible()
    badge = page.get_by_role("navigation", name="Views").get_by_role("link", name="Downloads")
    expect(badge).to_contain_text("under way")
    card.click(button="right")  # a long press
    page.get_by_role("menuitem", name="Select").click()
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    bar.get_by_role("button", name=re.compile("Select all")).click()
    expect(bar.get_by_role("button", name=re.compile("Select all"))).to_have_count(0)
    assert wider_than_the_screen(page) <= 0
    assert findings(page) == []
    bar.get_by_role("button", name="Clear the selection").click()
    card.click()  # by a mouse, in a window as narrow as that
    panel = page.get_by_role("complementary", name="Details")
    expect(panel).to_be_visible()
    expect(bar).to_have_count(0)
    page.go_back()
    expect(panel).to_have_count(0)

    page.get_by_role("button", name="More").click()
    sheet = page.get_by_role("dialog", name="More")
    expect(sheet.get_by_role("switch", name="Garage")).to_be_checked()
    sheet.get_by_role("switch", name="All of BitTorrent").click()
    expect(sheet.get_by_role("switch", name="Garage")).not_to_be_checked()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_text(f"{len(NAMES)} clients are hidden.")).to_be_visible()
    expect(page.locator(".table-card")).to_have_count(0)
    page.get_by_role("button", name="Show all").first.click()  # in the line above; the empty list has it, too
    expect(card).to_be_visible()

    page.goto(page.url.replace("/downloads", "/uploads?q=nothing"))
    page.get_by_role("button", name="Filters and sorting").click()
    page.get_by_role("dialog").get_by_label("Sort by").select_option("file")
    expect(page).to_have_url(re.compile("sort=file"))


@pytest.mark.parametrize("width", [1024, 1279, 1440])
def test_what_finds_no_room_in_the_bar_is_one_click_away(open_at, width):
    page = open_at("/downloads", {"width": width, "height": 800})
    expect(row_of(page, "Example 01").first).to_be_visible()
    bar = page.get_by_role("banner")
    expect(bar.get_by_text(re.compile(r"B free$"))).to_be_attached()
    network = bar.get_by_role("button", name="BitTorrent")
    expect(network).to_have_attribute("aria-pressed", "true")
    network.click()
    expect(page.get_by_text(f"{len(NAMES)} clients are hidden.")).to_be_visible()
    network.click()
    expect(page.get_by_text("hidden.")).to_have_count(0)
    seen = bar.locator(".chip-place:not([inert]) .chip")
    more = bar.get_by_role("button", name=re.compile("more clients?$"))
    if width < DESK["width"]:
        expect(more).to_be_visible()
    folded = int(re.search(r"\d+", more.inner_text())[0]) if more.count() else 0
    assert seen.count() + folded == len(NAMES) + 1
    line = bar.locator(".chips-line").bounding_box()
    for chip in seen.all():  # none is cut
        box = chip.bounding_box()
        assert line["x"] <= box["x"]
        assert box["x"] + box["width"] <= line["x"] + line["width"] + 1
    assert wider_than_the_screen(page) <= 0
    if folded:
        more.click()
        page.get_by_role("switch", name="Office").click()
        expect(page.get_by_text("1 client is hidden.")).to_be_visible()
        assert findings(page) == []
