"""One browser a session; each page is watched: a complaint of the console, or a request to
another origin, fails its test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import crowded as much
from tests.browser.harbour import (
    PASSWORD,
    Site,
    browser_open,
    chromium,
    make,
    served,
    sign_in,
)

ROOT = Path(__file__).parents[2]
DESK: ViewportSize = {"width": 1366, "height": 768}

# Said by the software driver of GL when a map is drawn without a graphics card; of no page.
_DRIVER = "GPU stall due to ReadPixels"

Open = Callable[..., "Watched"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Crowd:
    """A site of very much, and the run that is large."""

    site: Site
    run: str


class Watched:
    """A page, and what it did that it should not have done."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self._expected: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("request", self._look)

    def expect_refusal(self, status: int) -> None:
        """The console names every answer of 4xx; this one is wanted."""
        self._expected.append(f"status of {status}")

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def api(self, path: str) -> Any:
        """What the page's own session is told by the platform."""
        answer = self.page.request.get(f"{self.url}/api/{path}")
        assert answer.ok, answer.text()
        return answer.json()

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        sign_in(self.page, self.url, name, password)

    def check(self) -> None:
        bad = [one for one in self.complaints if not any(e in one for e in self._expected)]
        assert not bad, bad

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and _DRIVER not in message.text:
            self.complaints.append(f"console {message.type}: {message.text}")

    def _look(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"request to another origin: {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    if not (ROOT / "web" / "dist" / "index.html").exists():
        pytest.skip("the pages are not built: scripts/node build")
    expect.set_options(timeout=10_000)
    with browser_open() as opened:
        yield opened


@contextmanager
def _site(home: Path, template: Path, *, filled: bool) -> Iterator[Site]:
    platform = make(home, template, filled=filled)
    with served(home, platform) as site:
        yield site
    platform.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """The harbour with its data; who breaks something in it takes `own_filled`."""
    with _site(tmp_path_factory.mktemp("harbour"), sqlite_template, filled=True) as site:
        yield site


@pytest.fixture
def own_filled(tmp_path: Path, sqlite_template: Path) -> Iterator[Site]:
    """A harbour for one test alone."""
    with _site(tmp_path / "harbour", sqlite_template, filled=True) as site:
        yield site


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """An installation as it is before any pack."""
    with _site(tmp_path_factory.mktemp("bare"), sqlite_template, filled=False) as site:
        yield site


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Crowd]:
    """An installation of very much: 5,000 datasets, 10,000 runs."""
    home = tmp_path_factory.mktemp("crowded")
    platform = make(home, sqlite_template, filled=False)
    run = much.fill(platform)
    with served(home, platform) as site:
        yield Crowd(site, run)
    platform.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a watched page of a site, signed in as `who` (None: as nobody)."""
    made: list[tuple[Watched, Any]] = []

    def open_one(site: Site, who: str | None = "operator", *, size: ViewportSize = DESK) -> Watched:
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        context.set_default_timeout(10_000)
        watched = Watched(context.new_page(), site.url)
        if who is not None:
            watched.sign_in(who)
        made.append((watched, context))
        return watched

    yield open_one
    for watched, context in made:
        context.close()
        watched.check()
