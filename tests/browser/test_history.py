"""The history in a browser: its pages, filters, export, details and deletion, for those who may."""

import csv
import io
import json

import pytest
from playwright.sync_api import expect

from browser.past import entry, ours
from browser.people import PASSWORD, WIDTHS, findings, row_of, set_up, settle, sign_in

pytestmark = pytest.mark.slow
MANY = 650


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """Run our own daemon with a past, and no client; what is deleted here is never asked for elsewhere."""
    rows = [entry(number) for number in range(MANY)]
    rows.append(
        entry(700, filename="Zebra.mkv", instance_id="other", instance_name="Other", username="bob", size=9 << 40)
    )
    with ours(tmp_path_factory.mktemp("past"), rows=rows) as running:
        yield running


def opened(page, past, query=""):
    """Open the history, and wait for its first rows."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{past.url}/history{query}")
    expect(page.get_by_role("grid", name="History")).to_be_visible()


def test_the_end_of_a_long_list_is_asked_for_when_it_comes_into_sight(page, past):
    asked = []
    page.on("request", lambda request: "/api/history?" in request.url and asked.append(request.url))
    opened(page, past)
    expect(row_of(page, "WEB-0000")).to_be_visible()
    assert all("offset=0" in each for each in asked)
    page.get_by_role("grid", name="History").press("End")
    expect(row_of(page, "Zebra.mkv")).to_be_visible()
    assert any("offset=600" in each for each in asked)
    assert not any("offset=300" in each for each in asked)
    page.get_by_role("grid", name="History").press("Home")
    expect(row_of(page, "WEB-0000")).to_be_visible()


def test_the_daemon_sorts_by_any_column(page, past):
    opened(page, past)
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    expect(page.locator(".table-row").first).to_contain_text("Zebra.mkv")
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "descending")
    page.reload()
    expect(page.locator(".table-row").first).to_contain_text("Zebra.mkv")


def test_filters_stand_in_the_address_and_say_how_much_is_left(page, past):
    opened(page, past)
    expect(page.get_by_role("button", name=f"All {MANY + 1}")).to_be_visible()
    page.get_by_role("button", name="Missing").click()
    expect(page.get_by_role("grid", name="History")).to_have_attribute("aria-rowcount", "131")
    page.get_by_label("Filter this list").fill("WEB-0008")
    expect(page.get_by_role("grid", name="History")).to_have_attribute("aria-rowcount", "2")
    assert "status=missing" in page.url
    assert "q=WEB-0008" in page.url
    page.get_by_label("Filter this list").fill("nonesuch")
    expect(page.get_by_text("Nothing fits the filters")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("grid", name="History")).to_have_attribute("aria-rowcount", str(MANY + 2))


def test_a_day_is_a_day_of_the_calendar_here(page, past):
    day = page.evaluate("new Date(Date.now() - 5 * 864e5).toLocaleDateString('sv')")
    opened(page, past, f"?from={day}&to={day}")
    expect(page.get_by_role("grid", name="History")).to_have_attribute("aria-rowcount", "25")


def test_an_export_takes_the_filter_along(page, past):
    opened(page, past, "?status=deleted&q=WEB-00&sort=size")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="As a table (CSV)").click()
    lines = list(csv.DictReader(io.StringIO(saved.value.path().read_text())))
    assert {each["status"] for each in lines} == {"deleted"}
    sizes = [int(each["size"]) for each in lines]
    assert sizes == sorted(sizes)
    assert 0 < len(sizes) < MANY / 5
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="As JSON lines").click()
    found = [json.loads(each) for each in saved.value.path().read_text().splitlines()]
    assert [each["size"] for each in found] == sizes


def test_details_open_beside_the_list_and_close_with_escape(page, past):
    opened(page, past, "?q=Zebra")
    page.get_by_role("grid", name="History").press("ArrowDown")
    page.get_by_role("grid", name="History").press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Zebra.mkv")).to_be_visible()
    expect(panel).to_contain_text("Other")
    expect(panel).to_contain_text("9.00 TB")
    assert "entry=" in page.url
    page.reload()
    expect(panel.get_by_role("heading", name="Zebra.mkv")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_some_and_many_are_deleted_after_a_question_alone(page, past):
    opened(page, past, "?q=WEB-064")
    grid = page.get_by_role("grid", name="History")
    expect(grid).to_have_attribute("aria-rowcount", "11")
    grid.press("ArrowDown")
    grid.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete 1 entry of the history?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(grid).to_have_attribute("aria-rowcount", "11")
    grid.press("Delete")
    dialog.get_by_role("button", name="Delete from history").click()
    expect(grid).to_have_attribute("aria-rowcount", "10")
    opened(page, past, "?q=WEB-05")
    expect(grid).to_have_attribute("aria-rowcount", "101")
    grid.press("Control+a")
    expect(page.get_by_text("100 selected")).to_be_visible()
    page.get_by_role("toolbar").get_by_role("button", name="Delete from history").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete from history").click()
    expect(page.get_by_text("Delete from history: 100 items done")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Nothing fits the filters")).to_be_visible()
    assert past.get("/api/history/stats")["total"] == MANY + 1 - 101


def test_who_may_not_clear_it_sees_no_button_and_is_refused(page, browser, tmp_path):
    with ours(tmp_path, rows=[entry(1)], auth={"enabled": True}) as running:
        set_up(page, running)
        body = {"username": "eve", "password": PASSWORD, "isAdmin": False}
        rights = ["view_history", "view_all_downloads"]
        assert page.request.post(f"{running.url}/api/users", data={**body, "capabilities": rights}).status == 201
        other = browser.new_context().new_page()
        other.goto(f"{running.url}/history")
        sign_in(other, "eve")
        row_of(other, "WEB-0001").click(button="right")
        expect(other.get_by_role("menuitem", name="Details")).to_be_visible()
        expect(other.get_by_role("menuitem", name="Delete from history")).to_have_count(0)
        expect(other.get_by_role("link", name="Statistics")).to_have_count(0)
        refused = other.request.delete(f"{running.url}/api/history/{1:032x}")
        assert (refused.status, refused.json()["code"]) == (403, "forbidden")
        other.context.close()


def test_a_refusal_is_shown_in_words_and_can_be_tried_again(page, past):
    page.route(
        "**/api/history?*",
        lambda route: route.fulfill(status=500, json={"code": "internal", "message": "The disk is on fire"}),
    )
    page.goto(f"{past.url}/history")
    trouble = page.get_by_role("group", name="That did not work")
    expect(trouble).to_contain_text("The disk is on fire")
    page.unroute("**/api/history?*")
    trouble.get_by_role("button", name="Try again").click()
    expect(row_of(page, "WEB-0000")).to_be_visible()
    page.complaints.clear()


@pytest.mark.parametrize("query", ["", "?entry=gone:" + f"{1:032x}"])
def test_it_is_for_everybody(themed, past, query):
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(f"{past.url}/history{query}")
        settle(themed)
        expect(themed.get_by_text("WEB-0001").first).to_be_visible()
        assert themed.evaluate("document.documentElement.scrollWidth") <= width, width
        assert findings(themed) == []
