"""Measure the web UI in Chromium: 10,000 items, 1 % of them changing every second. Run `python -m benchmarks.webui`."""

import argparse
import sys
import time
from importlib import metadata
from statistics import median

import trio
from playwright.sync_api import CDPSession, Page, sync_playwright

from amutorrent.testing import require

from . import servers
from .synthetic import STAMP

POLL_S = 1.0
SETTLE_MS = 5000
LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) longTasks.push(entry.duration);
}).observe({ type: "longtask", buffered: true });
"""
SCRIPTS = """performance.getEntriesByType("resource")
  .filter((each) => each.name.endsWith(".js")).reduce((sum, each) => sum + each.encodedBodySize, 0)"""
SCROLL = """async (seconds) => {
  const list = document.querySelector(".table");
  const end = performance.now() + seconds * 1000;
  let frames = 0;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    list.scrollTop += 60;
    frames += 1;
  }
  return frames / seconds;
}"""
TYPE = """async (texts) => {
  const box = document.querySelector("#filter");
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const times = [];
  for (const text of texts) {
    const begin = performance.now();
    const before = document.querySelector(".table").ariaRowCount;
    set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    for (let frame = 0; frame < 60; frame += 1) {
      await new Promise(requestAnimationFrame);
      if (document.querySelector(".table").ariaRowCount !== before) break;
    }
    times.push(performance.now() - begin);
  }
  return times;
}"""
SEEN = """async ([stamp, changes]) => {
  const waits = [];
  let last = "";
  await new Promise((done) => {
    const look = () => {
      const names = [...document.querySelectorAll(".table-row .title")].map((each) => each.textContent);
      const name = names.find((each) => each.startsWith(stamp)) ?? last;
      if (name === last) return;
      last = name;
      requestAnimationFrame(() => {  // what follows the frame in one task comes after its painting
        const after = new MessageChannel();
        after.port1.onmessage = () => waits.push(Date.now() - Number(name.slice(stamp.length))) === changes && done();
        after.port2.postMessage(null);
      });
    };
    new MutationObserver(look).observe(document.querySelector(".table"), {
      subtree: true, childList: true, characterData: true,
    });
  });
  return waits.slice(1, changes);
}"""
TEXTS = ["s0", "s09", "s09e1", "s09", "s0", "x264 s05"]


async def serve(port: int, items: int) -> None:
    """Run the daemon with made-up items and the web UI."""
    made_up = metadata.EntryPoint("synthetic", "benchmarks.synthetic", "amutorrent")
    web_ui = metadata.EntryPoint("webui", "amutorrent_webui", "amutorrent")
    client: dict[str, object] = {"type": "synthetic", "items": items, "changing": items // 100, "stamped": True}
    await servers.serve(port, [client], POLL_S, [made_up, web_ui])


class Meter:
    """Reads what the browser says of the page."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page, self._session = page, session
        session.send("Performance.enable")

    def _now(self) -> dict[str, float]:
        return {each["name"]: each["value"] for each in self._session.send("Performance.getMetrics")["metrics"]}

    def over(self, what: str, seconds: float) -> None:
        """Say how busy the page was for so long."""
        self.long_tasks()
        before = self._now()
        self._page.wait_for_timeout(seconds * 1000)
        after = self._now()
        script, tasks = ((after[name] - before[name]) / seconds * 1000 for name in ("ScriptDuration", "TaskDuration"))
        print(f"{what}: {script:.0f} ms of script and {tasks:.0f} ms of main thread per second, {self.long_tasks()}")
        print(f"  heap {after['JSHeapUsedSize'] / 1e6:.0f} MB, {after['Nodes']:.0f} nodes")

    def heap(self) -> float:
        """Give what the page holds after everything that can go has gone, in MB."""
        self._session.send("HeapProfiler.collectGarbage")
        return self._now()["JSHeapUsedSize"] / 1e6

    def long_tasks(self) -> str:
        """Say which tasks took longer than 50 ms since the last time."""
        found = self._page.evaluate("longTasks.splice(0)")
        return f"longest task {max(found):.0f} ms" if found else "no task above 50 ms"


def measure(page: Page, address: str, seconds: float, changes: int) -> Meter:
    """Open the list and use it."""
    page.add_init_script(LONG_TASKS)
    begin = time.monotonic()
    page.goto(f"{address}/downloads")
    page.wait_for_selector(".table-row")
    print(
        f"first rows after {time.monotonic() - begin:.2f} s, {page.evaluate(SCRIPTS) / 1000:.0f} kB of script, packed"
    )
    page.wait_for_timeout(SETTLE_MS)
    meter = Meter(page, page.context.new_cdp_session(page))
    meter.over("by date", seconds)
    page.get_by_role("columnheader", name="Down").get_by_role("button").click()
    page.mouse.move(2, 300)
    meter.over("by speed", seconds)
    print(f"scrolling: {page.evaluate(SCROLL, 4):.0f} frames per second, {meter.long_tasks()}")
    times = page.evaluate(TYPE, TEXTS)
    print(f"a letter in the filter: median {median(times):.0f} ms, {meter.long_tasks()}")
    page.goto(f"{address}/downloads")
    page.wait_for_selector(".table-row")
    waits = page.evaluate(SEEN, [STAMP, changes + 1])
    print(
        f"from a change in the daemon to its pixels: median {median(waits):.0f} ms, worst {max(waits)} ms of {changes}"
    )
    return meter


def stay(page: Page, meter: Meter, minutes: float) -> None:
    """Leave the list open, and say what the page holds then."""
    page.wait_for_timeout(SETTLE_MS)
    before = meter.heap()
    page.wait_for_timeout(minutes * 60_000)
    after = meter.heap()
    print(f"memory after {minutes:g} minutes: {after:.1f} MB of heap, {after - before:+.1f} MB in this time")


def main() -> None:
    """Run the daemon and the browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    with servers.running("serve", asked.items, module="benchmarks.webui") as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        meter = measure(page, f"http://127.0.0.1:{port}", asked.seconds, asked.changes)
        stay(page, meter, asked.minutes)
        browser.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        trio.run(serve, int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
