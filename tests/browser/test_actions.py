"""What is done with items: by dialogs against real clients, by a finger, and with more of them than go out at once."""

import re

import pytest
from lab.amule import daemon as run_amule
from lab.amutorrent import amutorrent
from lab.many import keep_many
from lab.ports import free_port
from lab.torrents import make_torrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from amutorrent.testing import make_ed2k_file
from browser.people import row_of

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
MANY = 2500
MOVED, TAGGED = (make_torrent(f"{name}.bin", 90_000) for name in ("moved", "tagged"))
SHARED = make_ed2k_file("rated.mkv", 50_000)


@pytest.fixture(scope="module")
def mule(tmp_path_factory):
    """Run an aMule that shares a file."""
    root = tmp_path_factory.mktemp("mule")
    (root / "Incoming").mkdir()
    SHARED.write(root / "Incoming")
    with run_amule(root) as running:
        yield running


@pytest.fixture(scope="module")
def ours(tmp_path_factory, qbittorrent, mule):
    """Run our own daemon over them, with what they have."""
    for torrent in (MOVED, TAGGED):
        qbittorrent.seed(torrent)
    clients = [{**qbittorrent.settings, "id": "qb", "name": "NAS"}, {**mule.settings, "id": "mule", "name": "Mule"}]
    with amutorrent(tmp_path_factory.mktemp("ours"), clients) as running:
        wait_until(lambda: len([each for each in running.items().values() if each["complete"]]) == 3, 60)
        yield running


def choose(page, name, action):
    """Choose an action from the menu of a row; gives its dialog."""
    row_of(page, name).click(button="right")
    page.get_by_role("menuitem", name=action).click()
    return page.get_by_role("dialog")


def test_data_is_moved_after_a_look_at_the_disk(page, ours, qbittorrent):
    there = qbittorrent.root / "elsewhere"
    there.mkdir()
    page.goto(f"{ours.url}/downloads")
    dialog = choose(page, "moved.bin", "Move to")
    path = dialog.get_by_role("combobox", name="Destination")
    expect(path).to_have_value(str(qbittorrent.downloads))
    move = dialog.get_by_role("button", name="Move", exact=True)
    path.fill("")
    expect(move).to_be_disabled()
    path.fill(str(there))
    expect(dialog.get_by_text("1 item can be moved there")).to_be_visible()
    move.click()
    expect(dialog).to_have_count(0)
    wait_until(lambda: (there / "moved.bin").exists(), 60)
    wait_until(lambda: ours.item("qb", MOVED.hash).get("directory") == str(there), 60)
    assert MOVED.digest_in(there) == MOVED.digest
    assert not (qbittorrent.downloads / "moved.bin").exists()


def test_tags_are_put_on_and_taken_off(page, ours, qbittorrent):
    def tags():
        return {each for each in qbittorrent.torrent(TAGGED.hash)["tags"].split(", ") if each}

    page.goto(f"{ours.url}/downloads")
    dialog = choose(page, "tagged.bin", "Tags")
    dialog.get_by_label("New tag").fill("one, two")
    expect(dialog.get_by_role("button", name="Apply")).to_be_disabled()
    dialog.get_by_label("New tag").fill("from a friend")
    dialog.get_by_role("button", name="Add").click()
    dialog.get_by_label("New tag").fill("keep")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_have_count(0)
    wait_until(lambda: tags() == {"from a friend", "keep"}, 30)
    wait_until(lambda: ours.item("qb", TAGGED.hash).get("tags") == ["from a friend", "keep"], 30)
    dialog = choose(page, "tagged.bin", "Tags")
    dialog.get_by_role("checkbox", name="from a friend").uncheck()
    dialog.get_by_role("button", name="Apply").click()
    wait_until(lambda: tags() == {"keep"}, 30)


def test_a_shared_file_is_rated_with_a_comment(page, ours):
    page.goto(f"{ours.url}/shared")
    dialog = choose(page, "rated.mkv", "Rating and comment")
    dialog.get_by_role("radio", name="Good").click()
    dialog.get_by_label("Comment").fill("Sound and picture are fine.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    wait_until(lambda: ours.item("mule", SHARED.hash).get("rating") == 4, 30)
    assert ours.item("mule", SHARED.hash)["comment"] == "Sound and picture are fine."
    dialog = choose(page, "rated.mkv", "Rating and comment")
    expect(dialog.get_by_role("radio", name="Good")).to_be_checked()
    expect(dialog.get_by_label("Comment")).to_have_value("Sound and picture are fine.")


def take_back(page, text):
    """Take back what a message says."""
    page.get_by_role("status").filter(has_text=text).get_by_role("button", name="Undo").click()


def test_a_new_name_is_taken_back(page, ours):
    page.goto(f"{ours.url}/downloads")
    dialog = choose(page, "tagged.bin", "Rename")
    dialog.get_by_label("Name").fill("another.bin")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog).to_have_count(0)
    wait_until(lambda: ours.item("qb", TAGGED.hash)["name"] == "another.bin", 30)
    take_back(page, "Rename: another.bin")
    wait_until(lambda: ours.item("qb", TAGGED.hash)["name"] == "tagged.bin", 30)


