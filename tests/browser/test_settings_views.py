"""Settings in the web UI: a client type that it does not know, forms by description, and what others changed."""

import re

import pytest
from lab.amutorrent import amutorrent
from lab.ports import free_port
from playwright.sync_api import expect

from browser.people import make_admin, signed_in

pytestmark = pytest.mark.slow
SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Run our own daemon with one client that is not there, and with Ann, an admin; a variable holds the log level."""
    away = {"type": "amule", "name": "Away", "host": "127.0.0.1", "port": free_port(), "password": SECRET}
    environment = {"AMUTORRENT_SERVER__LOG_LEVEL": "info"}
    folder = tmp_path_factory.mktemp("ours")
    with amutorrent(folder, [away], environment=environment, auth={"enabled": True}) as running:
        make_admin(running)
        yield running


@pytest.fixture
def page(browser, ours):
    """Open a page of Ann's."""
    context = signed_in(browser, ours)
    yield context.new_page()
    context.close()


def client_names(ours):
    return [each["name"] for each in ours.get("/api/config/current")["clients"]]


def test_a_client_type_that_the_ui_does_not_know_has_its_form_its_items_and_its_actions(page, ours):
    page.goto("/settings/clients")
    page.get_by_role("button", name="Add a client").click()
    page.get_by_role("dialog").get_by_role("button", name="Example").click()
    form = page.get_by_role("dialog", name="Add Example")
    expect(form.get_by_text("Same seed, same downloads")).to_be_visible()  # the plugin's own words
    expect(form.get_by_role("textbox", name="Seed")).to_have_value("demo")
    expect(form.get_by_role("spinbutton", name="Items")).to_have_value("12")
    form.get_by_role("textbox", name="Name").fill("Unheard of")
    form.get_by_role("textbox", name="Seed").fill("NOT OK")
    form.get_by_role("button", name="Test").click()
    expect(form.get_by_role("textbox", name="Seed")).to_have_attribute("aria-invalid", "true")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("textbox", name="Seed")).to_have_accessible_description(
        re.compile("It is not written as it has to be here.*it should match pattern")
    )
    expect(form.get_by_role("textbox", name="Seed")).to_be_focused()
    assert client_names(ours) == ["Away"]
    form.get_by_role("textbox", name="Seed").fill("unheard")
    form.get_by_role("spinbutton", name="Items").fill("4")
    form.get_by_role("button", name="Test").click()
    expect(form.get_by_text("It works. 1.0")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    line = page.get_by_role("listitem").filter(has_text="Unheard of")
    expect(line).to_contain_text("Online")

    page.goto("/downloads")
    row = page.get_by_role("row").filter(has_text="Example 02")
    row.get_by_text("Example 02").click(button="right")
    expect(page.get_by_role("menuitem", name="Pause")).to_be_visible()
    for cannot in ("Recheck", "Reannounce", "Priority"):  # it has no such capability
        expect(page.get_by_role("menuitem", name=cannot)).to_have_count(0)
    page.get_by_role("menuitem", name="Pause").click()
    expect(row).to_contain_text("Paused")
    states = {each["name"]: each["status"] for each in ours.items().values()}
    assert (len(states), states["Example 02"]) == (4, "paused")
    row.get_by_text("Example 02").click()
    details = page.get_by_role("complementary", name="Details")
    expect(details).to_contain_text("simulated")  # a fact that it alone has

    page.goto("/plugins")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="example"))
    card.get_by_text("What Example can do at best").click()
    expect(card.get_by_text("fastForward").last).to_be_visible()
    page.goto("/settings/clients")
    page.get_by_role("button", name="More for Unheard of").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog", name="Remove Unheard of?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("listitem").filter(has_text="Unheard of")).to_have_count(0)
    assert client_names(ours) == ["Away"]


def test_a_secret_is_never_shown_and_stays_unless_another_one_is_typed(page, ours):
    bodies = []
    page.on("response", lambda answer: "/api/" in answer.url and bodies.append(answer.text()))
    page.goto("/settings/clients")
    page.get_by_role("button", name="Edit Away").click()
    password = page.get_by_role("dialog").get_by_label("Password (required)")
    expect(password).to_have_value("")
    expect(password).to_have_attribute("placeholder", "Saved. Type to replace it")
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Still away")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="Still away")).to_be_visible()
    assert SECRET in (ours.data_dir / "config.json").read_text()
    assert SECRET not in "".join(bodies) + page.content()
    page.get_by_role("button", name="Edit Still away").click()
    password.fill("another one")
    page.get_by_role("button", name="Keep the saved one").click()
    expect(password).to_have_value("")
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Away")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Edit Away")).to_be_visible()
    assert SECRET in (ours.data_dir / "config.json").read_text()


def test_a_client_that_is_not_there_says_so_in_a_test_and_detect_says_what_it_found(page):
    page.goto("/settings/clients")
    page.get_by_role("button", name="Test Away").click()
    expect(page.get_by_role("listitem").filter(has_text="Away")).to_contain_text("connection refused")
    page.get_by_role("button", name="Edit Away").click()
    form = page.get_by_role("dialog", name="Settings of Away")
    form.get_by_role("spinbutton", name="Port").fill(str(free_port()))
    form.get_by_role("textbox", name="Password").fill(SECRET)
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form).to_contain_text("connection refused")  # tried first, and not refused
    form.get_by_role("button", name="Save anyway").click()
    expect(form).to_have_count(0)
    page.get_by_role("button", name="Detect").click()
    expect(page.get_by_role("region", name="Found on this machine")).to_be_visible()


def test_what_others_changed_meanwhile_is_offered_and_not_overwritten(page, ours):
    page.goto("/settings/server")
    days = page.get_by_role("spinbutton", name="Keep it for (days)")
    days.fill("30")
    config = ours.get("/api/config/current")
    changed = {**config["history"], "retentionDays": 90}
    ours.post("/api/config/save", _meta={"revision": config["_meta"]["revision"]}, history=changed)
    page.get_by_role("button", name="Save").click()
    offer = page.get_by_role("dialog", name="The settings were changed meanwhile")
    expect(offer.get_by_role("row").filter(has_text="history.retentionDays")).to_contain_text("9030")
    assert ours.get("/api/config/current")["history"]["retentionDays"] == 90
    offer.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    assert ours.get("/api/config/current")["history"]["retentionDays"] == 30


def test_what_waits_for_a_restart_is_marked_and_what_a_variable_holds_is_locked(page, ours):
    page.goto("/settings/server")
    level = page.get_by_label("Log level")
    expect(level).to_be_disabled()
    expect(page.get_by_text("Held by an environment variable or a flag")).to_be_visible()
    page.get_by_role("spinbutton", name="Port").fill("70000")
    assert not page.get_by_role("spinbutton", name="Port").evaluate("each => each.checkValidity()")
    was = ours.get("/api/config/current")["server"]["port"]
    page.get_by_role("spinbutton", name="Port").fill(str(free_port()))
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice").filter(has_text="counts from the next start")).to_contain_text("server.port")
    page.get_by_role("spinbutton", name="Port").fill(str(was))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("counts from the next start")).to_have_count(0)


def test_a_plugin_has_its_section_with_what_is_wrong_at_its_field(page, ours):
    page.goto("/settings/integrations")
    form = page.get_by_role("form", name="torznab")
    form.get_by_role("spinbutton", name="Delay").fill("25")
    with page.expect_response("**/api/config/current"):  # it is read again when it is saved
        form.get_by_role("button", name="Save").click()
    assert ours.get("/api/config/current")["plugins"]["torznab"]["searchDelaySeconds"] == 25
