"""What people do in the pages of the host, and in those of the web UI."""

import re

PASSWORD = "a staple and a horse"


def printed_link(ours):
    """Give the link that the daemon printed."""
    return re.search(r"http://127\.0\.0\.1:\S+/setup\?token=\S+", ours.log.read_text())[0]


def set_up(page, ours):
    """Make the first account."""
    page.goto(printed_link(ours))
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password, at least 8 characters").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(f"{ours.url}/")


def sign_in(page, name, password=PASSWORD):
    """Fill in the form."""
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def row_of(page, name):
    """Give the row of an item in a list."""
    return page.get_by_role("row").filter(has_text=name)


def tab_to(page, locator, most=60):
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached by Tab")