def test_a_priority_is_taken_back(page, ours):
    wanted = make_ed2k_file("wanted.mkv", 60_000)
    ours.post("/api/v1/downloads/ed2k", links=[wanted.uri], instanceId="mule")
    wait_until(lambda: ours.item("mule", wanted.hash).get("downloadPriority") == "auto", 30)
    page.goto(f"{ours.url}/downloads")
    row_of(page, "wanted.mkv").click(button="right")
    page.get_by_role("menuitem", name="Priority").click()
    page.get_by_role("menuitem", name="High", exact=True).click()
    wait_until(lambda: ours.item("mule", wanted.hash)["downloadPriority"] == "high", 30)
    take_back(page, "Priority: wanted.mkv")
    wait_until(lambda: ours.item("mule", wanted.hash)["downloadPriority"] == "auto", 30)


@pytest.fixture
def finger(browser):
    """Open a page on a phone; gives it with a way to keep a finger on something."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    touch = context.new_cdp_session(page)

    def hold(locator, until):
        box = locator.bounding_box()
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        expect(until).to_be_visible()
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    yield page, hold
    context.close()


def test_a_finger_that_stays_opens_the_menu_and_selects(finger, ours):
    page, hold = finger
    page.goto(f"{ours.url}/downloads")
    select = page.get_by_role("menuitem", name="Select")
    hold(row_of(page, "tagged.bin"), until=select)
    expect(select).to_be_visible()
    assert "item=" not in page.url
    select.tap()
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    expect(bar).to_contain_text("1 selected")
    row_of(page, "moved.bin").tap()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="More").tap()
    page.get_by_role("menuitem", name="Pause").tap()
    expect(page.get_by_role("row").filter(has_text="Done")).to_have_count(2)
    bar.get_by_role("button", name="Clear the selection").tap()
    row_of(page, "moved.bin").tap()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()


@pytest.fixture
def many(tmp_path):
    """Run our own daemon over an engine that holds thousands of torrents."""
    quiet = dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
    place = {"port": free_port(), "interfaces": ["127.0.0.42"], "downloadDir": str(tmp_path / "downloads")}
    keep_many(tmp_path / "plugins" / "libtorrent" / "main", MANY)
    with amutorrent(tmp_path, [{"type": "libtorrent", "id": "engine", **place, **quiet}]) as running:
        wait_until(lambda: len(running.items()) == MANY, 60)
        yield running


def tag_all(page, tag):
    """Put a tag on everything."""
    page.get_by_role("grid", name="Downloads").focus()
    page.keyboard.press("Control+a")
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    expect(bar).to_contain_text("2,500 selected")
    bar.get_by_role("button", name="Tags").click()
    page.get_by_label("New tag").fill(tag)
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()


def test_thousands_go_out_in_parts_that_can_be_stopped(page, many):
    sent = []
    page.route("**/api/v1/downloads/tags", lambda route: sent.append(route))
    page.goto(f"{many.url}/downloads")
    expect(page.get_by_role("row").nth(5)).to_be_visible()
    tag_all(page, "first")
    dialog = page.get_by_role("dialog", name="Tags")
    expect(dialog.get_by_text("0 of 2,500 done")).to_be_visible()
    sent[0].continue_()
    expect(dialog.get_by_text("1,000 of 2,500 done")).to_be_visible()
    expect(dialog.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    dialog.get_by_role("button", name="Stop").click()
    wait_until(lambda: page.evaluate("1") and len(sent) == 2, 20)
    sent[1].continue_()
    expect(page.get_by_text("Stopped after 2,000 of 2,500")).to_be_visible()
    expect(dialog).to_have_count(0)
    wait_until(lambda: tagged(many, "first") == 2000, 30)
    page.unroute("**/api/v1/downloads/tags")
    sizes = []
    page.on("request", lambda asked: counted(asked, sizes))
    tag_all(page, "second")
    wait_until(lambda: page.evaluate("1") and tagged(many, "second") == MANY, 60)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sizes == [1000, 1000, 500]
    assert len(sent) == 2


def counted(asked, sizes):
    """Note how many items a request names."""
    if re.search("/downloads/tags$", asked.url):
        sizes.append(len(asked.post_data_json["items"]))


def tagged(many, tag):
    """Count the items with a tag, as the client has them."""
    return len([each for each in many.items().values() if tag in each.get("tags", ())])
