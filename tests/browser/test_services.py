"""A service is tried where it is described; a key is shown once."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.harbour import Site
from tests.support.packs import id_number


def test_trying_a_service_shows_its_real_answer(open_page: Open, filled: Site) -> None:
    page = open_page(filled).go("/services")
    page.get_by_role("link", name="人口查询").click()
    expect(page.get_by_label("调用示例").last).to_contain_text(f"{filled.url}/data/person")
    page.get_by_label("身份证号").fill(id_number(5))
    page.get_by_role("button", name="调用", exact=True).click()
    answer = page.locator(".reply")
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text("张*")


def test_a_key_is_shown_once_and_can_be_disabled(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    page = at.go("/services/keys")
    expect(page.get_by_text("还没有应用密钥")).to_be_visible()
    page.get_by_role("button", name="新建密钥").click()
    page.get_by_label("用途").fill("资助系统")
    page.get_by_label("可以调用的服务").click()
    page.locator(".ant-select-item-option", has_text="人口查询").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="生成").click()
    key = page.locator(".made-key code").inner_text()
    assert key.startswith("hk_")
    answer = page.request.get(
        f"{filled.url}/data/person?id_number={id_number(5)}",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status in (200, 401)  # the lean path learns of a new key within a second
    page.get_by_role("button", name="知道了").click()
    row = page.locator("tbody tr", has_text="资助系统")
    row.get_by_role("button", name="停用").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="停用", exact=True).click()
    expect(row).to_contain_text("已停用")
    assert key not in page.content()
