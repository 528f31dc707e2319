"""The web UI over a client that it does not know: what each view looks like, and who may do what."""

import httpx
import pytest
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from amutorrent.model.permissions import PERMISSIONS
from browser.people import PASSWORD, row_of, set_up, sign_in

pytestmark = pytest.mark.slow
EXAMPLE = {"type": "example", "id": "example", "name": "Practice"}


@pytest.fixture
def ours(tmp_path):
    """Run our own daemon over the example plugin, with an admin called ann."""
    with amutorrent(tmp_path, [EXAMPLE], auth={"enabled": True}) as running:
        yield running


def user(page, ours, name, *permissions):
    """Make an account by the session of an admin."""
    body = {"username": name, "password": PASSWORD, "isAdmin": False, "capabilities": list(permissions)}
    answer = page.request.post(f"{ours.url}/api/users", data=body)
    assert answer.status == 201, answer.text()


def as_somebody(browser, ours, name):
    """Open a browser of somebody else."""
    page = browser.new_context().new_page()
    page.goto(f"{ours.url}/downloads")
    sign_in(page, name)
    page.wait_for_url(f"{ours.url}/downloads")
    return page


def test_two_browsers_see_each_others_changes(page, browser, ours):
    set_up(page, ours)
    page.goto(f"{ours.url}/downloads")
    user(page, ours, "bob", *PERMISSIONS)
    other = as_somebody(browser, ours, "bob")
    expect(row_of(other, "Example 01")).to_contain_text("Downloading")
    row_of(page, "Example 01").click(button="right")
    page.get_by_role("menuitem", name="Pause").click()
    expect(row_of(other, "Example 01")).to_contain_text("Paused")
    row_of(other, "Example 01").click(button="right")
    other.get_by_role("menuitem", name="Resume").click()
    expect(row_of(page, "Example 01")).to_contain_text("Downloading")
    other.context.close()


def test_who_may_not_sees_no_button_and_is_refused(page, browser, ours):
    set_up(page, ours)
    user(page, ours, "eve", "view_all_downloads")
    other = as_somebody(browser, ours, "eve")
    row = row_of(other, "Example 01")
    row.click(button="right")
    items = other.get_by_role("menuitem")
    expect(items.first).to_be_visible()
    assert {each.strip() for each in items.all_inner_texts()} <= {"Details", "Select", "Copy link"}
    other.keyboard.press("Escape")
    expect(other.get_by_role("banner").get_by_role("button", name="Add")).to_have_count(0)
    expect(other.get_by_role("link", name="Uploads")).to_have_count(0)
    hash = ours_hash(page, ours)
    body = {"items": [{"fileHash": hash, "instanceId": "example"}]}
    refused = other.request.post(f"{ours.url}/api/v1/downloads/pause", data=body)
    assert (refused.status, refused.json()["code"]) == (403, "forbidden")
    other.context.close()


def ours_hash(page, ours):
    """Give the hash of some item."""
    return page.request.get(f"{ours.url}/api/v1/data/snapshot").json()["data"]["items"][0]["hash"]


def test_signing_out_everywhere_ends_the_other_browsers_too(page, browser, ours):
    set_up(page, ours)
    other = as_somebody(browser, ours, "ann")
    page.get_by_role("button", name="ann").click()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(f"{ours.url}/login")
    other.wait_for_url(f"{ours.url}/login?next=**")
    sign_in(other, "ann")
    other.wait_for_url(f"{ours.url}/downloads")
    page.complaints.clear()
    other.context.close()


def test_a_link_of_the_browser_opens_the_box_and_adds_nothing(page, ours):
    set_up(page, ours)
    magnet = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567"
    page.goto(f"{ours.url}/?{httpx.QueryParams(add=magnet)}")
    expect(page.get_by_role("textbox", name="Links")).to_have_value(magnet)
    assert "add=" not in page.url
    hashes = [each["hash"] for each in page.request.get(f"{ours.url}/api/v1/data/snapshot").json()["data"]["items"]]
    assert "0123456789abcdef0123456789abcdef01234567" not in hashes


def keeps_preferences(answer):
    return answer.request.method == "PUT" and answer.url.endswith("/api/auth/preferences")


def test_what_somebody_arranges_is_there_in_another_browser(page, browser, ours):
    set_up(page, ours)
    page.goto(f"{ours.url}/downloads")
    expect(page.get_by_role("columnheader", name="Size")).to_be_visible()
    with page.expect_response(keeps_preferences) as saved:
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("checkbox", name="Size").uncheck()
        page.get_by_role("checkbox", name="Path").check()
    assert saved.value.ok
    other = as_somebody(browser, ours, "ann")
    expect(other.get_by_role("columnheader", name="Path")).to_be_visible()
    expect(other.get_by_role("columnheader", name="Size")).to_have_count(0)
    other.context.close()


def test_what_the_daemon_fails_at_is_taken_back_and_said(page, ours):
    set_up(page, ours)
    page.goto(f"{ours.url}/downloads")
    body = '{"type": "error", "code": "internal_error", "message": "The daemon stumbled"}'
    page.route("**/api/v1/downloads/pause", lambda route: route.fulfill(status=500, body=body))
    row = row_of(page, "Example 01")
    row.click(button="right")
    page.get_by_role("menuitem", name="Pause").click()
    expect(page.get_by_role("alert")).to_contain_text("The daemon stumbled")
    expect(row).to_contain_text("Downloading")
    page.complaints.clear()


def test_many_items_are_chosen_and_acted_on(page, ours):
    set_up(page, ours)
    page.goto(f"{ours.url}/downloads?q=example+1")
    grid = page.get_by_role("grid", name="Downloads")
    expect(row_of(page, "Example 10")).to_be_visible()
    grid.focus()
    page.keyboard.press("Control+a")
    bar = page.get_by_role("toolbar", name="What to do with the selection")
    expect(bar).to_contain_text("4 selected")
    page.get_by_role("searchbox", name="Filter this list").fill("12")
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("button", name="Category").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("searchbox", name="Filter this list").fill("nothing like it")
    expect(page.get_by_text("Nothing fits the filters")).to_be_visible()
    grid.get_by_role("button", name="Clear filters").click()
    expect(row_of(page, "Example 02")).to_be_visible()
    assert "q=" not in page.url
