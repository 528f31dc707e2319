"""What is entered is not lost, drops find their box, and what a long action did is told item by item."""

import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from lab.torrents import make_torrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import make_admin, make_user, signed_in

pytestmark = pytest.mark.slow
DROP = """([files, target, type]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
  document.querySelector(target).dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over a simulated client and the engine inside; with Ann, an admin, and Ben, who may look."""
    folder = tmp_path_factory.mktemp("downloads")
    place = {"port": free_port(), "interfaces": ["127.0.0.41"], "downloadDir": str(folder)}
    engine = {"type": "libtorrent", "id": "engine", "name": "Engine", **place, "dht": False, "lsd": False}
    clients = [{"type": "example", "id": "one", "name": "Practice"}, engine]
    with amutorrent(tmp_path_factory.mktemp("ours"), clients, auth={"enabled": True}) as running:
        make_admin(running)
        make_user(running, "ben", "view_all_downloads")
        wait_until(lambda: len(running.items()) == 12, 60)
        yield running


@pytest.fixture
def page(browser, ours):
    """Open a page of Ann's."""
    context = signed_in(browser, ours)
    yield context.new_page()
    context.close()


def drop(page, *files, target="body", kind="drop"):
    """Drop files, each a name and its text; says whether the browser was kept from opening them itself."""
    return page.evaluate(DROP, [files, target, kind])


def test_what_was_entered_is_not_thrown_away_without_a_question(page):
    page.goto("/downloads")
    page.get_by_role("banner").get_by_role("button", name="Add").click()
    box, question = page.get_by_role("dialog", name="Add downloads"), page.get_by_role("dialog", name="Throw away")
    links = box.get_by_role("textbox", name="Links")
    links.fill("magnet:?xt=urn:btih:0123")
    page.keyboard.press("Escape")
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_have_count(0)
    expect(links).to_have_value("magnet:?xt=urn:btih:0123")
    expect(links).to_be_focused()
    page.mouse.click(5, 5)
    question.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("a")
    expect(links).to_have_value("")
    page.keyboard.press("Escape")  # nothing was entered
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_form_in_a_view_is_not_left_without_a_question(page):
    page.goto("/settings/clients")
    page.get_by_role("link", name="Server", exact=True).click()
    days = page.get_by_role("spinbutton", name="Keep it for (days)")
    days.fill("31")
    question = page.get_by_role("dialog", name="Throw away")
    for leave in (page.get_by_role("link", name="Downloads").click, page.go_back):
        leave()
        question.get_by_role("button", name="Keep it").click()
        expect(question).to_have_count(0)
        expect(days).to_have_value("31")
        assert page.url.endswith("/settings/server")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    wait_until(lambda: page.title() and asked == ["beforeunload"], 20)
    page.go_back()
    question.get_by_role("button", name="Throw away").click()
    expect(page).to_have_url("/settings/clients")
    page.get_by_role("link", name="Downloads").click()  # nothing holds any more
    expect(page.get_by_role("grid", name="Downloads")).to_be_visible()


def test_back_closes_what_lies_over_the_page(page):
    page.goto("/downloads")
    page.get_by_role("link", name="History", exact=True).click()
    page.keyboard.press("a")
    box, question = page.get_by_role("dialog", name="Add downloads"), page.get_by_role("dialog", name="Throw away")
    expect(box).to_be_visible()
    page.go_back()
    expect(box).to_have_count(0)
    expect(page).to_have_url("/history")
    page.keyboard.press("a")
    box.get_by_role("textbox", name="Links").fill("magnet:?xt=urn:btih:0123")
    page.go_back()
    expect(question).to_be_visible()
    page.go_back()
    expect(question).to_have_count(0)
    expect(box.get_by_role("textbox", name="Links")).to_have_value("magnet:?xt=urn:btih:0123")
    page.go_back()
    question.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url("/history")
    page.go_back()
    expect(page).to_have_url("/downloads")


def test_back_closes_a_sheet_of_a_phone(browser, ours):
    context = signed_in(browser, ours, viewport={"width": 360, "height": 780})
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Downloads").click()
    page.get_by_role("button", name="More", exact=True).click()
    sheet = page.get_by_role("dialog", name="More")
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_have_count(0)
    expect(page).to_have_url("/downloads")
    page.go_back()
    expect(page).to_have_url("/")
    context.close()


def test_a_place_for_downloads_is_found_by_looking_around(page, ours, tmp_path):
    (tmp_path / "films").mkdir()
    page.goto("/downloads")
    page.get_by_role("banner").get_by_role("button", name="Add").click()
    box = page.get_by_role("dialog", name="Add downloads")
    box.get_by_role("textbox", name="Links").fill(f"magnet:?xt=urn:btih:{'5' * 40}")
    place = box.get_by_role("combobox", name="Save to")
    place.fill(f"{tmp_path}/")
    box.get_by_role("button", name="Look for: Save to").click()
    folders = page.get_by_role("dialog", name="Choose a folder")
    folders.get_by_role("button", name="films").click()
    folders.get_by_role("button", name="Choose this folder").click()
    expect(place).to_have_value(str(tmp_path / "films"))


