"""The rest: sources, arrivals, quality, system; an empty installation; a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect

from haina.resources.collect import find_table, request_load
from tests.browser.conftest import Open
from tests.browser.harbour import Site
from tests.support.running import run_all

PHONE: ViewportSize = {"width": 390, "height": 800}


def test_a_table_is_collected_at_a_click(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/sources")
    page.get_by_role("link", name="户籍系统").click()
    expect(page.get_by_role("table", name="表")).to_contain_text("相符")
    page.get_by_role("button", name="立即采集", exact=True).click()
    expect(page.get_by_role("link", name="已提交")).to_be_visible()
    run_all(filled.platform, load=False)


def test_arrivals_quality_and_system(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    page = at.go("/arrivals")
    expect(page.get_by_role("table", name="到数")).to_contain_text("户籍人口")
    page = at.go("/quality")
    page.get_by_role("link", name="小港县户籍局").click()
    expect(page.get_by_role("table", name="按数据集")).to_contain_text("ods.resident")
    page = at.go("/system")
    expect(page.get_by_text("正常", exact=True)).to_be_visible()
    expect(page.get_by_text("没有工作进程")).to_be_visible()
    expect(page.get_by_role("table", name="设置")).to_contain_text("HAINA_RETENTION_DAYS")
    expect(page.get_by_role("table", name="部件版本")).to_contain_text("SQLite")
    page.get_by_role("button", name="体检一次").click()
    expect(page.get_by_role("table", name="体检")).to_contain_text("存证链")


def test_arrivals_say_whom_to_call_and_why_a_batch_was_not_taken(
    open_page: Open, own_filled: Site
) -> None:
    csv = Path(own_filled.platform.settings.home) / "files" / "huji.csv"
    good = csv.read_text(encoding="utf-8")
    csv.write_text(good.replace("SFZH", "ZJHM", 1), encoding="utf-8")
    _collect(own_filled)
    page = open_page(own_filled, "leader").go("/arrivals?agency=huji")
    expect(page.locator(".filters")).to_contain_text("联系人:王科长 022-55501234")
    failures = page.get_by_role("list", name="没收成的批次")
    expect(failures).to_contain_text("SFZH")
    expect(failures).to_contain_text("户籍局 王科长")
    csv.write_text(good, encoding="utf-8")
    _collect(own_filled)
    page.reload()
    expect(page.get_by_role("table", name="到数")).to_be_visible()
    expect(failures).to_have_count(0)


def _collect(site: Site) -> None:
    with site.platform.database.write() as connection:
        request_load(connection, find_table(connection, "resident"), "测试")
    run_all(site.platform, load=False)


def test_the_parts_of_pages_are_shown(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/parts")
    expect(page.get_by_role("heading", level=1)).to_have_text("界面部件")
    expect(page.get_by_role("heading", level=2)).to_have_count(10)


EMPTY = {
    "/": "平台还是空的",
    "/runs": "还没有运行",
    "/catalogue": "目录还是空的",
    "/services": "还没有数据服务",
    "/sources": "还没有数据源",
    "/arrivals": "还没有应到的表",
    "/quality": "还没有检核结果",
    "/cockpit": "还没有各地的数字",
}


def test_an_empty_installation_says_what_to_do(open_page: Open, bare: Site) -> None:
    at = open_page(bare)
    for path, words in EMPTY.items():
        page = at.go(path)
        expect(page.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "asked", "then"),
    [
        ("/query", "**/api/datasets/askable*", "可查询 4 个数据集"),
        ("/services/new", "**/api/catalogue/entries*", "按名称或代号查找"),
    ],
)
def test_a_list_that_does_not_come_says_so_and_is_asked_for_again(
    open_page: Open, filled: Site, path: str, asked: str, then: str
) -> None:
    at = open_page(filled)
    at.expect_refusal(429)
    body = {"error": {"code": "busy", "message": "正忙", "hint": "请稍后再试"}}
    at.page.route(asked, lambda one: one.fulfill(status=429, json=body))
    page = at.go(path)
    expect(page.get_by_role("alert")).to_contain_text("正忙")
    expect(page.get_by_text(then)).to_have_count(0)
    page.unroute(asked)
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text(then)).to_be_visible()


def test_a_table_that_is_not_there_is_not_said_to_be_empty(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/sources/huji/loads/nowhere")
    expect(page.get_by_role("alert")).to_contain_text("没有归集表 nowhere")


def test_many_filters_are_behind_a_button_on_a_phone(open_page: Open, filled: Site) -> None:
    page = open_page(filled, size=PHONE).go("/catalogue")
    zone = page.get_by_role("button", name="专题库")
    expect(page.get_by_role("table", name="数据目录").locator("tbody tr")).to_have_count(3)
    expect(zone).to_be_hidden()
    page.get_by_role("button", name="筛选").click()
    zone.click()
    expect(page.get_by_role("table", name="数据目录").locator("tbody tr")).to_have_count(1)
    # As soon as it is laid out: a page that is still being filled may be wider for a moment.
    page.wait_for_function(f"document.documentElement.scrollWidth <= {PHONE['width']}")


@pytest.mark.parametrize("path", ["/", "/runs", "/catalogue", "/catalogue/std.resident"])
def test_a_phone_needs_no_sideways_scrolling(open_page: Open, filled: Site, path: str) -> None:
    page = open_page(filled, size=PHONE).go(path)
    expect(page.locator("main table, main .figures").first).to_be_visible()
    # As soon as it is laid out: a page that is still being filled may be wider for a moment.
    page.wait_for_function(f"document.documentElement.scrollWidth <= {PHONE['width']}")
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    expect(page.get_by_role("button", name="平台管理员")).to_contain_text("账号 operator")
    page.get_by_role("link", name="到数").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("到数")
    expect(page.get_by_role("navigation")).to_be_hidden()
