"""Accounts and browsers for tests of the web UI: who is signed in, and what axe says of what they see."""

import json
import re
from pathlib import Path

from lab.amutorrent import AmutorrentDaemon
from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "a staple and a horse"
AXE = Path(__file__).parents[2] / "plugins/webui/frontend/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}
SIZES = ((360, 780), (768, 1024), (1440, 900))


def make_admin(ours: AmutorrentDaemon) -> None:
    """Make the first account, Ann's, by the printed link, and sign its HTTP client in."""
    token = re.search(r"/setup\?token=(\S+)", ours.log.read_text())[1]
    ours.post("/api/auth/setup", token=token, username="ann", password=PASSWORD)


def make_user(ours: AmutorrentDaemon, name: str, *permissions: str) -> int:
    """Make an account; gives its id."""
    made = ours.post("/api/users", username=name, password=PASSWORD, capabilities=list(permissions))
    return made["user"]["id"]


def signed_in(browser: Browser, ours: AmutorrentDaemon, name: str = "ann", **options: object) -> BrowserContext:
    """Give a browser of its own in which somebody is signed in."""
    context = browser.new_context(base_url=ours.url, locale="en-GB", **options)
    answer = context.request.post(f"{ours.url}/api/auth/login", data={"username": name, "password": PASSWORD})
    assert answer.ok, answer.text()
    return context


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