def test_files_are_dropped_into_the_box_and_never_open_in_the_browser(page):
    page.goto("/downloads")
    expect(page.get_by_role("grid", name="Downloads")).to_be_visible()
    assert drop(page, ("one.torrent", "d8:announce1:xe"))
    box = page.get_by_role("dialog", name="Add downloads")
    expect(box.get_by_role("button", name="Take one.torrent out")).to_be_visible()
    assert drop(page, ("two.torrent", "d4:infodee"), ("notes.txt", "hello"), target="[role=dialog]")
    expect(box.get_by_role("button", name="Take two.torrent out")).to_be_visible()
    expect(box.get_by_role("listitem").filter(has_text="notes.txt")).to_have_text("notes.txtIt is no torrent file.")
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Throw away").get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert drop(page, ("one.torrent", "d8:announce1:xe"))
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    drop(page, target="main", kind="dragstart")  # something of this page
    assert not drop(page, ("picture.png", "d8:announce1:xe"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def chosen(page, *names):
    """Select rows of the list."""
    for name in names:
        page.get_by_role("row").filter(has_text=name).get_by_role("checkbox").click()
    return page.get_by_role("toolbar", name="What to do with the selection")


def undo(page, text):
    """Take back what a message says."""
    page.get_by_role("status").filter(has_text=text).get_by_role("button", name="Undo").click()


def facts(ours, *fields):
    """Give fields of the items, by the end of their names."""
    return {each["name"][-2:]: tuple(each.get(field) for field in fields) for each in ours.items().values()}


def test_what_was_changed_goes_back_to_what_each_had(page, ours):
    for name in ("films", "music"):
        ours.post("/api/v1/categories", title=name)
    items = {each["name"][-2:]: each for each in ours.items().values()}
    refs = {end: {"fileHash": each["hash"], "instanceId": "one"} for end, each in items.items()}
    ours.post("/api/v1/downloads/category", items=[refs["02"]], categoryName="films")
    ours.post("/api/v1/downloads/tags", items=[refs["03"]], add=["kept"])
    page.goto("/downloads")
    before = facts(ours, "category", "tags")
    bar = chosen(page, "Example 02", "Example 03")
    bar.get_by_role("button", name="Category").click()
    page.get_by_role("dialog").get_by_label("Category").select_option("music")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    wait_until(lambda: [facts(ours, "category")[end][0] for end in ("02", "03")] == ["music", "music"], 20)
    undo(page, "Category")
    wait_until(lambda: facts(ours, "category", "tags") == before, 20)
    bar.get_by_role("button", name="Tags").click()
    for tag in ("kept", "fresh"):
        page.get_by_role("dialog").get_by_role("textbox", name="New tag").fill(tag)
        page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    wait_until(lambda: set(facts(ours, "tags")["02"][0] or []) == {"kept", "fresh"}, 20)
    undo(page, "Tags")
    wait_until(lambda: facts(ours, "category", "tags") == before, 20)
    bar.get_by_role("button", name="Pause").click()
    wait_until(lambda: facts(ours, "status")["03"] == ("paused",), 20)
    undo(page, "Pause")
    wait_until(lambda: facts(ours, "status")["03"] != ("paused",), 20)
    page.get_by_role("button", name="Practice: Online").click()
    expect(page.get_by_text("1 client is hidden")).to_be_visible()
    undo(page, "Practice: hidden")
    expect(page.get_by_text("1 client is hidden")).to_have_count(0)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Status").uncheck()
    expect(page.get_by_role("columnheader", name="Status")).to_have_count(0)
    undo(page, "The column Status is hidden")
    expect(page.get_by_role("columnheader", name="Status")).to_be_visible()


def test_what_failed_is_told_by_name_in_the_words_of_the_client(page, ours):
    page.goto("/downloads")
    items = list(ours.items().values())
    names = {each["hash"]: each["name"] for each in items}

    def answer(route):
        asked = route.request.post_data_json["items"]
        result = [{**each, "success": False, "error": f"no: {names[each['fileHash']]}"} for each in asked[1:]]
        route.fulfill(json={"type": "batch-pause-complete", "results": [{**asked[0], "success": True}, *result]})

    page.route("**/downloads/pause", answer)
    bar = chosen(page, "Example 02", "Example 03")
    bar.get_by_role("button", name="Pause").click()
    told = page.get_by_role("dialog", name="Pause: not all of it worked")
    expect(told.get_by_text("1 was done")).to_be_visible()
    expect(told.get_by_text("no: Example 0")).to_be_visible()
    told.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_palette_has_every_command_that_the_user_may_give(browser, page, ours):
    page.goto("/downloads")
    chosen(page, "Example 02", "Example 04")

    def offered(page, text):
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Type a command or a name").fill(text)
        return page.get_by_role("option")

    expect(offered(page, "pause")).to_have_text(["Pause · 2 items"])
    page.keyboard.press("Enter")
    wait_until(lambda: facts(ours, "status")["04"] == ("paused",), 20)
    undo(page, "Pause")
    offered(page, "theme dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    offered(page, "settings this browser").click()
    expect(page).to_have_url("/settings/browser")
    offered(page, "speed limits").click()
    expect(page.get_by_role("dialog").get_by_label("Download limit of Engine")).to_be_visible()
    page.keyboard.press("Escape")
    context = signed_in(browser, ours, "ben")
    page = context.new_page()
    page.goto("/downloads?item=one:" + next(iter(ours.items().values()))["hash"])
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    for text in ("pause", "add", "settings clients", "speed limits"):
        expect(offered(page, text)).to_have_count(0)
        page.keyboard.press("Escape")
    expect(offered(page, "my account")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Speed limits").click()
    limits = page.get_by_label("Speed limits", exact=True).filter(has_text="Engine")
    expect(limits).to_contain_text("No limit")
    expect(limits.get_by_role("combobox")).to_have_count(0)
    context.close()


def test_a_move_is_checked_before_it_can_be_asked_for_and_folders_can_be_looked_for(page, ours, tmp_path):
    torrent = make_torrent("moved.bin", 1 << 20, "http://127.0.0.1:9/announce")
    ours.add_file(torrent, "engine")
    wait_until(lambda: ("engine", torrent.hash) in ours.items(), 30)
    (tmp_path / "target" / "below").mkdir(parents=True)
    page.goto("/downloads?q=moved")
    page.get_by_text("moved.bin").click(button="right")
    page.get_by_role("menuitem", name="Move to").click()
    dialog = page.get_by_role("dialog", name="Move 1 item")
    move = dialog.get_by_role("button", name="Move")
    dialog.get_by_label("Destination", exact=True).fill(str(tmp_path / "target"))
    expect(dialog.get_by_text("As this daemon sees it")).to_be_visible()
    expect(move).to_be_enabled()
    dialog.get_by_label("Destination", exact=True).fill("not absolute")
    expect(dialog.get_by_text("absolute")).to_be_visible()
    expect(move).to_be_disabled()
    dialog.get_by_label("Destination", exact=True).fill(str(tmp_path / "target"))
    dialog.get_by_role("button", name="Look for: Destination").click()
    folders = page.get_by_role("dialog", name="Choose a folder")
    folders.get_by_role("button", name="below").click()
    expect(folders.get_by_text("There are no folders in it.")).to_be_visible()
    folders.get_by_role("button", name="One folder up").click()
    expect(folders.get_by_role("button", name="below")).to_be_visible()
    folders.get_by_role("button", name="below").click()
    expect(folders.get_by_text("There are no folders in it.")).to_be_visible()
    folders.get_by_role("button", name="Choose this folder").click()
    expect(dialog.get_by_label("Destination", exact=True)).to_have_value(str(tmp_path / "target" / "below"))
    expect(move).to_be_enabled()
    dialog.get_by_role("button", name="Cancel").click()


def test_a_category_is_made_where_it_is_needed(page, ours):
    page.goto("/downloads")
    page.get_by_role("banner").get_by_role("button", name="Add").click()
    box = page.get_by_role("dialog", name="Add downloads")
    box.get_by_label("Category").select_option("+ New category…")
    page.get_by_role("dialog", name="New category").get_by_label("Name").fill("podcasts")
    page.get_by_role("button", name="Create").click()
    expect(box.get_by_label("Category")).to_have_value("podcasts")
    wait_until(lambda: "podcasts" in [each["name"] for each in ours.get("/api/v1/categories")["data"]], 20)


def test_a_list_of_clients_is_chosen_by_name(page, ours):
    page.goto("/settings/integrations")
    form = page.get_by_role("form", name="qbcompat")
    form.get_by_label("Clients", exact=True).select_option("A list of my own")
    form.get_by_role("checkbox", name="Engine").check()
    with page.expect_response("**/api/config/current"):  # it is read again when it is saved
        form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("button", name="Discard changes")).to_have_count(0)
    assert ours.get("/api/config/current")["plugins"]["qbcompat"]["clients"] == ["engine"]
    form.get_by_label("Clients", exact=True).select_option("all")
    with page.expect_response("**/api/config/current"):
        form.get_by_role("button", name="Save").click()
    assert ours.get("/api/config/current")["plugins"]["qbcompat"]["clients"] == "all"


def test_all_clients_are_tested_at_once(page):
    page.goto("/settings/clients")
    page.get_by_role("button", name="Test all").click()
    told = page.get_by_role("region", name="Tests of all clients")
    expect(told.get_by_role("heading", name="2 of 2 work")).to_be_visible()
    expect(told.get_by_role("listitem").filter(has_text="Practice")).to_contain_text("It works. 1.0")
