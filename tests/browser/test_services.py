"""A service is tried where it is described; a key is shown once."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Watched
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
    key = page.locator(".once code").inner_text()
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


def new_key(at: Watched, service: str, title: str) -> str:
    made = at.page.request.post(
        f"{at.url}/api/services/keys", data={"title": title, "services": [service]}
    )
    key: str = made.json()["key"]
    return key


def run(language: str, text: str) -> str:
    """What a sample prints when it is run as it was copied."""
    program = {
        "curl": ["bash", "-c", text],
        "Python": [sys.executable, "-c", text],
        "JavaScript": ["node", "-e", text],
    }[language]
    environment = {**os.environ, "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        program, capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_samples_run_as_they_are_copied(open_page: Open, filled: Site, language: str) -> None:
    if shutil.which({"JavaScript": "node"}.get(language, "curl")) is None:
        pytest.skip(f"no program for {language} on this machine")
    at = open_page(filled)
    page = at.go("/services/person")
    page.locator(".sample-choice").first.get_by_text(language, exact=True).click()
    text = page.get_by_label("调用示例").last.inner_text()
    key = new_key(at, "person", language)
    time.sleep(1.2)  # the lean path learns of a new key within a second
    text = text.replace("hk_…", key).replace("…", id_number(5))
    answer = json.loads(run(language, text))
    assert answer["rows"][0]["name"] == "张*"


def test_usage_is_that_of_the_calls(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    for number in (id_number(5), ""):
        at.page.request.post(
            f"{at.url}/api/services/person/try", data={"parameters": {"id_number": number}}
        )
    page = at.go("/services/person")
    told = at.api("services/person/usage?window=week")
    assert told["failed"] >= 1
    page.get_by_text("近 7 天", exact=True).click()
    expect(page).to_have_url(f"{filled.url}/services/person?window=week")
    expect(page.locator(".usage-chart")).to_have_count(2)
    last = page.locator(".usage-chart").first.locator("g[data-calls]").last
    expect(last).to_have_attribute("data-calls", str(told["slices"][-1]["calls"]))
    expect(page.get_by_role("table", name="按状态码")).to_contain_text("422")
    expect(page.get_by_role("table", name="谁在调用")).to_contain_text("operator")


def choose(page: Page, label: str, *options: str) -> None:
    page.get_by_label(label, exact=True).click()
    for option in options:
        page.locator(
            ".ant-select-dropdown:visible .ant-select-item-option", has_text=option
        ).first.click()
    page.keyboard.press("Escape")


def test_a_service_is_published_and_called(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    page = at.go("/services")
    page.get_by_role("link", name="发布服务").click()
    page.get_by_label("数据集", exact=True).fill("base.person")
    page.locator(".ant-select-item-option", has_text="base.person").click()
    page.get_by_text("清单", exact=True).click()
    page.get_by_label("服务名称").fill("按性别列人")
    page.get_by_label("服务代号").fill("by_sex")
    choose(page, "返回哪些信息项", "sex", "id_number")
    choose(page, "可按什么筛选", "sex")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page).to_have_url(f"{filled.url}/services/by_sex")
    expect(page.get_by_role("heading", level=1)).to_have_text("按性别列人")
    key = new_key(at, "by_sex", "列人")
    time.sleep(1.2)
    answer = page.request.get(
        f"{filled.url}/data/by_sex?sex=2&limit=3", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status == 200, answer.text()
    assert [one["sex"] for one in answer.json()["rows"]] == ["2"] * 3


def test_a_code_that_is_taken_is_refused_in_place(open_page: Open, filled: Site) -> None:
    at = open_page(filled)
    at.expect_refusal(409)
    page = at.go("/services/new?dataset=base.person")
    page.get_by_label("服务名称").fill("又一个")
    page.get_by_label("服务代号").fill("person")
    choose(page, "按什么查", "id_number")
    choose(page, "返回哪些信息项", "sex")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".error")).to_contain_text("已经用过")
    expect(page.get_by_label("服务名称")).to_have_value("又一个")
