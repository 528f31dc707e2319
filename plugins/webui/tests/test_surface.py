"""What the routes answer: the page behind any prefix, files for ever, nothing beside the folder."""

import gzip
from types import SimpleNamespace

import pytest
import trio
from amutorrent_webui import Site
from amutorrent_webui.views import VIEWS
from quart_trio import QuartTrio

PAGE = '<!doctype html><base href="__BASE__"><script src="ui/theme.js"></script>'
SCRIPT = b"console.log('hello');" * 100


@pytest.fixture
def folder(tmp_path):
    """Make a front end as the build leaves it, and a secret beside it."""
    built = tmp_path / "static"
    (built / "ui" / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "ui" / "icon.svg").write_text("<svg/>")
    script = built / "ui" / "assets" / "index-abc123.js"
    script.write_bytes(SCRIPT)
    script.with_name("index-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name("index-abc123.js.br").write_bytes(b"brotli")
    (tmp_path / "secret.json").write_text("{}")
    (built / "ui" / "way-out.json").symlink_to(tmp_path / "secret.json")
    return built


@pytest.fixture
def client(folder):
    """Give a client of an app with nothing but this."""
    return client_of(folder)


def client_of(folder):
    site = Site(SimpleNamespace(run_sync=trio.to_thread.run_sync), folder)
    app = QuartTrio("test", static_folder=None)
    app.register_blueprint(site.pages())
    app.register_blueprint(site.files())
    return app.test_client()


async def test_every_view_is_the_page_which_is_asked_for_anew(client):
    for path in ("/", *(f"/{name}" for name in VIEWS), "/settings/clients", "/downloads/"):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert 'href="/"' in await answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.content_type.startswith("text/html")
    again = await client.get("/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, await again.get_data()) == (304, b"")


async def test_the_page_says_where_it_stands(client):
    answer = await client.get("/a/prefix/downloads", root_path="/a/prefix")
    assert 'href="/a/prefix/"' in await answer.get_data(as_text=True)
    assert answer.headers["ETag"] != (await client.get("/downloads")).headers["ETag"]


async def test_the_page_runs_no_script_but_ours(client):
    policy = (await client.get("/")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("br, gzip", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT)),
        ("", None, SCRIPT),
        ("br;q=0", None, SCRIPT),
    ],
)
async def test_a_hashed_file_is_kept_for_ever_and_packed_as_asked(client, accepted, encoding, body):
    answer = await client.get("/ui/assets/index-abc123.js", headers={"Accept-Encoding": accepted})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers.get("Content-Encoding") == encoding
    assert len(await answer.get_data()) == len(body)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content_type == "text/javascript; charset=utf-8"


async def test_other_files_are_asked_for_anew(client):
    answer = await client.get("/ui/icon.svg")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("image/svg+xml", "no-cache")
    again = await client.get("/ui/icon.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "../index.html", "%2e%2e/index.html", "..%2findex.html", "assets/../../index.html", "way-out.json",
     "assets", ".stamp", "icon.svg/", "assets//index-abc123.js"],
)  # fmt: skip
async def test_nothing_beside_the_folder_is_served(client, name):
    answer = await client.get(f"/ui/{name}")
    assert answer.status_code == 404
    assert b"{}" not in await answer.get_data()


async def test_a_front_end_that_was_not_built_says_so(tmp_path):
    answer = await client_of(tmp_path).get("/")
    assert answer.status_code == 503
    assert "was not built" in await answer.get_data(as_text=True)
