"""From a failing figure to its rows and to the run that brought them; what the data are like."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.harbour import Site


def test_from_an_agency_to_a_rule_to_its_rows_to_the_run(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/quality")
    page.get_by_text("按规则", exact=True).click()
    expect(page).to_have_url(re.compile("by=rule"))
    rules = page.get_by_role("table", name="按规则")
    expect(rules).to_contain_text("校验码")
    page.get_by_role("textbox", name="按规则或数据集查找").fill("校验码")
    expect(rules.locator("tbody tr")).to_have_count(1)
    rules.locator("tbody tr").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/quality/ods\.resident\?rule=id_number\.check_digit"))
    rows = page.get_by_role("table", name="不符合的行")
    expect(rows.locator("tbody tr")).to_have_count(1)
    expect(rows).to_contain_text("张*")
    assert not re.search(r"\d{17}[\dX]", page.locator("main").inner_text())
    expect(page.get_by_role("link", name="隔离与修正")).to_be_visible()
    page.locator(".brought").get_by_role("link", name="看运行").click()
    expect(page).to_have_url(re.compile("/runs/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("户籍")


def test_a_leader_sees_the_figures_without_the_rows(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "leader").go("/quality/ods.resident?rule=id_number.check_digit")
    expect(page.get_by_text("你没有预览数据的权限", exact=False)).to_be_visible()
    expect(page.get_by_role("table", name="规则")).to_contain_text("校验码")


def test_a_dataset_without_checks_says_so(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(404)
    page = at.go("/quality/ods.nothing")
    expect(page.get_by_role("alert")).to_contain_text("not_found")


def test_facets_count_what_the_others_leave(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue")
    zones = page.get_by_role("group", name="分层")
    expect(zones.get_by_role("button")).to_have_count(3)
    page.get_by_role("group", name="更新").get_by_role("button", name="一天内").click()
    quality = page.get_by_role("group", name="质量").get_by_role("button").first
    expect(quality.locator("small")).to_have_text(re.compile(r"\d"))
    count = int(quality.locator("small").inner_text())
    quality.click()
    expect(page).to_have_url(re.compile("fresh=day.*quality="))
    shown = page.get_by_role("table", name="数据目录").locator("tbody tr")
    expect(shown).to_have_count(count)
    page.get_by_role("button", name="清除条件").click()
    expect(shown).to_have_count(3)


def test_the_profile_has_charts_and_no_masked_value(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue/std.resident?tab=profile")
    profile = page.get_by_role("table", name="剖面")
    expect(profile.locator("tr", has_text="id_number")).to_contain_text("已脱敏,不列值")
    expect(profile.locator("tr", has_text="性别")).to_contain_text("男")
    expect(profile.locator("tr", has_text="出生日期").get_by_role("img")).to_be_visible()
    text = profile.inner_text()
    assert not re.search(r"\d{17}[\dX]", text)
    assert "张" not in text


def test_an_item_says_what_its_element_means(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/catalogue/std.resident")
    row = page.get_by_role("table", name="信息项").locator("tr", has_text="证件号")
    row.get_by_role("button").click()
    expect(page.get_by_role("note", name="标准含义")).to_contain_text("含校验码")
