"""Runs appear and change by themselves; one run tells its steps and its log."""

import re

from playwright.sync_api import expect

from haina.app.progress import request_loads
from tests.browser.conftest import Open
from tests.browser.harbour import Site
from tests.support.running import run_all


def test_new_runs_appear_without_reloading(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/runs")
    table = page.get_by_role("table", name="运行")
    expect(table.get_by_role("link", name="采集 户籍人口").first).to_be_visible()
    expect(page.get_by_text("实时", exact=True)).to_be_visible()
    request_loads(filled.platform, cause="浏览器测试")
    expect(table.get_by_text("浏览器测试").first).to_be_visible()
    row = table.locator("tbody tr", has_text="浏览器测试").first
    expect(row).to_contain_text("等待")
    run_all(filled.platform, load=False)
    expect(row).to_contain_text("完成")


def test_filters_live_in_the_address(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/runs?state=failed")
    expect(page.get_by_text("没有符合条件的运行")).to_be_visible()
    page.get_by_role("button", name="清除条件").click()
    expect(page).to_have_url(f"{filled.url}/runs")
    page.get_by_label("种类").click()
    page.locator(".ant-select-item-option", has_text=re.compile("^标准化$")).click()
    expect(page).to_have_url(re.compile(r"kind=libraries\.conform"))
    table = page.get_by_role("table", name="运行")
    expect(table.get_by_role("link", name="标准化 户籍人口").first).to_be_visible()
    expect(table.get_by_role("link", name=re.compile("^采集"))).to_have_count(0)


def test_one_run_shows_steps_and_log(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    page = at.go("/runs?kind=collect.load")
    page.get_by_role("link", name="采集 户籍人口").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("采集 户籍人口")
    steps = page.get_by_role("list", name="步骤")
    expect(steps.get_by_role("listitem").first).to_contain_text("61 → 60 行")
    expect(page.get_by_role("log")).to_contain_text("入湖 60 行")
    expect(page.get_by_role("link", name="ods.resident", exact=True)).to_be_visible()


def test_a_run_can_be_cancelled_and_tried_again(open_page: Open, filled: Site) -> None:
    request_loads(filled.platform, cause="将被取消")
    page = open_page(filled).go("/runs")
    row = page.locator("tbody tr", has_text="将被取消").first
    row.get_by_role("link").click()
    page.get_by_role("button", name="取消运行").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="取消运行").click()
    expect(page.locator(".facts").get_by_text("已取消", exact=True)).to_be_visible()
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".facts").get_by_text("等待", exact=True)).to_be_visible()
    run_all(filled.platform, load=False)
    expect(page.get_by_role("log")).to_contain_text("入湖")


def test_the_timeline_zooms_into_a_block_and_leads_to_a_run(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/runs?span=604800")
    chart = page.get_by_role("region", name="时间线")
    block = chart.get_by_role("button", name=re.compile(r"\d+ 次运行")).first
    block.focus()
    expect(chart.get_by_role("status")).to_contain_text("点击放大这一段")
    block.click()
    expect(page).to_have_url(re.compile(r"until="))
    expect(page.get_by_text("只看这段时间")).to_be_visible()
    chart.get_by_role("button", name="回到现在").click()
    expect(page).to_have_url(f"{filled.url}/runs")
    page.goto(f"{filled.url}/runs?text=没有这样的作业")
    expect(chart.get_by_text("这段时间没有运行")).to_be_visible()
    expect(page.get_by_text("没有符合条件的运行")).to_be_visible()


def test_a_run_leads_to_what_caused_it_and_what_it_set_off(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/runs?kind=libraries.conform")
    page.get_by_role("table").get_by_role("link", name="标准化 户籍人口").last.click()
    around = page.get_by_role("group", name="前因后果")
    expect(around).to_contain_text("首次生成")
    expect(around.get_by_role("link", name=re.compile("由「采集 户籍人口」写出"))).to_be_visible()
    around.get_by_role("link", name=re.compile("^加工 ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^加工 "))


def test_no_runs_yet(open_page: Open, bare: Site) -> None:
    page = open_page(bare).go("/runs")
    expect(page.get_by_text("还没有运行")).to_be_visible()
    expect(page.get_by_text("这段时间没有运行")).to_have_count(0)  # not said twice
