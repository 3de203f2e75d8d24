"""The pages on a served demonstration: first paint of each, and what it takes from a key or a click
to the next frame; each the median of several visits, the worst page counts. And what the first page
weighs in gzip. Against them stand the limits of design §9, for a page has no peer here.

On which demonstration: see bench/_demonstration.py.
"""

import gzip
import os
import re
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench._demonstration import demonstration
from bench._harness import memory_of, report
from haina.kernel.settings import load
from haina.security.access import change_password, first_users, reset_password
from tests.browser.addresses import ADDRESSES, SIGNED_OUT, Places, address, places_of, settle
from tests.browser.harbour import PASSWORD, browser_open, served, sign_in

ROOT = Path(__file__).parents[1]
DIST = Path(os.environ.get("HAINA_WEB", ROOT / "web" / "dist"))
VISITS = 3
PAINT_MS = 1_000
ACT_MS = 100
FIRST_KB = 300
_LEFT_OUT = {"*", "sign-in", "change-password", "parts", "sources/connect/:draft/:step"}
_PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
  for (const one of list.getEntries())
    if (one.name === 'first-contentful-paint') done(one.startTime) })
  .observe({type: 'paint', buffered: true}))"""
# From the event to the frame that shows what it did, as the browser itself times it.
_WATCH = """window.acts = [];
new PerformanceObserver(list => { for (const one of list.getEntries())
  if (one.interactionId) window.acts.push(one.duration) })
  .observe({type: 'event', durationThreshold: 16, buffered: true});"""
# (what, address, what is pressed or clicked, keys)
_ACTS = (
    ("在运行里打字查找", "/runs", "input[type=text], input:not([type])", "renkou"),
    ("在数据源里打字查找", "/sources", "main input", "renkou"),
    ("在目录里打字查找", "/catalogue", "main input", "renkou"),
    ("打开另一个标签页", "/catalogue/{dataset}", "[role=tab] >> nth=1", ""),
    ("打开搜索", "/", "body", "/renkou"),
    ("关上搜索", "/catalogue", "body", "/r"),
)


def main() -> None:
    """Print the pages, then one JSON object a figure."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url, places = stack.enter_context(_served(Path(folder)))
        # Seldom, for it is what paints that counts.
        memory = stack.enter_context(memory_of(every=1))
        page = _signed_in(stack.enter_context(browser_open()), url)
        paints = {route: _paint(page, url, route, places) for route in _routes()}
        acts = {what: _act(page, url, places, *act) for what, *act in _ACTS}
    for name, value in [*paints.items(), *acts.items()]:
        print(f"{name or '工作台'}:{value:.0f} 毫秒")
    figures = (
        ("web first paint, ms", max(paints.values()), PAINT_MS),
        ("web interaction, ms", max(acts.values()), ACT_MS),
        ("web first page, kB gzip", first_page_kb(DIST), FIRST_KB),
    )
    for figure, ours, limit in figures:
        ratio, peak = limit / ours, memory.peak_mb
        report(figure, ours=ours, against=limit, ratio=ratio, at_least=1, peak_rss_mb=peak)


def _routes() -> list[str]:
    return [one for one in ADDRESSES if one not in _LEFT_OUT | SIGNED_OUT]


def _paint(page: Page, url: str, route: str, places: Places) -> float:
    found: list[float] = []
    for _ in range(VISITS):
        page.goto(url + address(route, places))
        settle(page)
        found.append(float(page.evaluate(_PAINTED)))
    return statistics.median(found)


def _act(page: Page, url: str, places: Places, at: str, where: str, keys: str) -> float:
    """The slowest event of a visit, the median of the visits; below 16 ms none is reported."""
    found: list[float] = []
    for _ in range(VISITS):
        page.goto(url + at.format(dataset=places.dataset))
        settle(page)
        page.wait_for_timeout(300)
        page.evaluate(_WATCH)
        target = page.locator(where).first
        if where != "body":
            target.click()
        for key in keys:
            page.keyboard.press(key, delay=30)
        page.wait_for_timeout(400)
        found.append(float(max([*page.evaluate("window.acts"), 8])))
    return statistics.median(found)


def first_page_kb(dist: Path) -> float:
    """What a browser fetches to show the first page: the entry, and the workbench with all that
    it imports, JavaScript and styles, each in gzip."""
    entry = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', _text(dist / "index.html"))
    workbench = [str(one.relative_to(dist)) for one in dist.glob("assets/WorkbenchPage-*")]
    if not entry or not workbench:
        raise SystemExit(f"the pages are not built: {dist}")
    seen: set[str] = set()
    waiting = [*entry, *workbench]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.endswith(".js"):
            found = re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', _text(dist / name))
            waiting += [f"assets/{one}" for one in found]
    return sum(len(gzip.compress((dist / one).read_bytes(), 9)) for one in seen) / 1000


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, Places]]:
    home = demonstration(folder)
    from haina.app.bootstrap import open_installation

    platform = open_installation(load(home=home))
    first_users(platform)  # a county made at the command line has none yet
    change_password(platform, "operator", reset_password(platform, "bench", "operator"), PASSWORD)
    places = _demonstration_places(places_of(platform).run)
    with served(home, platform) as site:
        yield site.url, places
    platform.close()


def _demonstration_places(run: str) -> Places:
    return Places(
        run,
        dataset="std.renshe_insured",
        model="base.person",
        service="enterprise",
        source="renshe_shebao",
        table="renshe_insured",
    )


def _signed_in(browser: Browser, url: str) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, url)
    return page


if __name__ == "__main__":
    main()
