"""Categories in a browser over real clients: made, changed, renamed, deleted, with what that does and what is wrong."""

import re

import pytest
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.past import ours
from browser.people import WIDTHS, findings, settle

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
CATEGORIES = "/api/v1/categories"


@pytest.fixture(scope="module")
def sorted_(tmp_path_factory, amule):
    """Run our own daemon over a client that has categories, and the example plugin with its items."""
    clients = [
        {**amule.settings, "id": "mule", "name": "Mule"},
        {"type": "example", "id": "example", "name": "Practice"},
    ]
    with ours(tmp_path_factory.mktemp("sorted"), clients) as running:
        wait_until(lambda: running.state("mule") == "online" and running.items(), 30)
        yield running


def line(page, name):
    """Give the line of a category."""
    return page.locator(".category-line").filter(has=page.get_by_role("heading", name=name, exact=True))


def category(sorted_, name):
    """Give a category as the daemon has it; None: there is none."""
    return next((each for each in sorted_.get(CATEGORIES)["data"] if each["name"] == name), None)


def test_one_is_made_changed_renamed_and_deleted(page, sorted_, tmp_path):
    page.goto(f"{sorted_.url}/categories")
    page.get_by_role("button", name="New category").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("De/fault")
    expect(dialog.get_by_label("Name")).to_have_accessible_description(re.compile("A name has no slash"))
    expect(dialog.get_by_role("button", name="Create")).to_be_disabled()
    dialog.get_by_label("Name").fill("Films")
    dialog.get_by_role("button", name="Green").click()
    dialog.get_by_label("Path", exact=True).fill(str(tmp_path))
    dialog.get_by_label("Priority").select_option("High")
    dialog.get_by_label("Comment").fill("What we watch")
    dialog.get_by_role("button", name="Create").click()
    expect(line(page, "Films")).to_contain_text(str(tmp_path))
    expect(line(page, "Films")).to_contain_text("Priority: High")
    made = category(sorted_, "Films")
    assert (made["color"], made["priority"], made["comment"]) == (0x509A2C, 1, "What we watch")

    hash = next(hash for (id, hash) in sorted_.items() if id == "example")
    items = [{"fileHash": hash, "instanceId": "example"}]
    sorted_.post("/api/v1/downloads/category", items=items, categoryName="Films")
    expect(line(page, "Films").get_by_role("link", name="1 item")).to_be_visible()
    page.get_by_role("button", name="Edit Films").click()
    dialog.get_by_label("Name").fill("Cinema")
    expect(dialog).to_contain_text("Its 1 item follows the new name.")
    dialog.get_by_role("button", name="Save").click()
    expect(line(page, "Cinema")).to_be_visible()
    wait_until(lambda: sorted_.item("example", hash).get("category") == "Cinema", 20)

    page.get_by_role("button", name="Delete Cinema").click()
    question = page.get_by_role("dialog", name="Delete the category Cinema?")
    expect(question).to_contain_text("1 item falls to Default. Nothing moves, no file is deleted.")
    expect(question).to_contain_text("It goes away in Mule, too.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Delete").click()
    expect(line(page, "Cinema")).to_have_count(0)
    assert category(sorted_, "Cinema") is None


def test_what_is_wrong_with_a_path_stands_at_its_category_and_at_its_field(page, sorted_):
    sorted_.post(CATEGORIES, title="music", path="/nowhere/music", pathMappings={"mule": "/nowhere/mapped"})
    page.goto(f"{sorted_.url}/categories")
    expect(line(page, "music").get_by_text("Mule: /nowhere/mapped does not exist")).to_be_visible()
    page.get_by_role("button", name="Edit music").click()
    field = page.get_by_role("dialog").get_by_label("Mule", exact=True)
    expect(field).to_have_value("/nowhere/mapped")
    expect(field).to_have_accessible_description(re.compile("/nowhere/mapped does not exist"))
    field.fill("")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(line(page, "music").get_by_text("/nowhere/mapped")).to_have_count(0)
    assert category(sorted_, "music")["pathMappings"] is None
    sorted_.delete(CATEGORIES, name="music")
    expect(line(page, "music")).to_have_count(0)


def test_a_refusal_stands_at_the_field_that_it_is_about(page, sorted_):
    page.goto(f"{sorted_.url}/categories")
    page.get_by_role("button", name="New category").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("wrong")
    dialog.get_by_label("Path", exact=True).fill("not/absolute")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_label("Path", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Path", exact=True)).to_have_accessible_description(re.compile("absolute"))
    assert category(sorted_, "wrong") is None
    page.complaints.clear()


def test_default_stays(page, sorted_):
    page.goto(f"{sorted_.url}/categories")
    bin = line(page, "Default").get_by_role("button", name="Default stays")
    expect(bin).to_have_attribute("aria-disabled", "true")
    bin.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Edit Default").click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_disabled()
    expect(page.get_by_role("dialog").get_by_label("Priority")).to_have_count(0)


@pytest.fixture
def long_one(sorted_):
    """A category for which there is hardly room."""
    name = "A category with a very long name that goes on and on"
    sorted_.post(CATEGORIES, title=name, path="/a/very/long/path" * 4)
    yield name
    sorted_.delete(CATEGORIES, name=name)


def test_it_is_for_everybody(themed, sorted_, long_one):
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(f"{sorted_.url}/categories")
        settle(themed)
        expect(line(themed, long_one)).to_be_visible()
        assert themed.evaluate("document.documentElement.scrollWidth") <= width, width
        assert findings(themed) == []
        themed.get_by_role("button", name=f"Edit {long_one}").click()
        expect(themed.get_by_role("dialog")).to_be_visible()
        assert findings(themed) == []
