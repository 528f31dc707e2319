"""The latest release: asked of a real web server on loopback, and of nobody unless it is wanted."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trio

from amutorrent import __version__, releases
from amutorrent.releases import Release, Releases, notes, numbers, read_release


@contextmanager
def feed(answers):
    """Run a feed; `answers` are (status, headers, body) by path, and "hang". Gives its URL and what was asked."""
    asked, ended = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["User-Agent"]))
            answer = answers[self.path]
            if answer == "hang":
                ended.wait(30)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


RELEASE = {"tag_name": "v9.1.0", "html_url": "https://forge.test/x/releases/9.1.0", "body": "new", "draft": False}


async def until(condition):
    """Wait until something is so."""
    with trio.fail_after(20):
        while not condition():
            await trio.lowlevel.checkpoint()


async def test_the_latest_release_is_asked_for_and_kept(nursery):
    with feed({"/latest": (200, {}, RELEASE)}) as (url, asked):
        found = Releases("0.1.0", lambda: f"{url}/latest")
        nursery.start_soon(found.run)
        await until(lambda: found.latest)
        assert found.latest == Release("9.1.0", "https://forge.test/x/releases/9.1.0")
        assert found.newer
        found.look_again()
        for _ in range(100):
            await trio.lowlevel.checkpoint()
        assert asked == [("/latest", "aMuTorrent/0.1.0")]


async def test_nobody_is_asked_until_it_is_wanted_and_no_longer_afterwards(nursery):
    with feed({"/latest": (200, {}, RELEASE)}) as (url, asked):
        wanted = []
        found = Releases("0.1.0", lambda: wanted[-1] if wanted else None)
        nursery.start_soon(found.run)
        for _ in range(100):
            await trio.lowlevel.checkpoint()
        assert asked == []
        wanted.append(f"{url}/latest")
        found.look_again()
        await until(lambda: found.latest)
        wanted.append(None)
        found.look_again()
        await until(lambda: found.latest is None)
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [("/404", "404"), ("/text", "no release"), ("/long", "too long"), ("/file", "not allowed"), ("/hang", "TooSlow")],
)
async def test_a_feed_that_fails_costs_nothing(nursery, caplog, monkeypatch, path, said):
    monkeypatch.setattr(releases, "WHOLE_S", 0.3)
    answers = {
        "/404": (404, {}, b"no"),
        "/text": (200, {}, b"<html>"),
        "/long": (200, {}, b"x" * (releases.LONGEST + 1)),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/hang": "hang",
    }
    if path != "/hang":
        monkeypatch.setattr(releases, "WHOLE_S", 30)
    with feed(answers) as (url, _):
        found = Releases("0.1.0", lambda: url + path)
        nursery.start_soon(found.run)
        await until(lambda: "no answer that can be read" in caplog.text)
        assert said in caplog.text
        assert found.latest is None
        assert not found.newer
        nursery.cancel_scope.cancel()


def test_what_a_feed_says():
    read = lambda **facts: read_release(json.dumps({**RELEASE, **facts}).encode())  # noqa: E731
    assert read(prerelease=True) is None
    assert read(draft=True) is None
    assert read(html_url="javascript:alert(1)") == Release("9.1.0", None)
    assert read(html_url=None) == Release("9.1.0", None)
    for wrong in (b"[]", b"{}", b'{"tag_name": 5}', b'{"tag_name": "nightly"}', b"\xff", b"[" * 100_000):
        with pytest.raises(ValueError, match=r"no release|no version"):
            read_release(wrong)


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.1.0", "0.2"), ("0.9.0", "0.10.0"), ("1.0rc1", "1.0"), ("1.0.0-beta", "1.0.1"), ("1", "1.0.1"), ("x", "0.1")],
)
def test_which_is_newer(older, newer):
    assert numbers(older) < numbers(newer)


def test_equal_versions():
    assert numbers("1.0") == numbers("1.0.0") == numbers("1.0.0+build")


def test_what_is_said_of_a_version():
    text = "# Changes\n\n## 2.0.0\n\nNew.\n\n### More\n\n* x\n\n## 1.0.0 (2026-01-02)\n\nOld.\n"
    assert notes("2.0.0", text) == (None, "New.\n\n### More\n\n* x")
    assert notes("1.0.0", text) == ("2026-01-02", "Old.")
    assert notes("3.0.0", text) == (None, "")
    assert notes(__version__).changes, "this version has no heading in CHANGELOG.md"
