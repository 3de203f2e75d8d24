"""axe finds nothing serious on any page of the harbour."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.addresses import (
    ADDRESSES,
    OF_OTHERS,
    SIGNED_OUT,
    Places,
    address,
    in_order,
    new_draft,
    places_of,
    settle,
)
from tests.browser.conftest import DESK
from tests.browser.harbour import Site, sign_in

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# What people do on a phone: what waits for them, and the tasks behind it.
IN_HAND = ("", "cockpit", "arrivals", "sources/:name/deliveries", "sources/:name/quarantine/:table")
_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => [one.id, ...one.nodes.slice(0, 5).map(node => node.html.slice(0, 160) + ' | ' + (node.any[0]?.message ?? ''))])"""


@pytest.fixture(scope="module")
def page(browser: Browser, filled: Site) -> Iterator[Page]:
    """One page for all, signed in once: axe itself needs what the pages' own policy forbids."""
    opened = _open(browser)
    sign_in(opened, filled.url)
    yield opened
    opened.context.close()


@pytest.fixture(scope="module")
def places(page: Page, filled: Site) -> Places:
    """With a file that waits to be connected."""
    content = (Path(filled.platform.settings.home) / "files" / "huji.csv").read_bytes()
    draft = new_draft(page.request.post, filled.url, content)
    return replace(places_of(filled.platform), draft=draft)


@pytest.mark.parametrize("route", in_order(set(ADDRESSES) - SIGNED_OUT))
def test_axe_finds_nothing_serious(page: Page, filled: Site, places: Places, route: str) -> None:
    page.set_viewport_size(DESK)
    sign_in(page, filled.url, OF_OTHERS.get(route, "operator"))
    assert _found(page, filled.url + address(route, places)) == []


@pytest.mark.parametrize("route", IN_HAND)
def test_axe_finds_nothing_serious_on_a_phone(
    page: Page, filled: Site, places: Places, route: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert _found(page, filled.url + address(route, places)) == []


@pytest.mark.parametrize("route", sorted(SIGNED_OUT))
def test_axe_finds_nothing_serious_before_the_sign_in(
    browser: Browser, filled: Site, route: str
) -> None:
    page = _open(browser)
    assert _found(page, filled.url + ADDRESSES[route]) == []
    page.context.close()


def _open(browser: Browser) -> Page:
    context = browser.new_context(
        viewport=DESK, locale="zh-CN", bypass_csp=True, reduced_motion="reduce"
    )
    context.add_init_script(path=AXE)
    context.set_default_timeout(10_000)
    return context.new_page()


def _found(page: Page, url: str) -> Any:
    page.goto(url)
    settle(page)
    return page.evaluate(_RUN)
