"""The security administrator brings a person in, from the first look to the first work."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Watched
from tests.browser.harbour import PASSWORD, Site

NEW_PASSWORD = "Brand-new-2026"


def _line(page: Page, words: str) -> Locator:
    return page.get_by_role("table", name="人员").locator("tbody tr", has_text=words)


def _choose(page: Page, label: str, typed: str, option: str) -> None:
    page.get_by_label(label, exact=True).last.click()
    page.keyboard.type(typed)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=option).click()


def _add(page: Page, title: str, name: str, role: str, agency: str = "") -> str:
    """The password that is shown once."""
    page.get_by_role("button", name="新增人员").click()
    box = page.get_by_role("dialog")
    box.get_by_label("姓名").fill(title)
    box.get_by_label("用户名").fill(name)
    box.get_by_label(role).check()
    if agency:
        _choose(page, "部门", agency, "户籍局")
    box.get_by_role("button", name="新增").click()
    password = page.locator(".once code").inner_text()
    page.get_by_role("button", name="知道了").click()
    return password


def _sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("口令", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_steward_is_added_and_works_for_the_agency(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "security_admin").go("/")
    page.get_by_role("link", name="人员").click()
    password = _add(page, "钱七", "qian.qi", "部门数据专员", "hjj")
    expect(_line(page, "qian.qi")).to_contain_text("户籍局")
    expect(_line(page, "qian.qi")).to_contain_text("还没改初始口令")
    assert password not in page.content()
    theirs = open_page(filled, None)
    theirs.expect_refusal(401)
    other = theirs.go("/sign-in")
    _sign_in(other, "qian.qi", password)
    other.get_by_label("现在的口令").fill(password)
    other.get_by_label("新口令").fill(NEW_PASSWORD)
    other.get_by_label("再输一遍").fill(NEW_PASSWORD)
    other.get_by_role("button", name="保存").click()
    _sign_in(other, "qian.qi", NEW_PASSWORD)
    other.get_by_role("link", name="数据源").first.click()
    expect(other.get_by_text("户籍系统").first).to_be_visible()
    _then_disabled(page, theirs)


def _then_disabled(page: Page, theirs: Watched) -> None:
    """Whatever the other does next, he is out."""
    page.reload()
    _line(page, "qian.qi").get_by_role("button", name="停用").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="停用", exact=True).click()
    expect(_line(page, "qian.qi")).to_contain_text("已停用")
    theirs.go("/runs")
    expect(theirs.page).to_have_url(re.compile("/sign-in"))
    _line(page, "qian.qi").get_by_role("button", name="启用").click()
    expect(_line(page, "qian.qi")).not_to_contain_text("已停用")


def test_the_first_steward_is_given_an_agency(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "security_admin").go("/")
    page.get_by_role("link", name="部门数据专员 还没有部门").click()
    line = _line(page, "steward")
    expect(line).to_contain_text("缺部门")
    line.get_by_role("button", name="改:部门数据专员").click()
    _choose(page, "部门", "户籍", "户籍局")
    page.get_by_role("button", name="保存").click()
    expect(line).to_contain_text("户籍局")


def test_what_does_not_go_together_is_said_in_place(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "security_admin")
    at.expect_refusal(409)
    page = at.go("/people")
    page.get_by_role("button", name="新增人员").click()
    box = page.get_by_role("dialog")
    box.get_by_role("button", name="新增").click()
    expect(box.get_by_text("请填写姓名")).to_be_visible()
    box.get_by_label("姓名").fill("孙八")
    box.get_by_label("用户名").fill("Sun Ba")
    expect(box.get_by_text("用户名不合规")).to_be_visible()
    box.get_by_label("用户名").fill("leader")
    box.get_by_label("部门数据专员").check()
    box.get_by_role("button", name="新增").click()
    expect(box.get_by_text("部门数据专员须选一个部门")).to_be_visible()
    _choose(page, "部门", "户籍", "户籍局")
    box.get_by_role("button", name="新增").click()
    expect(box.get_by_role("alert")).to_contain_text("用户名 leader 已被使用")


def test_a_password_is_reset_and_shown_even_if_the_line_goes(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "security_admin").go("/people?state=active&text=leader")
    _line(page, "leader").get_by_role("button", name="重置口令:领导").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="重置口令", exact=True).click()
    shown = page.locator(".once code")
    expect(shown).to_be_visible()
    expect(page.get_by_text("没有符合的人员")).to_be_visible()
    answer = page.request.post(
        f"{filled.url}/api/session", data={"name": "leader", "password": shown.inner_text()}
    )
    assert answer.json()["must_change"] is True
    asked = {"old": shown.inner_text(), "new": PASSWORD}
    assert page.request.post(f"{filled.url}/api/session/password", data=asked).ok


def test_the_last_security_administrator_cannot_be_lessened(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "security_admin")
    at.expect_refusal(409)
    page = at.go("/people?text=security_admin")
    line = _line(page, "security_admin")
    expect(line.get_by_role("button")).to_have_count(1)
    line.get_by_role("button", name="改:安全管理员").click()
    box = page.get_by_role("dialog")
    box.get_by_label("安全管理员").uncheck()
    box.get_by_label("业务人员").check()
    box.get_by_role("button", name="保存").click()
    expect(box.get_by_role("alert")).to_contain_text("请先另设一个安全管理员")


def test_nobody_else_sees_the_page(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "operator")
    at.expect_refusal(403)
    page = at.go("/people")
    expect(page.get_by_role("alert")).to_contain_text("安全管理员")
    expect(page.get_by_role("link", name="人员")).to_have_count(0)
