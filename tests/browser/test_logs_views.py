"""Logs in the web UI: the program's own as it is written, and those of the clients."""

import re

import pytest
from lab.amule import AMuleDaemon
from lab.amutorrent import amutorrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.people import make_admin, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon over an aMule, with Ann, an admin."""
    mule = AMuleDaemon(tmp_path_factory.mktemp("mule"))
    mule.start()
    try:
        clients = [{**mule.settings, "name": "Mule"}]
        with amutorrent(tmp_path_factory.mktemp("ours"), clients, auth={"enabled": True}) as running:
            make_admin(running)
            yield running
    finally:
        mule.stop()


@pytest.fixture
def page(browser, ours):
    """Open a page of Ann's."""
    context = signed_in(browser, ours, permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def happen(ours, name):
    """Let something be logged: an account that cannot be made."""
    ours.http.post("/api/users", json={"username": name, "capabilities": ["fly"]})


def test_the_log_is_live_and_can_be_held(page, ours):
    page.goto("/logs")
    log = page.get_by_role("log", name="Log of aMuTorrent")
    expect(log).to_contain_text("Listening on")
    lines = log.get_by_text("createUser by ann")
    before = lines.count()
    happen(ours, "one")
    expect(lines).to_have_count(before + 1)
    page.get_by_role("button", name="Hold").click()
    happen(ours, "two")
    count = page.get_by_text(" of ").first
    held = count.text_content()
    happen(ours, "three")
    assert lines.count() == before + 1
    assert count.text_content() == held
    page.get_by_role("button", name="Go on").click()
    expect(lines).to_have_count(before + 3)


def choose(page, *sources):
    """Tick sources of the log."""
    page.get_by_role("button", name="Source").click()
    for each in sources:
        page.get_by_role("checkbox", name=each).check()
    page.keyboard.press("Escape")


def test_it_is_filtered_by_level_sources_and_words_and_the_address_keeps_that(page, ours):
    happen(ours, "four")
    page.goto("/logs")
    log = page.get_by_role("log")
    choose(page, "audit")
    expect(log).not_to_contain_text("Listening on")
    choose(page, "daemon")
    expect(log).to_contain_text("Listening on")
    expect(log.locator(".log-source").filter(has_not_text=re.compile("audit|daemon"))).to_have_count(0)
    page.get_by_role("searchbox", name="Filter this list").fill("ann createuser")
    expect(log).to_contain_text("createUser by ann")
    expect(log).not_to_contain_text("Listening on")
    expect(log.locator("mark", has_text="createUser").first).to_be_visible()
    assert "source=audit%2Cdaemon" in page.url
    page.reload()
    page.get_by_role("button", name="Source (2)").click()
    expect(page.get_by_role("checkbox", name="daemon 0")).to_be_checked()
    page.get_by_role("checkbox", name="audit").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_text("No line fits the filter.")).to_be_visible()
    page.get_by_role("searchbox", name="Filter this list").fill("")
    page.get_by_role("radio", name="Errors").click()
    expect(page.get_by_text("No line fits the filter.")).to_be_visible()


def test_it_follows_the_end_unless_somebody_scrolls_up(page, ours):
    page.set_viewport_size({"width": 1200, "height": 330})
    page.goto("/logs")
    log = page.get_by_role("log")
    for number in range(12):
        happen(ours, f"six{number}")
    at_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 5"
    wait_until(lambda: log.evaluate("log => log.scrollHeight > 2 * log.clientHeight") and log.evaluate(at_end), 20)
    log.hover()
    page.mouse.wheel(0, -2000)
    expect(page.get_by_role("button", name="To the end")).to_be_visible()
    place = log.evaluate("log => log.scrollTop")
    happen(ours, "seven")
    page.get_by_role("button", name="1 new line").click(trial=True)
    assert log.evaluate("log => log.scrollTop") == place
    page.get_by_role("button", name="1 new line").click()
    wait_until(lambda: log.evaluate(at_end), 20)
    expect(page.get_by_role("button", name="To the end")).to_have_count(0)


def test_what_is_shown_is_copied_and_downloaded(page, ours):
    happen(ours, "five")
    page.goto("/logs?source=audit")
    expect(page.get_by_role("log")).to_contain_text("createUser by ann")
    page.get_by_role("button", name="Copy what is shown").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "audit: createUser by ann" in copied
    assert "Listening on" not in copied
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download what is shown").click()
    assert "audit: createUser by ann" in waiting.value.path().read_text()
    assert waiting.value.suggested_filename.startswith("amutorrent-")


def test_a_client_shows_its_own_log(page):
    page.goto("/logs")
    page.get_by_role("tab", name="Mule").click()
    expect(page.get_by_role("log")).to_contain_text("External", ignore_case=True)
    page.get_by_role("searchbox", name="Filter this list").fill("no such words")
    expect(page.get_by_text("No line fits the filter.")).to_be_visible()


def test_all_logs_are_seen_beside_each_other_where_there_is_room(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/logs")
    page.get_by_role("button", name="Show all logs beside each other").click()
    expect(page.get_by_role("log", name="Log of aMuTorrent")).to_contain_text("Listening on")
    expect(page.get_by_role("log", name="Log of Mule")).to_contain_text("External", ignore_case=True)
    page.set_viewport_size({"width": 768, "height": 900})
    expect(page.get_by_role("log")).to_have_count(1)
