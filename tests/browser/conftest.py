"""A real browser: Chromium without a screen."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from amutorrent.testing import require

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
expect.set_options(timeout=20_000)  # a loaded machine takes its time


@pytest.fixture(scope="module")
def browser():
    """Run a browser."""
    path = os.environ.get("AMUTORRENT_TEST_BROWSER") or require("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser):
    """Open a page in a profile of its own. At the end nothing has gone wrong in it that nobody asked for.

    A request that the daemon refuses is reported by the browser, too: a test that wants that clears `page.complaints`.
    """
    context = browser.new_context()
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert page.complaints == []
    context.close()


@pytest.fixture(params=["light", "dark"])
def themed(browser, request):
    """Open a page of each theme, and see what it asks for."""
    context = browser.new_context(color_scheme=request.param)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda asked: page.asked.append(asked.url))
    yield page
    context.close()
