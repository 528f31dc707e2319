"""The pages of the host: the first account by the printed link, signing in, and on to where somebody wanted to go."""

import pytest
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from browser.people import PASSWORD, printed_link, set_up, sign_in

pytestmark = pytest.mark.slow
SNAPSHOT = "/api/v1/data/snapshot"


@pytest.fixture(params=["", "/downloads"])
def ours(request, tmp_path):
    """Run our own daemon, with authentication and without an account, at the root and behind a base path."""
    with amutorrent(tmp_path, [], auth={"enabled": True}, basePath=request.param) as running:
        yield running


def test_the_printed_link_makes_the_first_account_and_signs_it_in(page, ours):
    page.goto(printed_link(ours))
    assert "token" not in page.url
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password, at least 8 characters").fill(PASSWORD)
    page.get_by_label("The password again").fill("another one")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_have_text("The two passwords are not the same")
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(f"{ours.url}/")
    assert page.request.get(ours.url + SNAPSHOT).status == 200
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("amule.sid", True, "Lax")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_token_is_refused_in_words(page, ours):
    page.goto(f"{ours.url}/setup")
    page.get_by_label("Token of the link").fill("wrong")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password, at least 8 characters").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_contain_text("not the link that the daemon printed")
    page.complaints.clear()


def test_signing_in_leads_to_where_somebody_wanted_to_go(page, ours):
    set_up(page, ours)
    page.goto("about:blank")  # an open page of the web UI would go and sign in by itself
    page.context.clear_cookies()
    page.goto(f"{ours.url}/downloads?sort=name&dir=desc")
    assert page.url.startswith(f"{ours.url}/login?next=")
    sign_in(page, "ann", "wrong")
    expect(page.get_by_role("alert")).not_to_be_empty()
    sign_in(page, "ann", PASSWORD)
    page.wait_for_url(f"{ours.url}/downloads?sort=name&dir=desc")
    page.goto(f"{ours.url}/login")
    assert page.url == f"{ours.url}/"
    page.complaints.clear()


def test_before_the_first_account_every_page_is_the_setup(page, ours):
    for path in ("/", "/login", "/downloads"):
        page.goto(ours.url + path)
        assert page.url == f"{ours.url}/setup"
