"""The guide says of every operation what the code says; its examples are taken; its page asks nobody for anything."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

import amutorrent
from amutorrent.cli.main import cli
from amutorrent.errors import AmutorrentError
from amutorrent.model.permissions import PERMISSIONS
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins
from amutorrent.web.guide import as_markdown, as_page, guide
from amutorrent.web.guide.blocks import Code, Heading, Paragraph, Table
from amutorrent.web.guide.samples import Samples
from amutorrent.web.messages import PUSHED
from amutorrent.web.openapi import describe, errors_of

BUNDLED = load_plugins(blocked=frozenset({"example"}), host_operations=HOST_OPERATIONS)
OPERATIONS = (*HOST_OPERATIONS, *BUNDLED.operations)
DOCUMENT = json.loads(json.dumps(describe(OPERATIONS)))
BLOCKS = guide(DOCUMENT)
PAGE = as_page(BLOCKS)
KINDS = list(dict.fromkeys([*PUSHED, *(kind for each in OPERATIONS for kind in (each.request, *each.replies))]))
SCHEMAS = dict(
    zip(
        KINDS,
        msgspec.json.schema_components(
            KINDS,
            schema_hook=lambda kind: {"description": "Any JSON value."},
            ref_template="#/components/schemas/{name}",
        )[0],
        strict=True,
    )
)
SAMPLES = Samples(DOCUMENT["components"]["schemas"])
CODES = {code for kind in vars(amutorrent).values() if isinstance(kind, type) and issubclass(kind, AmutorrentError)
         for code in (kind.code, *kind.codes)}  # fmt: skip


def section(operation):
    """Give the blocks below the heading of an operation."""
    heading = f"{operation.method} {operation.path}" if operation.path else f"Action {operation.action}"
    (start,) = [n for n, each in enumerate(BLOCKS) if isinstance(each, Heading) and each.text == heading]
    end = next(n for n in range(start + 1, len(BLOCKS)) if isinstance(BLOCKS[n], Heading))
    return BLOCKS[start + 1 : end]


def test_the_page_in_the_repository_is_what_the_code_says():
    written = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert written == as_markdown(BLOCKS), "run: amutorrent api --without example > docs/api.md"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.action)
def test_every_operation_has_permission_fields_reply_errors_and_an_example(operation):
    found = section(operation)
    said = " ".join(each.text for each in found if isinstance(each, Paragraph))
    assert operation.summary.split("`")[0][:20] in said
    assert "Needs " in said
    if operation.needs in PERMISSIONS:
        assert f"the permission `{operation.needs}`" in said
    assert "Reply" in said
    assert (f"Action on the WebSocket: `{operation.action}`" in said) == operation.socket
    for code in errors_of(operation):
        assert f"`{code}`" in said
        assert code in CODES
    written = {row[0].strip("`") for each in found if isinstance(each, Table) for row in each.rows}
    assert written == set(operation.request.__struct_encode_fields__)
    assert [each for each in found if isinstance(each, Code)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.action)
def test_the_examples_are_taken_and_fit_their_schema(operation):
    schemas = DOCUMENT["components"]["schemas"]
    request = SAMPLES.of(SCHEMAS[operation.request], whole=False)
    msgspec.convert(request, operation.request)
    for reply in operation.replies:
        schema = SCHEMAS[reply]
        Draft202012Validator({**schema, "components": {"schemas": schemas}}).validate(SAMPLES.of(schema))


NO_ICON = ("link", "data:,")
"""It keeps browsers from asking for one."""


class Page(HTMLParser):
    """What stands in a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.targets, self.attributes, self.open = set(), [], set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if (tag, dict(attrs).get("href")) == NO_ICON:
            return
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.targets.add(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_runs_nothing_and_asks_nobody():
    page = Page(PAGE)
    assert page.open == []
    assert not page.tags & {"script", "link", "img", "iframe", "form", "object", "base"}
    assert not [each for each in page.attributes if each.startswith("on")]
    assert all(target.startswith("#") for target in page.targets)
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "@import" not in PAGE
    assert not re.search(r"url\(", PAGE)


def test_what_others_write_is_text_and_no_markup():
    blocks = [Heading(1, "A <b>"), Paragraph("<script>x</script> `<i>` [<b>](#a)"), Code("json", "</code><script>")]
    page = as_page([*blocks, Table(("<td>",), [("a|b<br>",)])])
    assert not re.search(r"<script|<i>|<b>|<br>", page)
    assert "| a\\|b<br> |" in as_markdown([Table(("x",), [("a|b<br>",)])])


async def test_it_is_served_under_a_strict_policy(web):
    answer = await web.get("/api/docs", "Accept-Encoding: gzip")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'self'" in policy
    assert answer.headers["content-encoding"] == "gzip"
    again = await web.get("/api/docs", f"If-None-Match: {answer.headers['etag']}")
    assert (again.status, again.body) == (304, b"")
    plain = await web.get("/api/docs")
    Page(plain.body.decode())
    assert b"GET /api/v1/echo" in plain.body


async def test_it_is_served_below_a_base_path(make_web):
    async with make_web(base_path="/down/loads") as web:
        assert (await web.get("/api/docs")).status == 404
        assert (await web.get("/down/loads/api/docs")).status == 200
        document = json.loads((await web.get("/down/loads/api/openapi.json")).body)
        assert document["servers"] == [{"url": "/down/loads"}]


def test_the_command_prints_it(run_cli):
    printed = run_cli("api", "--without", "example")
    assert printed == as_markdown(BLOCKS)
    assert json.loads(run_cli("api", "--openapi", "--without", "example"))["openapi"] == "3.1.0"


@pytest.fixture
def run_cli():
    from click.testing import CliRunner

    def run(*arguments):
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run
