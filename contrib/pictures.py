"""Draw the pictures of the docs: `.venv/bin/python contrib/pictures.py`, once `contrib/test` has installed all.

Every view at three widths, light and dark by turns, as WebP below docs/pictures. It ends with an error that names them
if a view scrolls sideways at any width, or if something was asked of another address.
"""

import base64
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.people import SIZES, printed_link, signed_in  # noqa: E402  # tests/ is found by the line above
from lab.amutorrent import AmutorrentDaemon  # noqa: E402
from lab.waiting import wait_until  # noqa: E402
from picture_world import SEASON, without_account, world  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from amutorrent.testing import require  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
VIEWS = {
    "home": "/",
    "downloads": "/downloads",
    "details": "/downloads?item=SEASON&tab=files",
    "shared": "/shared",
    "uploads": "/uploads",
    "search": "/search",
    "history": "/history",
    "statistics": "/statistics",
    "categories": "/categories",
    "servers": "/servers",
    "arr": "/arr",
    "logs": "/logs",
    "plugins": "/plugins",
    "settings": "/settings/clients",
}
THEMES = ("light", "dark")
DRAWN_MS = 1500
SPARKLINE_MS = 8000
QUALITY = 0.92
IS_WIDER = """() => {
    const bars = ".settings-nav, .tabs-list, .filter-tabs, .chips, .peer-states";
    const meant = `.scroll-x, .as-table-scroll, .logs-columns, ${bars}`;
    const boxes = [document.documentElement, ...document.querySelectorAll("body *")];
    const scrolls = (box) => ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
    const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1 && !box.matches(meant));
    const found = wide.filter((box) => box === document.documentElement || scrolls(box));
    return found.map((box) => box.className || box.tagName);
}"""
TO_WEBP = """async ([png, quality]) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
    return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
}"""


class Artist:
    """It draws pages, and notes what is wrong with them."""

    def __init__(self, browser: Browser) -> None:
        self._desk = browser.new_page()
        self.wrong: list[str] = []

    def draw(self, page: Page, name: str, width: int) -> None:
        """Take the picture of a page as it is, if nothing in it scrolls sideways."""
        self.wrong += [f"{name} at {width} px: {each} scrolls sideways" for each in page.evaluate(IS_WIDER)]
        png = base64.b64encode(page.screenshot()).decode()
        webp = base64.b64decode(self._desk.evaluate(TO_WEBP, [png, QUALITY]))
        (FOLDER / f"{name}-{width}.webp").write_bytes(webp)

    @contextmanager
    def watched(self, context: BrowserContext, ours: AmutorrentDaemon) -> Iterator[Page]:
        """Open a page and see what it asks for."""
        page = context.new_page()
        page.on("request", lambda asked: self._hear(asked.url, ours.url))
        yield page
        context.close()

    def _hear(self, asked: str, ours: str) -> None:
        if urlsplit(asked).netloc not in ("", urlsplit(ours).netloc):
            self.wrong.append(f"something was asked of {asked}")


def turn(index: int, step: int) -> str:
    """Light and dark by turns, so that each view is seen in both."""
    return THEMES[(index + step) % 2]


def draw_entries(artist: Artist, browser: Browser, ours: AmutorrentDaemon, name: str, address: str) -> None:
    """Draw a page that nobody is signed in to."""
    for step, (width, height) in enumerate(SIZES):
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=turn(0, step), locale="en-GB")
        with artist.watched(context, ours) as page:
            page.goto(address)
            page.wait_for_timeout(DRAWN_MS)
            artist.draw(page, name, width)


def draw_views(artist: Artist, browser: Browser, ours: AmutorrentDaemon) -> None:
    """Draw every view at every width."""
    paths = VIEWS | {"search": searched(browser, ours)}
    season = next(key for key, item in ours.items().items() if item["name"] == SEASON)
    for step, (width, height) in enumerate(SIZES):
        for theme in THEMES:
            size = {"width": width, "height": height}
            context = signed_in(browser, ours, viewport=size, color_scheme=theme, reduced_motion="reduce")
            with artist.watched(context, ours) as page:
                mine = [name for index, name in enumerate(VIEWS) if turn(index, step) == theme]
                for name in mine:
                    page.goto(ours.url + paths[name].replace("SEASON", ":".join(season)))
                    page.wait_for_timeout(SPARKLINE_MS if name in ("home", "downloads") else DRAWN_MS)
                    artist.draw(page, name, width)


def searched(browser: Browser, ours: AmutorrentDaemon) -> str:
    """Search for something; gives the path of the results."""
    context = signed_in(browser, ours)
    page = context.new_page()
    page.goto("/search")
    page.get_by_label("What to look for").fill("nosferatu")
    page.get_by_role("search").get_by_role("button", name="Search", exact=True).click()
    wait_until(lambda: page.get_by_role("row").count() > 3, 60)
    path = page.url.removeprefix(ours.url)
    context.close()
    return path


@contextmanager
def place() -> Iterator[Path]:
    """Give a folder with a name that looks well in pictures."""
    root = Path(tempfile.gettempdir()) / "media"
    root.mkdir()  # one that is there already is somebody else's
    try:
        yield root
    finally:
        shutil.rmtree(root)


def main() -> None:
    """Run the world, and draw it."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with place() as root, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])
        artist = Artist(browser)
        with without_account(root / "first") as first:
            draw_entries(artist, browser, first, "set-up", printed_link(first))
        with world(root) as ours:
            draw_entries(artist, browser, ours, "sign-in", f"{ours.url}/login")
            draw_views(artist, browser, ours)
        browser.close()
    if artist.wrong:
        sys.exit("\n".join(dict.fromkeys(artist.wrong)))


if __name__ == "__main__":
    main()
