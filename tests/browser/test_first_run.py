"""The way in: from the link that was printed to the first client, and both pages in the language of the browser."""

import pytest
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from browser.people import PASSWORD, findings, make_admin, set_up, wider_than_the_screen

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon without a client and without an account."""
    with amutorrent(tmp_path_factory.mktemp("ours"), [], auth={"enabled": True}) as running:
        yield running


def have_an_account(ours):
    """See that there is one, also if the test runs alone."""
    if ours.http.get("/api/auth/status").json().get("code") == "setup_required":
        make_admin(ours)


@pytest.fixture
def spanish(browser):
    """Open a page in a browser that wants Spanish."""
    context = browser.new_context(locale="es-ES", color_scheme="dark")
    yield context.new_page()
    context.close()


def test_without_the_link_the_page_says_where_it_is_and_the_command_that_does_the_same(spanish, ours):
    spanish.goto(f"{ours.url}/setup")
    expect(spanish.get_by_text("¿Dónde está el enlace?")).to_be_visible()
    expect(spanish.get_by_text("amutorrent users add NAME --admin")).to_be_visible()
    assert findings(spanish) == []
    spanish.set_viewport_size({"width": 360, "height": 780})
    assert wider_than_the_screen(spanish) <= 0
    spanish.get_by_role("button", name="English").click()
    expect(spanish.get_by_text("Where is the link?")).to_be_visible()
    kept = spanish.locator(".kept")
    spanish.get_by_label("User name").fill("Ann Elliot")
    spanish.get_by_label("Password, at least 8 characters").fill("ann elliot")
    expect(kept).to_have_text(["8 to 256 characters"])
    spanish.get_by_label("Password, at least 8 characters").fill(PASSWORD)
    spanish.get_by_label("The password again").fill(PASSWORD)
    expect(kept).to_have_count(3)


def test_the_first_account_is_led_on_to_the_first_client(page, ours):
    set_up(page, ours)
    expect(page.get_by_role("heading", name="Welcome. Begin with one of these.")).to_be_visible()
    page.get_by_role("button", name="Connect one").click()
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()
    expect(page.get_by_role("region", name="Found on this machine")).to_be_visible()  # it has looked by itself
    page.get_by_role("button", name="Add a client").click()
    page.get_by_role("dialog").get_by_role("button", name="Example").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="example-demo")).to_contain_text("Online")


def test_the_page_for_signing_in_speaks_the_language_of_the_browser_and_remembers_another(spanish, ours):
    have_an_account(ours)
    spanish.goto(f"{ours.url}/login")
    spanish.get_by_label("Nombre de usuario").fill("ann")
    spanish.get_by_label("Contraseña", exact=True).fill("wrong")
    spanish.get_by_label("Mostrar lo que escribo").check()
    expect(spanish.get_by_label("Contraseña", exact=True)).to_have_attribute("type", "text")
    spanish.get_by_role("button", name="Iniciar sesión").click()
    expect(spanish.get_by_role("alert")).to_have_text("El nombre de usuario o la contraseña no son correctos")
    assert findings(spanish) == []
    spanish.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    spanish.get_by_label("Mantener la sesión 30 días").check()
    spanish.get_by_role("button", name="Iniciar sesión").click()
    spanish.wait_for_url(f"{ours.url}/")
    (cookie,) = spanish.context.cookies()
    days = (cookie["expires"] - spanish.evaluate("Date.now() / 1000")) / 86400
    assert 29 < days <= 30
    expect(spanish.get_by_role("link", name="Ajustes")).to_be_visible()


def test_who_failed_too_often_sees_how_long_to_wait(page, ours):
    have_an_account(ours)
    page.goto(f"{ours.url}/login")
    name, password = page.get_by_label("User name"), page.get_by_label("Password")
    button = page.locator("button[type=submit]")
    for _ in range(20):
        name.fill("ann")
        password.fill("wrong")
        button.click()
        expect(page.get_by_role("alert")).not_to_be_empty()
        if "Wait" in button.inner_text():
            break
    expect(button).to_contain_text("Wait")
    expect(button).to_be_disabled()
    page.reload()
    expect(button).to_contain_text("Wait")  # it holds for the address, not for the page
    page.complaints.clear()
