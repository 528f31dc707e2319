"""Accounts in the web UI: who sees what, and that the daemon refuses what is not shown; sessions end everywhere."""

import re

import pytest
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from browser.people import PASSWORD, make_admin, make_user, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon with a client and with Ann, an admin."""
    clients = [{"type": "example", "name": "Demo", "items": 3}]
    with amutorrent(tmp_path_factory.mktemp("ours"), clients, auth={"enabled": True}) as running:
        make_admin(running)
        yield running


@pytest.fixture
def come(browser, ours):
    """Give the function that opens a page in a browser of somebody's own."""
    contexts = []

    def as_somebody(name, path="/"):
        context = signed_in(browser, ours, name)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield as_somebody
    for each in contexts:
        each.close()


def test_who_may_less_sees_less_and_is_refused_the_rest(ours, come):
    make_user(ours, "bob", "search")
    page = come("bob", "/downloads")
    rail = page.get_by_role("navigation", name="Views")
    expect(rail.get_by_role("link", name="Settings")).to_be_visible()
    for hidden in ("Logs", "Sonarr & Radarr"):
        expect(rail.get_by_role("link", name=hidden)).to_have_count(0)
    expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(0)
    page.goto("/settings/users")
    sections = page.get_by_role("navigation", name="Settings")
    expect(sections.get_by_role("link")).to_have_text(["My account", "This browser"])
    page.goto("/logs")
    expect(page.get_by_text("Your account may not see this.")).to_be_visible()
    page.goto("/arr")
    expect(page.get_by_text("Your account may not see this.")).to_be_visible()
    for path in ("/api/users", "/api/config/current", "/api/v1/logs/app", "/api/v1/arr/check"):
        assert page.request.get(path).status == 403, path
    link = {"links": ["magnet:?xt=urn:btih:" + "1" * 40]}
    assert page.request.post("/api/v1/downloads/magnets", data=link).status == 403


def test_an_admin_makes_an_account_and_changes_what_it_may_do(ours, come):
    page = come("ann", "/settings/users")
    page.get_by_role("button", name="Add a user").click()
    form = page.get_by_role("dialog", name="Add a user")
    form.get_by_label("User name").fill("ann")
    wanted = form.get_by_role("list", name="What is wanted of it").get_by_role("listitem")
    form.get_by_label("Password").fill("short")
    expect(wanted.first).to_contain_text("not yet")
    form.get_by_label("Password").fill(PASSWORD)
    expect(wanted).to_have_text([re.compile("kept$"), re.compile("kept$"), re.compile("when you save$")])
    form.get_by_role("radio", name="Full").click()
    form.get_by_label("Change downloads of others").uncheck()
    expect(form.get_by_role("radio", name="Custom")).to_be_checked()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("User name")).to_have_accessible_description(re.compile("ann"))  # taken: said at its field
    form.get_by_label("User name").fill("cleo")
    form.get_by_role("button", name="Save").click()
    line = page.get_by_role("listitem").filter(has_text="cleo")
    expect(line).to_contain_text("18 of 19 permissions")
    cleo = come("cleo", "/logs")
    expect(cleo.get_by_role("log")).to_be_visible()
    page.get_by_role("button", name="Edit cleo").click()
    form = page.get_by_role("dialog", name="Account of cleo")
    form.get_by_role("radio", name="Read only").click()
    form.get_by_label("Logs").uncheck()
    form.get_by_role("button", name="Save").click()
    cleo.wait_for_url(re.compile("/login"))  # what changes rights ends sessions
    found = {each["username"]: each for each in ours.get("/api/users")["users"]}
    assert "view_logs" not in found["cleo"]["capabilities"]
    assert "search" in found["cleo"]["capabilities"]


def test_an_admin_signs_somebody_out_everywhere(ours, come):
    make_user(ours, "dora", "search")
    theirs = [come("dora", "/settings/account"), come("dora", "/settings/account")]
    page = come("ann", "/settings/users")
    page.get_by_role("button", name="Edit dora").click()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("dialog", name="Sign dora out everywhere?").get_by_role(
        "button", name="Sign out everywhere"
    ).click()
    for each in theirs:
        each.wait_for_url(re.compile(r"/login\?next="))
    expect(page.get_by_text("2 sessions ended")).to_be_visible()


def test_signing_oneself_out_everywhere_and_of_all_others(ours, come):
    make_user(ours, "eve", "search")
    here, there, third = (come("eve", "/settings/account") for _ in range(3))
    here.get_by_role("button", name="Sign out all others").click()
    for each in (there, third):
        each.wait_for_url(re.compile("/login"))
    expect(here.get_by_text("2 sessions ended")).to_be_visible()
    again = come("eve")
    here.get_by_role("button", name="Sign out everywhere").click()
    for each in (here, again):
        each.wait_for_url(re.compile("/login"))


def test_an_api_key_is_covered_copied_and_made_anew(ours, come):
    make_user(ours, "fay", "search")
    page = come("fay", "/settings/account")
    old = page.request.get("/api/auth/profile").json()["user"]["apiKey"]
    expect(page.get_by_text("•" * 24)).to_be_visible()
    assert old not in page.content()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text(old)).to_be_visible()
    page.get_by_role("button", name="Make a new one").click()
    page.get_by_role("dialog").get_by_role("button", name="Make a new one").click()
    expect(page.get_by_text(old)).to_have_count(0)
    assert page.request.get("/api/auth/profile", headers={"X-API-Key": old, "Cookie": ""}).status == 401


def test_a_password_is_changed_and_a_wrong_one_is_refused_at_its_field(ours, come):
    make_user(ours, "gus", "search")
    page, other = come("gus", "/settings/account"), come("gus")
    page.get_by_label("Password of now").fill("not this one")
    page.get_by_label("New password").fill("another staple")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_label("Password of now")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Password of now").fill(PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("The password was changed")).to_be_visible()
    other.wait_for_url(re.compile("/login"))
    page.reload()
    expect(page.get_by_role("heading", name="gus")).to_be_visible()


def test_two_browsers_see_each_others_changes(ours, come):
    left, right = come("ann", "/downloads"), come("ann", "/downloads")
    row = "Example 01"
    for each in (left, right):
        expect(each.get_by_text(row)).to_be_visible()
    left.get_by_text(row).click(button="right")
    left.get_by_role("menuitem", name="Pause").click()
    status = right.get_by_role("row").filter(has_text=row)
    expect(status).to_contain_text("Paused")
    right.get_by_text(row).click(button="right")
    right.get_by_role("menuitem", name="Resume").click()
    expect(left.get_by_role("row").filter(has_text=row)).not_to_contain_text("Paused")
    left.goto("/settings/clients")
    left.get_by_role("switch", name="Demo is switched on").click()
    expect(right.get_by_role("button", name="Demo: Off")).to_be_visible()
    left.get_by_role("switch", name="Demo is switched on").click()
    expect(right.get_by_role("button", name="Demo: Online")).to_be_visible()
