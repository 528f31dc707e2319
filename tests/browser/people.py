"""Those who use the pages of the host and of the web UI: their accounts, what they do, what is found wrong for them."""

import json
import re
from pathlib import Path

from lab.amutorrent import AmutorrentDaemon
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PASSWORD = "a staple and a horse"
AXE = Path(__file__).parents[2] / "plugins/webui/frontend/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}
SIZES = ((360, 780), (768, 1024), (1440, 900))
WIDTHS = tuple(width for width, _ in SIZES)


def printed_link(ours: AmutorrentDaemon) -> str:
    """Give the link that the daemon printed."""
    return re.search(r"http://127\.0\.0\.1:\S+/setup\?token=\S+", ours.log.read_text())[0]


def set_up(page: Page, ours: AmutorrentDaemon) -> None:
    """Make the first account, Ann's, in the page."""
    page.goto(printed_link(ours))
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password, at least 8 characters").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(f"{ours.url}/")


def make_admin(ours: AmutorrentDaemon) -> None:
    """Make the first account, Ann's, without a page, and sign the daemon's HTTP client in."""
    token = printed_link(ours).partition("token=")[2]
    ours.post("/api/auth/setup", token=token, username="ann", password=PASSWORD)


def make_user(ours: AmutorrentDaemon, name: str, *permissions: str) -> int:
    """Make an account; gives its id."""
    made = ours.post("/api/users", username=name, password=PASSWORD, capabilities=list(permissions))
    return made["user"]["id"]


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the form."""
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def signed_in(browser: Browser, ours: AmutorrentDaemon, name: str = "ann", **options: object) -> BrowserContext:
    """Give a browser of its own in which somebody is signed in."""
    context = browser.new_context(base_url=ours.url, locale="en-GB", **options)
    answer = context.request.post(f"{ours.url}/api/auth/login", data={"username": name, "password": PASSWORD})
    assert answer.ok, answer.text()
    return context


def row_of(page: Page, name: str) -> Locator:
    """Give the row of an item in a list."""
    return page.get_by_role("row").filter(has_text=name)


def tab_to(page: Page, locator: Locator, most: int = 60) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached by Tab")


def settle(page: Page) -> None:
    """Wait until the view is there."""
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)


def findings(page: Page) -> list[str]:
    """List what axe finds serious on the page as it is."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{each['id']}: {json.dumps([node['html'][:160] for node in each['nodes'][:3]])}"
        for each in found
        if each["impact"] in SERIOUS
    ]


def wider_than_the_screen(page: Page) -> int:
    """Give by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
