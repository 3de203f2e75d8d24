"""Nobody sees anything before signing in; a first password opens only the page that changes it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.harbour import PASSWORD, Site


def _sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("口令", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_stranger_is_led_to_sign_in_and_back(open_page: Open, filled: Site) -> None:
    at = open_page(filled, None)
    at.expect_refusal(401)
    page = at.go("/catalogue?zone=base")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    _sign_in(page, "operator", PASSWORD)
    expect(page).to_have_url(f"{filled.url}/catalogue?zone=base")
    page.get_by_role("button", name="平台管理员").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_a_wrong_password_says_what_and_what_next(open_page: Open, filled: Site) -> None:
    at = open_page(filled, None)
    at.expect_refusal(401)
    page = at.go("/sign-in")
    _sign_in(page, "leader", "Wrong-horse-7")
    expect(page.get_by_role("alert")).to_contain_text("用户名或口令不对")
    expect(page.get_by_role("alert")).to_contain_text("五次")
    expect(page).to_have_url(f"{filled.url}/sign-in")


def test_a_first_password_must_be_changed(open_page: Open, filled: Site) -> None:
    at = open_page(filled, None)
    at.expect_refusal(403)
    page = at.go("/sign-in")
    _sign_in(page, "officer", filled.first_password)
    expect(page.get_by_role("heading", level=1)).to_have_text("先设置自己的口令")
    page.goto(f"{filled.url}/catalogue")
    expect(page).to_have_url(re.compile("/change-password"))
    page.get_by_label("现在的口令").fill(filled.first_password)
    page.get_by_label("新口令").fill("short")
    save = page.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    page.get_by_label("新口令").fill("Brand-new-2026")
    page.get_by_label("再输一遍").fill("Brand-new-2027")
    expect(page.get_by_text("两次输入不一样")).to_be_visible()
    page.get_by_label("再输一遍").fill("Brand-new-2026")
    save.click()
    expect(page.get_by_text("口令已修改")).to_be_visible()
    _sign_in(page, "officer", "Brand-new-2026")
    expect(page.get_by_role("navigation")).to_be_visible()


def test_the_menu_shows_only_what_is_allowed(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "leader").go("/")
    menu = page.get_by_role("navigation")
    expect(menu.get_by_role("link", name="数据目录")).to_be_visible()
    for hidden in ("运行", "数据源", "系统"):
        expect(menu.get_by_role("link", name=hidden, exact=True)).to_have_count(0)
    page = open_page(filled, "security_admin").go("/")
    expect(page.get_by_text("等你安排的人").first).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link", name="人员")).to_be_visible()
