"""This release and the latest one. Nobody is asked unless the settings want it. Source: http-api 13, data-model 12."""

import logging
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec
import trio
from msgspec import Struct

ASK_S = 6 * 3600.0
AGAIN_S = 3600.0
"""After an answer that was none."""
PER_STEP_S = 10.0
WHOLE_S = 30.0
LONGEST = 1 << 20
CHANGES = "CHANGELOG.md"
_HEADING = re.compile(r"^## (\S+)(?: \((\d{4}-\d{2}-\d{2})\))?$", re.MULTILINE)

log = logging.getLogger("amutorrent.releases")


class Release(NamedTuple):
    """A release: its version without a `v`, and the page that tells of it (None if there is none)."""

    version: str
    url: str | None


class Notes(NamedTuple):
    """What is said of this release: its day (None: not yet released), and its changes as Markdown."""

    date: str | None
    changes: str


class _Answer(Struct):
    """What forges answer about the latest release."""

    tag_name: str
    html_url: str | None = None
    draft: bool = False
    prerelease: bool = False


class Releases:
    """Asks a feed for the latest release, now and then; `feed` gives its URL, None: ask nobody."""

    def __init__(self, version: str, feed: Callable[[], str | None]) -> None:
        self.version = version
        self.latest: Release | None = None
        self._feed = feed
        self._asked: str | None = None
        self._changed = trio.Event()

    @property
    def newer(self) -> bool:
        """Whether the latest release is newer than this one."""
        return self.latest is not None and numbers(self.latest.version) > numbers(self.version)

    def look_again(self) -> None:
        """See at once whether another feed is to be asked: the settings changed."""
        if self._feed() != self._asked:
            self._changed.set()

    async def run(self) -> None:
        """Ask as long as the settings want it, and keep the last answer."""
        while True:
            self._changed = trio.Event()
            feed = self._feed()
            if feed != self._asked:
                self._asked, self.latest = feed, None
            with trio.move_on_after(await self._ask(feed) if feed else float("inf")):
                await self._changed.wait()

    async def _ask(self, feed: str) -> float:
        """Ask once; gives the seconds until the next time."""
        try:
            with trio.fail_after(WHOLE_S):
                body = await trio.to_thread.run_sync(fetch, feed, self.version, abandon_on_cancel=True)
            self.latest = read_release(body)
        except (OSError, ValueError, trio.TooSlowError) as error:
            log.warning("the feed of releases gave no answer that can be read: %s", str(error) or type(error).__name__)
            return AGAIN_S
        return ASK_S


def fetch(url: str, version: str) -> bytes:
    """Get what a feed answers, over HTTP and HTTPS alone; blocks. Raises `OSError`, `ValueError`."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    headers = {"User-Agent": f"aMuTorrent/{version}", "Accept": "application/json"}
    request = urllib.request.Request(url, headers=headers)
    try:
        with opener.open(request, timeout=PER_STEP_S) as answer:
            body: bytes = answer.read(LONGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise OSError(f"HTTP {error.code}: {error.reason}") from error
    if len(body) > LONGEST:
        raise ValueError("the answer is too long")
    return body


def read_release(body: bytes) -> Release | None:
    """Read the answer of a feed; None: there is no release for everybody yet. Raises `ValueError`."""
    try:
        found = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is no release: {error}") from error
    version = found.tag_name.removeprefix("v")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}[A-Za-z0-9.+-]{0,30}", version):
        raise ValueError("its tag is no version")
    if found.draft or found.prerelease:
        return None
    url = found.html_url or ""
    return Release(version, url if re.fullmatch(r"https?://[!-~]{1,2000}", url) else None)


def numbers(version: str) -> tuple[tuple[int, ...], bool]:
    """Give what versions are compared by: the numbers, and that it is no early form (`1.0rc1`) of them."""
    found = re.match(r"(\d+(?:\.\d+)*)(.*)", version)
    if found is None:
        return (), False
    parts = [int(each) for each in found[1].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts), not re.match(r"[-.]?(a|b|c|rc|alpha|beta|dev|pre)", found[2])


def notes(version: str, text: str | None = None) -> Notes:
    """Read what is said of a version in the changes that come with this program."""
    text = _changes() if text is None else text
    headings = list(_HEADING.finditer(text))
    for number, heading in enumerate(headings):
        if heading[1] == version:
            end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
            return Notes(heading[2], text[heading.end() : end].strip())
    return Notes(None, "")


def _changes() -> str:
    """Read the changes: beside the code in a wheel, else at the top of the repository."""
    packaged = resources.files("amutorrent") / CHANGES
    try:
        return packaged.read_text("utf-8")
    except OSError:
        pass
    try:
        return (Path(__file__).parent.parent / CHANGES).read_text("utf-8")
    except OSError:
        return ""
