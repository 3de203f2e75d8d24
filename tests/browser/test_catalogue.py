"""Data are found by words; what is kept of a dataset is a tab away."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.harbour import Site


def _tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute(
        "aria-selected", "true"
    )


def test_search_then_open_by_keyboard(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue")
    page.get_by_role("textbox", name="按名称").fill("户籍")
    expect(page).to_have_url(re.compile("text="))
    table = page.get_by_role("table", name="数据目录")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(table).to_contain_text("60")
    table.locator("tbody tr").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("户籍人口")


def test_facets_narrow_the_list(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue")
    table = page.get_by_role("table", name="数据目录")
    expect(table.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="专题库").click()
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(table).to_contain_text("topic.town")
    page.reload()
    expect(table.locator("tbody tr")).to_have_count(1)


def test_every_tab_of_a_collected_table(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue/std.resident")
    items = page.get_by_role("table", name="信息项")
    expect(items).to_contain_text("证件号")
    expect(items).not_to_contain_text("_issues")
    expect(page.locator(".facts").first).to_contain_text("王科长 022-55501234")
    _tab(page, "预览")
    preview = page.get_by_role("table", name="预览")
    expect(preview).to_contain_text("********")
    expect(preview).to_contain_text("张*")
    _tab(page, "血缘")
    expect(page.locator(".flow-node", has_text="ods.resident")).to_be_visible()
    page.locator(".flow-node", has_text="base.person").get_by_role("button").click()
    expect(page.locator(".flow-node", has_text="topic.town")).to_be_visible()
    page.goto(f"{filled.url}/catalogue/std.resident?tab=lineage&item=id_number")
    expect(page.locator(".flow-node", has_text="SFZH").first).to_be_visible()
    _tab(page, "检核")
    checks = page.get_by_role("table", name="检核")
    expect(checks.locator("tbody tr", has_text="校验码")).to_contain_text("1")
    checks.locator("tbody tr", has_text="校验码").get_by_role("button").click()
    expect(page.get_by_role("dialog").locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    _tab(page, "版本")
    expect(page.get_by_role("table", name="版本")).to_contain_text("v1")
    _tab(page, "到数与对账")
    expect(page.get_by_role("table", name="到数与对账")).to_contain_text("相符")
    _tab(page, "隔离")
    expect(page.get_by_role("table", name="隔离")).to_contain_text("62")
    _tab(page, "使用")
    expect(page.get_by_role("table", name="使用")).to_contain_text("base.person")


def test_a_model_shows_its_sql_and_its_users(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue/base.person?tab=sql")
    expect(page.get_by_label("加工 SQL").locator("visible=true").last).to_contain_text("GROUP BY")
    _tab(page, "使用")
    uses = page.get_by_role("table", name="使用")
    expect(uses.get_by_role("link", name="人口查询")).to_be_visible()
    expect(uses.get_by_role("link", name="小港驾驶舱")).to_be_visible()


def test_what_does_not_exist_says_so(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(404)
    page = at.go("/catalogue/std.nothing")
    expect(page.get_by_role("alert")).to_contain_text("not_found")
    expect(page.get_by_role("button", name="重试")).to_have_count(0)
    page = at.go("/nowhere")
    expect(page.get_by_text("没有这个页面")).to_be_visible()
