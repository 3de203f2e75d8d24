"""One box finds everything, by characters or first letters; what was looked at last is in it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.harbour import Site
from tests.support.processes import wait_until


def test_found_by_first_letters_and_opened_by_enter(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="搜索全平台")
    expect(box).to_be_focused()
    page.keyboard.type("hjrk")
    found = page.get_by_role("option")
    expect(found.first).to_contain_text("户籍人口")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("户籍人口")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_items_services_sources_runs_and_pages_are_in_it(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/system")
    expect(page.get_by_role("heading", level=1)).to_have_text("系统")
    page.keyboard.press("/")
    listed = page.get_by_role("listbox")
    for asked, group, title in (
        ("身份证号", "信息项", "身份证号"),
        ("rkcx", "数据服务", "人口查询"),
        ("户籍", "数据源", "户籍"),
        ("加工", "运行", "加工"),
        ("jsc", "页面", "驾驶舱"),
    ):
        page.get_by_role("combobox").fill(asked)
        expect(listed).to_contain_text(group)
        expect(listed.get_by_role("option").filter(has_text=title).first).to_be_visible()
    page.get_by_role("combobox").fill("没有这样的东西")
    expect(page.get_by_role("dialog")).to_contain_text("没有找到“没有这样的东西”")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_was_looked_at_last_comes_first(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue/base.person")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("base.person")
    kept = "localStorage.getItem('haina.recent.operator') !== null"
    wait_until(lambda: bool(page.evaluate(kept)), 10, "the look to be kept")
    page.goto(f"{filled.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    recent = page.get_by_role("list", name="最近看过")
    expect(recent.get_by_role("link")).to_have_count(1)
    page.keyboard.press("/")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("/catalogue/base.person$"))


def test_an_administrator_who_may_not_read_the_catalogue_has_no_search(
    open_page: Open, filled: Site
) -> None:
    page = open_page(filled, "security_admin").go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_have_count(0)
