"""Every page in its four states: with what there is, with nothing there, with nothing but errors
from the platform, and with very much (test_crowded). No page is left out, no console complains."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.addresses import (
    ADDRESSES,
    OF_OTHERS,
    SIGNED_OUT,
    Places,
    address,
    in_order,
    new_draft,
    places_of,
    routes,
    settle,
)
from tests.browser.conftest import DESK, Watched
from tests.browser.harbour import Site
from tests.browser.test_crowded import OPENED

# Route → what it says of what is there, and what it says where there is nothing.
WORDS = {
    "sign-in": ("登录", "登录"),
    "change-password": ("现在的口令", "现在的口令"),
    "cockpit": ("小港", "还没有各地的数字"),
    "": ("户籍人口", "平台还是空的"),
    "runs": ("采集 户籍人口", "还没有运行"),
    "runs/:id": ("采集 户籍人口", "没有作业 none"),
    "models": ("base.person", "还没有加工模型"),
    "models/:dataset": ("GROUP BY id_number", "没有加工模型 base.person"),
    "query": ("可查询 4 个数据集", "可查询 0 个数据集"),
    "catalogue": ("户籍人口", "目录还是空的"),
    "catalogue/:dataset": ("公民身份号码", "没有数据集 std.resident"),
    "services": ("人口查询", "还没有数据服务"),
    "services/keys": ("新建密钥", "还没有应用密钥"),
    "services/new": ("按名称或代号查找", "按名称或代号查找"),
    "services/:name": ("人口查询", "没有数据服务 person"),
    "sources": ("户籍系统", "还没有数据源"),
    "sources/connect": ("部门推送", "部门推送"),
    "sources/connect/:draft/:step": ("按内容认出", "这次接入已经过期"),
    "sources/:name": ("户籍人口", "没有数据源 huji"),
    "sources/:name/deliveries": ("还没有交过", "没有数据源 huji"),
    "sources/:name/quarantine/:table": ("字段个数与表头不符", "没有归集表 resident"),
    "sources/:name/drift/:table": ("没有结构变化", "没有归集表 resident"),
    "sources/:name/loads/:table": ("相符", "没有数据源 huji"),
    "arrivals": ("户籍人口", "还没有应到的表"),
    "quality": ("小港县户籍局", "还没有检核结果"),
    "quality/:dataset": ("身份证号校验码不对", "没有数据集"),
    "people": ("部门数据专员", "缺部门"),
    "system": ("没有工作进程", "没有工作进程"),
    "parts": ("界面部件", "界面部件"),
    "*": ("没有这个页面", "没有这个页面"),
}
# They ask nothing before somebody acts, or show an error among their samples.
_ASK_NOTHING = {"sign-in", "change-password", "sources/connect", "parts", "*"}
# What is not there is an answer of 404, which the console names.
_NOT_THERE = 404
_BROKEN = {"code": "busy", "message": "平台正忙", "hint": "请稍后再试"}
IN_ORDER = in_order(ADDRESSES)


def test_no_route_is_left_out_in_any_state() -> None:
    assert set(WORDS) == routes()
    assert set(OPENED) == routes()


@contextmanager
def _watched(browser: Browser, site: Site) -> Iterator[Watched]:
    context = browser.new_context(
        viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page(), site.url)
    watched.sign_in("operator")
    yield watched
    context.close()


@pytest.fixture(scope="module")
def full(browser: Browser, filled: Site) -> Iterator[Watched]:
    with _watched(browser, filled) as watched:
        yield watched


@pytest.fixture(scope="module")
def empty(browser: Browser, bare: Site) -> Iterator[Watched]:
    with _watched(browser, bare) as watched:
        yield watched


@pytest.fixture(scope="module")
def places(full: Watched, filled: Site) -> Places:
    content = (Path(filled.platform.settings.home) / "files" / "huji.csv").read_bytes()
    draft = new_draft(full.page.request.post, filled.url, content)
    return replace(places_of(filled.platform), draft=draft)


@pytest.mark.parametrize("route", IN_ORDER)
def test_a_page_shows_what_is_there(full: Watched, places: Places, route: str) -> None:
    page = _open(full, route, places)
    expect(_said(page, WORDS[route][0])).to_be_visible()
    full.check()


@pytest.mark.parametrize("route", IN_ORDER)
def test_a_page_of_nothing_says_so(empty: Watched, bare: Site, route: str) -> None:
    empty.expect_refusal(_NOT_THERE)
    page = _open(empty, route, places_of(bare.platform))
    expect(_said(page, WORDS[route][1])).to_be_visible()
    empty.check()


@pytest.mark.parametrize("route", [one for one in IN_ORDER if one not in _ASK_NOTHING])
def test_a_page_of_errors_says_what_and_asks_again(
    browser: Browser, bare: Site, route: str
) -> None:
    with _watched(browser, bare) as at:
        at.expect_refusal(503)
        _as_who_may(at, route)
        at.page.route("**/api/**", _refuse)
        page = at.go(address(route, places_of(bare.platform)))
        alert = page.get_by_role("alert").filter(has_text="平台正忙").first
        expect(alert).to_contain_text("请稍后再试")
        expect(alert.get_by_role("button", name="重试")).to_be_visible()
        at.check()


def _open(at: Watched, route: str, places: Places) -> Page:
    at.complaints.clear()
    if route in SIGNED_OUT:
        at.expect_refusal(401)
        at.page.context.clear_cookies()
    _as_who_may(at, route)
    page = at.go(address(route, places))
    settle(page)
    return page


def _as_who_may(at: Watched, route: str) -> None:
    if route in OF_OTHERS:
        at.sign_in(OF_OTHERS[route])


def _said(page: Page, words: str) -> Locator:
    return page.get_by_text(words).locator("visible=true").first


def _refuse(route: Route) -> None:
    """The session stands; nothing else is answered."""
    if route.request.url.endswith("/api/session"):
        return route.fallback()
    body = json.dumps({"error": _BROKEN})
    return route.fulfill(status=503, content_type="application/json", body=body)
