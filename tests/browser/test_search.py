"""Search in a browser over a local ED2K network: from the first letter to a file that is here, shared and rated."""

from itertools import count

import pytest
from lab.peers import DOWNLOADER, SHARER, World, clients, peers
from lab.waiting import wait_until
from playwright.sync_api import expect

from amutorrent.testing import make_ed2k_file
from browser.past import ours
from browser.people import PASSWORD, WIDTHS, findings, row_of, set_up, settle, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
NUMBERS = count(1)
"""A file of its own for each try: what is here already is not found as something new."""
OTHERS = [
    ("Ubuntu Studio.iso", 4_700_000_000),
    ("ubuntu handbook.pdf", 9_000_000),
    ("Ubuntu keynote 1080p.mkv", 1_900_000_000),
    ("ubuntu keynote 720p.mkv", 700_000_000),
]
SLOW_S = 15
SOON_MS = 60_000


def named(folder, sharer, downloader):
    """Run our own daemon over both, called by their ids."""
    return ours(folder, [{**each, "name": each["id"]} for each in clients(sharer, downloader)])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Run a server, a client that shares, one that downloads, and our own daemon, with an admin called ann."""
    root = tmp_path_factory.mktemp("search")
    with peers(root) as (server, sharer, downloader), named(root / "ours", sharer, downloader) as running:
        for id in (SHARER, DOWNLOADER):
            wait_until(lambda id=id: running.state(id) == "online", 30)
        found = World(server, sharer, downloader, running)
        for number, (name, size) in enumerate(OTHERS, 1):
            server.list(f"{number:032x}", name, size, sharer.nick)
        found.join_both()
        yield found


@pytest.fixture
def page(page, world):
    """Open the view at its widest."""
    world.server.delay_s = 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{world.ours.url}/search")
    expect(page.get_by_label("What to look for")).to_be_visible()
    return page


def search(page, words, client="downloader"):
    """Search for words on one client."""
    page.get_by_label("What to look for").fill(words)
    page.get_by_role("search").get_by_label("Client").select_option(client)
    page.get_by_role("search").get_by_role("button", name="Search", exact=True).click()


def results(page):
    """Give the names that are shown, from above."""
    return page.locator(".table-row [aria-colindex='3']").all_inner_texts()


def test_from_a_search_to_a_file_that_is_here_and_rated(page, world):
    file = make_ed2k_file(f"a rare recording {next(NUMBERS)}.mp3", 120_000)
    world.share(file)
    search(page, "rare recording")
    row = row_of(page, file.name)
    expect(row).to_contain_text("Audio", timeout=SOON_MS)
    row.get_by_role("checkbox").click()
    page.get_by_role("toolbar").get_by_role("button", name="Download").click()
    expect(page.get_by_text("1 download added")).to_be_visible()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    world.complete(file)
    expect(row).to_contain_text("Here", timeout=SOON_MS)

    row.dblclick()
    panel = page.get_by_role("complementary", name="Details")
    expect(panel).to_contain_text(file.hash)
    panel.get_by_role("link", name="Open it in the list: downloader").click()
    expect(panel.get_by_role("heading", name=file.name)).to_be_visible()
    panel.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Rating and comment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Good").click()
    dialog.get_by_label("Comment").fill("Clear sound")
    dialog.get_by_role("button", name="Save").click()
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash).get("rating") == 4, 30)
    expect(panel.get_by_role("img", name="Good")).to_be_visible()
    assert world.ours.item(DOWNLOADER, file.hash)["shared"]


def test_results_are_sorted_filtered_and_taken_along_by_the_address(page):
    search(page, "ubuntu")
    expect(page.get_by_role("button", name="All 4")).to_be_visible(timeout=SOON_MS)
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    expect(page.locator(".table-row").first).to_contain_text("Ubuntu Studio.iso")
    assert results(page) == [name for name, _ in sorted(OTHERS, key=lambda each: -each[1])]
    page.get_by_role("button", name="Video 2").click()
    expect(page.locator(".table-row")).to_have_count(2)
    page.get_by_label("Filter this list").fill("1080p keynote")
    expect(page.locator(".table-row")).to_have_count(1)
    page.reload()
    expect(page.locator(".table-row")).to_have_count(1)
    expect(page.get_by_label("What to look for")).to_have_value("ubuntu")
    page.get_by_label("Filter this list").fill("nonesuch")
    expect(page.get_by_text("4 results are hidden by the filters.")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Clear filters").click()
    expect(page.locator(".table-row")).to_have_count(4)


def test_what_was_searched_before_comes_back(page, world):
    search(page, "handbook")
    expect(row_of(page, "ubuntu handbook.pdf")).to_be_visible(timeout=SOON_MS)
    expect(page.locator(".table-row")).to_have_count(1)
    page.get_by_role("button", name="Recent searches").click()
    page.get_by_role("menuitem", name="ubuntu").click()
    expect(page.locator(".table-row")).to_have_count(4)
    page.goto(f"{world.ours.url}/search")
    expect(row_of(page, "ubuntu handbook.pdf")).to_be_visible()
    expect(page.get_by_label("What to look for")).to_have_value("handbook")


def test_a_result_has_an_address_and_all_can_be_taken(page):
    search(page, "ubuntu")
    expect(page.get_by_role("button", name="All 4")).to_be_visible(timeout=SOON_MS)
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    page.get_by_role("link", name="Ubuntu Studio.iso").click()
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Ubuntu Studio.iso")).to_be_visible()
    page.reload()  # a link to it is enough
    expect(panel).to_contain_text(f"{1:032x}")
    panel.get_by_role("button", name="Next").click()
    expect(panel.get_by_role("heading", name="Ubuntu keynote 1080p.mkv")).to_be_visible()
    page.go_back()
    expect(panel.get_by_role("heading", name="Ubuntu Studio.iso")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    page.keyboard.press("j")  # no field, dialog or menu has the focus
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("button", name="Select all 4").click()
    expect(bar).to_contain_text("4 selected")
    assert bar.get_by_label("Category").locator("option").count() > 0
    assert bar.get_by_label("Client").locator("option").all_inner_texts() == [
        "The client that found it",
        "sharer",
        "downloader",
    ]
    page.set_viewport_size({"width": 360, "height": 780})
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters and sorting").click()
    page.get_by_role("dialog").get_by_label("Sort by").select_option("size")
    page.keyboard.press("Escape")
    expect(page.locator(".table-card").first).to_contain_text("ubuntu handbook.pdf")
    page.locator(".table-card").first.click()
    expect(panel.get_by_role("heading", name="ubuntu handbook.pdf")).to_be_visible()


def test_nothing_found_says_so_and_what_to_try(page):
    search(page, "nonesuch")
    expect(page.get_by_text("Nothing was found")).to_be_visible(timeout=SOON_MS)


def test_a_search_from_home_starts_at_once(page, world):
    page.goto(f"{world.ours.url}/search?query=studio")
    expect(row_of(page, "Ubuntu Studio.iso")).to_have_count(2, timeout=SOON_MS)  # each client found it
    assert "query=" not in page.url


def test_it_is_for_everybody(themed, world):
    world.server.delay_s = 0
    body = {"query": "ubuntu", "instanceId": DOWNLOADER}
    # a search of the test before may be under way: that is a 409
    wait_until(lambda: world.ours.http.post("/api/v1/search", json=body).is_success, 60)
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(f"{world.ours.url}/search")
        settle(themed)
        expect(themed.get_by_text("Ubuntu Studio.iso")).to_be_visible()
        assert themed.evaluate("document.documentElement.scrollWidth") <= width, width
        assert findings(themed) == []
    themed.get_by_text("Ubuntu Studio.iso").dblclick()
    expect(themed.get_by_role("complementary", name="Details")).to_be_visible()
    assert findings(themed) == []


def test_who_may_search_alone_sees_no_download(page, browser, world, tmp_path):
    with ours(tmp_path, [{**world.downloader.settings, "id": "mine"}], auth={"enabled": True}) as running:
        wait_until(lambda: running.log.exists() and "setup" in running.log.read_text(), 20)
        set_up(page, running)
        body = {"username": "eve", "password": PASSWORD, "isAdmin": False, "capabilities": ["search"]}
        assert page.request.post(f"{running.url}/api/users", data=body).status == 201
        other = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        other.goto(f"{running.url}/search")
        sign_in(other, "eve")
        expect(other.get_by_role("search").get_by_role("button", name="Search", exact=True)).to_be_visible()
        other.get_by_label("What to look for").fill("ubuntu")
        other.get_by_role("search").get_by_role("button", name="Search", exact=True).click()
        row = row_of(other, "Ubuntu Studio.iso")
        expect(row).to_be_visible(timeout=SOON_MS)
        row.get_by_role("checkbox").click()
        expect(other.get_by_text("1 selected")).to_be_visible()
        expect(other.get_by_role("button", name="Download", exact=True)).to_have_count(0)
        hashes = {"fileHashes": [f"{1:032x}"], "instanceId": "mine"}
        refused = other.request.post(f"{running.url}/api/v1/downloads/search-results", data=hashes)
        assert (refused.status, refused.json()["code"]) == (403, "forbidden")
        other.context.close()


def test_a_running_search_is_seen_by_another_and_stopped(page, browser, world):
    """It comes last: what the server was asked while it was slow keeps it busy for a while."""
    other = browser.new_page()
    other.goto(f"{world.ours.url}/search?s=unknown")
    expect(other.get_by_label("What to look for")).to_be_visible()
    world.server.delay_s = SLOW_S
    search(page, "keynote")
    expect(page.get_by_text("Searching for “keynote”")).to_be_visible()
    expect(page.get_by_role("search").get_by_role("button", name="Search", exact=True)).to_be_disabled()
    expect(other.get_by_text("downloader is searching for somebody.")).to_be_visible()
    other.get_by_role("button", name="Show what it finds").click()
    expect(other.get_by_text("Searching for “keynote”")).to_be_visible()
    other.get_by_role("button", name="Stop").click()
    expect(other.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_role("search").get_by_role("button", name="Search", exact=True)).to_be_enabled()
    other.close()
