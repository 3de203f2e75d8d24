"""Very much of everything: each page shows, draws little, and asks for little."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.browser.addresses import (
    ADDRESSES,
    OF_OTHERS,
    SIGNED_OUT,
    Places,
    address,
    crowded_places,
    in_order,
    new_draft,
    settle,
)
from tests.browser.conftest import DESK, Crowd, Open, Watched

MOST_NODES = 2_000
MOST_BYTES = 400_000
LISTS = "table, [role=table], [role=list], [role=grid], [role=log], ul, ol"
DRAWN = f"""() => {{
  const nodes = new Set();
  for (const list of document.querySelectorAll('{LISTS}'))
    for (const node of list.querySelectorAll('*')) nodes.add(node);
  return nodes.size;
}}"""
# Before the others, for they end the session or ask for nothing but it.
_QUIET = {"sign-in", "change-password", "*", "parts", "sources/connect"}
# The one run failed, and says so; the design parts show what an error looks like.
_ERRORS = {"runs/:id": 1, "parts": 2}
OPENED = in_order(ADDRESSES)
_COLUMNS = 500


@pytest.fixture(scope="module")
def at(browser: Browser, crowded: Crowd) -> Iterator[Watched]:
    """One page for all of them, signed in once."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    watched = Watched(context.new_page(), crowded.site.url)
    watched.sign_in("operator")
    yield watched
    context.close()


@pytest.fixture(scope="module")
def places(at: Watched, crowded: Crowd) -> Places:
    """With a file of 500 columns that waits to be connected."""
    head = ",".join(f"YWXT_KZZD_{n:03d}" for n in range(_COLUMNS))
    line = ",".join(str(n) for n in range(_COLUMNS))
    draft = new_draft(at.page.request.post, crowded.site.url, f"{head}\n{line}\n".encode())
    return replace(crowded_places(crowded.run), draft=draft)


@pytest.mark.parametrize("route", OPENED)
def test_a_page_of_very_much_stays_small(at: Watched, places: Places, route: str) -> None:
    at.complaints.clear()
    answers: list[Response] = []
    if route in SIGNED_OUT:
        at.expect_refusal(401)
        at.page.context.clear_cookies()

    if route in OF_OTHERS:
        at.sign_in(OF_OTHERS[route])

    def hear(answer: Response) -> None:
        answers.append(answer)

    at.page.goto("about:blank")  # so that no answer of the page before is heard
    at.page.on("response", hear)
    page = at.go(address(route, places))
    settle(page)
    at.page.remove_listener("response", hear)
    expect(page.locator(".error")).to_have_count(_ERRORS.get(route, 0))
    assert page.evaluate(DRAWN) <= MOST_NODES
    at.check()
    sizes = {one.url: len(one.body()) for one in answers if _whole(one)}
    assert sizes or route in _QUIET
    assert not {url: size for url, size in sizes.items() if size > MOST_BYTES}


def test_a_long_list_is_filtered_and_paged(open_page: Open, crowded: Crowd) -> None:
    page = open_page(crowded.site).go("/arrivals")
    rows = page.get_by_role("table", name="到数").locator("tbody tr")
    expect(rows).to_have_count(80)
    page.get_by_role("button", name="更多").click()
    expect(rows).to_have_count(160)
    page.goto(crowded.site.url + "/sources?text=499号")
    expect(page.get_by_role("table", name="数据源").locator("tbody tr")).to_have_count(1)
    page.goto(crowded.site.url + "/catalogue?text=户籍人口基本信息+0012")
    expect(page.get_by_role("link", name="户籍人口基本信息 0012").first).to_be_visible()


def _whole(answer: Response) -> bool:
    streams = "text/event-stream" in answer.headers.get("content-type", "")
    return "/api/" in answer.url and answer.ok and not streams
