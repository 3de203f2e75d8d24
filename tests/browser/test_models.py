"""Models tell what they are made of and can be built; a query is written, answered, drawn, shared,
called back, and refused with its place."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.harbour import Site
from tests.support.running import run_all


def write(page: Page, sql: str) -> None:
    page.get_by_role("textbox", name="SQL 编辑器").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(sql)


def test_models_by_zone_lead_to_one(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/models")
    base = page.get_by_role("table", name="基础库")
    expect(base.locator("tbody tr").first).to_contain_text("最新")
    page.get_by_label("按名称查找").fill("没有这个")
    expect(page.get_by_text("没有符合条件的模型")).to_be_visible()
    page.get_by_role("button", name="清除条件").click()
    base.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/models/base\.person"))
    sql = page.get_by_role("textbox", name="SQL")
    expect(sql).to_contain_text("SELECT")
    expect(sql.locator("span").first).to_be_visible()  # the colours came
    lineage = page.get_by_role("group", name="从哪里来,到哪里去")
    expect(lineage.locator('a[href="/catalogue/std.resident"]')).to_be_visible()
    expect(page.get_by_role("table", name="列")).to_contain_text("std.resident.")
    page.get_by_role("link", name="在临时查询中打开").click()
    expect(page.get_by_role("textbox", name="SQL 编辑器")).to_contain_text("SELECT")


def test_a_model_is_built_now_and_its_run_says_why(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/models/base.person")
    page.get_by_role("button", name="立即加工").click()
    page.get_by_role("link", name="看这次运行").click()
    expect(page.get_by_text("operator 要求运行")).to_be_visible()
    run_all(filled.platform, load=False)
    expect(page.get_by_role("list", name="步骤")).to_contain_text("60 → 59 行")
    expect(page.get_by_role("link", name=re.compile("写出 base.person v"))).to_be_visible()


def test_there_is_no_such_model(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(404)
    page = at.go("/models/base.nothing")
    expect(page.get_by_role("alert")).to_contain_text("没有加工模型 base.nothing")


def test_no_models_yet(open_page: Open, bare: Site) -> None:
    page = open_page(bare).go("/models")
    expect(page.get_by_text("还没有加工模型")).to_be_visible()


def test_a_query_is_answered_masked_drawn_and_shared(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/query")
    write(page, "SELECT * FROM std.resident LIMIT 5")
    page.keyboard.press("Control+Enter")
    grid = page.get_by_role("grid", name="表格")
    expect(grid).to_contain_text("********")
    expect(page.get_by_text(re.compile(r"^5 行 × \d+ 列"))).to_be_visible()
    grid.focus()
    page.keyboard.press("ArrowDown")
    expect(grid.locator(".grid-row-on")).to_contain_text("2")
    with page.expect_download() as waited:
        page.get_by_role("button", name="导出 CSV").click()
    assert waited.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    write(page, "SELECT town, count(*) AS people FROM std.resident GROUP BY town")
    page.get_by_role("button", name="运行", exact=True).click()
    page.get_by_role("tab", name="图表").click()
    expect(page.get_by_role("img", name="people 按 town 的图")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#sql=SELECT%20town"))
    page.reload()
    expect(page.get_by_role("textbox", name="SQL 编辑器")).to_contain_text("GROUP BY town")
    page.get_by_role("tab", name="我的历史").click()
    expect(page.get_by_role("table", name="我的历史").locator("tbody tr")).not_to_have_count(0)


def test_a_wrong_query_is_told_where(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(422)
    page = at.go("/query")
    write(page, "SELECT\n  nothing\nFROM std.resident")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有列 nothing(第 2 行第 3 列)")
    expect(page.locator(".cm-wrong")).to_have_text("nothing")


def test_a_long_query_can_be_stopped(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(409)
    page = at.go("/query")
    write(page, "SELECT sum(a.range * b.range) FROM range(400000) AS a, range(400000) AS b")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("alert")).to_contain_text("查询已取消")


def test_a_wide_answer_draws_only_what_is_in_sight(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/query")
    columns = ", ".join(f"a.range + {n} AS c{n}" for n in range(200))
    write(page, f"SELECT {columns} FROM range(5000) AS a")
    page.get_by_label("最多行数").click()
    page.locator(".ant-select-item-option", has_text="10,000").click()
    page.get_by_role("button", name="运行", exact=True).click()
    grid = page.get_by_role("grid", name="表格")
    expect(grid).to_have_attribute("aria-colcount", "200", timeout=20_000)
    assert grid.get_by_role("gridcell").count() < 900
    grid.focus()
    page.keyboard.press("End")
    expect(grid.get_by_role("columnheader", name="c199")).to_be_visible()


def test_who_may_not_query_is_told(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "leader").go("/query")
    expect(page.get_by_text("您的角色不能写查询")).to_be_visible()
