"""docs/how-to/steward.md on screen: a steward hands in, mends, dismisses, confirms; an operator
sees what may be seen. With a real server and a real worker."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from haina import packs
from haina.kernel import clock
from haina.resources.collect import alarms
from haina.security.access import Role, add_user, change_password
from tests.app.test_steward import workbook
from tests.browser.conftest import Open
from tests.browser.harbour import PASSWORD, Site, make, served
from tests.support.processes import environment, kill_group, start

SOURCES = {
    "jiuzhu": """\
name: jiuzhu
title: 救助人员表
agency: minzheng
kind: workbook
connection: {path: jiuzhu}
placement: file
tables:
  - name: jiuzhu
    from: 救助人员
    title: 救助人员
    key: [身份证号]
    write: upsert
    cycle: monthly
    columns:
      身份证号: {item: id_number, title: 身份证号}
      人员_姓名: {item: name, title: 姓名}
      人员_人数: {item: people, title: 人数}
      金额: {item: amount, title: 金额}
""",
    "dibao": """\
name: dibao
title: 低保名单
agency: minzheng
kind: csv
connection: {path: dibao}
placement: file
tables:
  - name: dibao
    from: dibao
    title: 低保对象
    key: [ID]
    write: upsert
    cycle: irregular
    columns:
      ID: {item: id, title: 编号}
      XM: {item: name, title: 姓名}
""",
    "canlian": """\
name: canlian
title: 残疾人名册
agency: minzheng
kind: csv
connection: {path: canlian}
placement: file
tables:
  - name: canji
    from: canlian
    title: 残疾人
    key: [ID]
    drift: freeze
    cycle: irregular
    columns:
      ID: {item: id, title: 编号}
      XM: {item: name, title: 姓名}
""",
    "fubao": """\
name: fubao
title: 福利保障系统
agency: minzheng
kind: sqlite
connection: {path: fubao.sqlite}
tables:
  - name: jintie
    from: jintie
    title: 津贴
    key: [ID]
    cycle: irregular
    columns:
      ID: {item: id, title: 编号}
      JE: {item: amount, title: 金额}
""",
    "tuisong": """\
name: tuisong
title: 医保推送
agency: yibao
kind: push
connection: {}
placement: push
tables:
  - name: jiesuan
    from: jiesuan
    title: 结算
    key: [ID]
    write: append
    cycle: irregular
    columns:
      ID: {item: id, title: 编号}
""",
}
AGENCIES = """\
- {code: county, title: 小港县, kind: government}
- {code: minzheng, title: 小港县民政局, short: 民政局, parent: county}
- {code: yibao, title: 小港县医保局, short: 医保局, parent: county}
"""
GRID = "待修正的行"
SLOW = 40_000


@pytest.fixture(scope="module")
def manned(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """An installation whose worker works, with a steward of 民政局."""
    home = tmp_path_factory.mktemp("manned")
    platform = make(home, sqlite_template, filled=False)
    _database(home / "files")
    packs.apply(platform, _pack(tmp_path_factory.mktemp("pack")), "test")
    first = add_user(platform, "test", "zhang", "张三", (Role.STEWARD,), "minzheng")
    change_password(platform, "zhang", first, PASSWORD)
    worker = start("haina.app.worker", environment(home), home / "worker.log")
    try:
        with served(home, platform) as site:
            yield site
    finally:
        kill_group(worker)
        platform.close()


def _pack(folder: Path) -> Path:
    (folder / "sources").mkdir()
    (folder / "pack.yaml").write_text("name: shaogang\ntitle: 小港\n", encoding="utf-8")
    (folder / "organizations.yaml").write_text(AGENCIES, encoding="utf-8")
    for name, text in SOURCES.items():
        (folder / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _database(folder: Path) -> None:
    """A system of the agency in which an amount is no number."""
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "fubao.sqlite")) as base, base:
        base.execute("CREATE TABLE jintie (ID INTEGER PRIMARY KEY, JE INTEGER)")
        base.execute("INSERT INTO jintie VALUES (1, 50), (2, '百元')")


def _open_source(page: Page, title: str) -> None:
    page.get_by_role("link", name="数据源", exact=True).click()
    page.get_by_role("table", name="数据源").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _hand_in(page: Page, file: Path, number: str, rows: str = "") -> Locator:
    """The receipt of a batch that was handed in on the page of deliveries."""
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("批次号").fill(number)
    page.get_by_label("对账单:行数").fill(rows)
    page.get_by_role("button", name="交这一批").click()
    receipt = page.get_by_role("region", name="回执")
    expect(receipt).to_contain_text(number)
    return receipt


def _paste(cell: Locator, text: str) -> None:
    cell.evaluate(
        """(cell, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', text);
          cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }""",
        text,
    )


def _balance(page: Page, *figures: int) -> None:
    """数据源 = 入湖 + 修正后入湖 + 不再要 + 待处理."""
    expect(page.locator(".balance dd")).to_have_text([f"{one}行" for one in figures])


def test_from_a_workbook_full_of_habits_to_a_balanced_account(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    workbook(tmp_path / "救助人员.xlsx")
    page = open_page(manned, "zhang").go("/")
    expect(page.get_by_text("没有等着处理的")).to_be_visible()
    _open_source(page, "救助人员表")
    page.get_by_role("link", name="交一批").click()
    receipt = _hand_in(page, tmp_path / "救助人员.xlsx", "2026-01", "6")
    expect(receipt).to_contain_text("4 行隔离", timeout=SLOW)
    receipt.get_by_role("link", name="去修正").click()

    grid = page.get_by_role("table", name=GRID)
    expect(grid.locator("tbody tr")).to_have_count(4)
    _balance(page, 6, 2, 0, 0, 4)
    _mend_by_keyboard(page, grid)
    expect(page.get_by_text("重送的 2 行已全部入湖")).to_be_visible(timeout=SLOW)
    expect(grid.locator("tbody tr")).to_have_count(2)
    _balance(page, 6, 2, 2, 0, 2)

    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="不再要选中的 2 行").click()
    confirm = page.locator(".ant-popconfirm")
    expect(confirm).to_contain_text("第 9 行")
    confirm.get_by_role("button", name="不再要", exact=True).click()
    expect(page.get_by_text("没有待处理的行")).to_be_visible()
    expect(page.get_by_text("账平", exact=True)).to_be_visible()
    _balance(page, 6, 2, 2, 2, 0)
    page.get_by_label("状态").click()
    page.locator(".ant-select-item-option", has_text="修正后入湖 2").click()
    mended = page.get_by_role("table", name="修正后入湖")
    expect(mended).to_contain_text("120114198502020028")
    expect(mended).to_contain_text("zhang")


def _mend_by_keyboard(page: Page, grid: Locator) -> None:
    """The wrong cell has the focus; Enter moves down, Escape restores, only changes are sent."""
    send = page.get_by_role("button", name=re.compile("^重送"))
    expect(send).to_be_disabled()
    expect(grid.locator(":focus")).to_have_count(1)
    expect(grid.locator("th", has_text="身份证号")).to_contain_text("主键")
    amount = grid.locator("tr", has_text="#N/A").get_by_label(re.compile("金额$"))
    expect(amount).to_have_attribute("aria-invalid", "true")
    amount.fill("1")
    page.keyboard.press("Escape")
    expect(amount).not_to_have_value("1")
    expect(send).to_be_disabled()
    amount.fill("680")
    here = amount.get_attribute("data-row")
    page.keyboard.press("Enter")
    expect(grid.locator(":focus")).to_have_attribute("data-column", "金额")
    assert grid.locator(":focus").get_attribute("data-row") != here
    lost = grid.locator("tr", has_text="末位不可信").get_by_label(re.compile("身份证号$"))
    lost.fill("120114198502020028")
    expect(send).to_have_text("重送改过的 2 行")
    send.click()


def test_a_row_of_too_many_fields_is_guessed_and_typed_anew(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    """And a key that was left empty is refused at its cell, before anything is sent."""
    at = open_page(manned, "zhang")
    at.expect_refusal(422)
    (tmp_path / "dibao.csv").write_text("ID,XM\n1,甲\n2,乙,多\n", encoding="utf-8")
    page = at.go("/sources/dibao/deliveries")
    receipt = _hand_in(page, tmp_path / "dibao.csv", "D1")
    expect(receipt).to_contain_text("1 行隔离", timeout=SLOW)
    receipt.get_by_role("link", name="去修正").click()
    grid = page.get_by_role("table", name=GRID)
    expect(grid).to_contain_text("2,乙,多")
    expect(grid).to_contain_text("有 3 个字段,表头是 2 个")
    expect(grid.get_by_label(re.compile("XM$"))).to_have_value("乙,多")
    grid.get_by_label(re.compile("ID$")).fill("")
    grid.get_by_label(re.compile("XM$")).fill("乙")
    page.get_by_role("button", name="重送改过的 1 行").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有主键 ID")
    expect(grid.get_by_label(re.compile("ID$"))).to_be_focused()
    _paste(grid.get_by_label(re.compile("ID$")), "2\t乙二")
    expect(grid.get_by_label(re.compile("XM$"))).to_have_value("乙二")
    page.get_by_role("link", name="工作台").click()
    expect(page.get_by_role("dialog")).to_contain_text("还有没重送的修改")
    page.get_by_role("button", name="留下").click()
    page.get_by_role("button", name="重送改过的 1 行").click()
    expect(page.get_by_text("重送的 1 行已全部入湖")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("没有待处理的行")).to_be_visible()
    _balance(page, 2, 1, 1, 0, 0)


def test_a_row_that_is_still_wrong_comes_back(open_page: Open, manned: Site) -> None:
    operator = open_page(manned).go("/sources/fubao")
    operator.get_by_role("button", name="立即采集", exact=True).click()
    page = open_page(manned, "zhang").go("/sources/fubao/quarantine/jintie")
    grid = page.get_by_role("table", name=GRID)
    expect(grid).to_contain_text("不是整数", timeout=SLOW)
    amount = grid.get_by_label(re.compile("JE$"))
    amount.fill("一百")
    page.get_by_role("button", name="重送改过的 1 行").click()
    expect(page.get_by_text("重送的 1 行仍不对")).to_be_visible(timeout=SLOW)
    expect(amount).to_have_value("一百")
    expect(amount).to_have_attribute("aria-invalid", "true")
    amount.fill("100")
    page.get_by_role("button", name="重送改过的 1 行").click()
    expect(page.get_by_text("重送的 1 行已全部入湖")).to_be_visible(timeout=SLOW)
    _balance(page, 2, 1, 1, 0, 0)


def test_a_wrong_file_is_refused_with_its_reason(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    (tmp_path / "wrong.csv").write_text("A,B\n1,2\n", encoding="utf-8")
    (tmp_path / "again.csv").write_text("ID,XM\n9,壬\n", encoding="utf-8")
    at = open_page(manned, "zhang")
    at.expect_refusal(409)
    page = at.go("/sources/dibao/deliveries")
    receipt = _hand_in(page, tmp_path / "wrong.csv", "W1")
    expect(receipt.get_by_role("alert")).to_contain_text("ID", timeout=SLOW)
    expect(receipt.get_by_role("alert")).to_contain_text("换一个批次号")
    batches = page.get_by_role("table", name="各批报送")
    expect(batches.locator("tr", has_text="W1")).to_contain_text("未收")
    page.get_by_label("文件", exact=True).set_input_files(tmp_path / "again.csv")
    page.get_by_label("批次号").fill("W1")
    page.get_by_role("button", name="交这一批").click()
    expect(page.get_by_role("alert").first).to_contain_text("批次号")
    expect(page.get_by_role("alert").first).to_contain_text("换一个")
    page = at.go("/")
    expect(page.get_by_role("list", name="等你部门处理的")).to_contain_text("批次 W1")


def test_a_drift_is_confirmed(open_page: Open, manned: Site, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("ID,XM\n4,丁\n", encoding="utf-8")
    (tmp_path / "new.csv").write_text("ID,XM,DH\n3,丙,1\n5,戊,2\n", encoding="utf-8")
    page = open_page(manned, "zhang").go("/sources/canlian/deliveries")
    expect(_hand_in(page, tmp_path / "old.csv", "N0")).to_contain_text("已入湖1 行", timeout=SLOW)
    receipt = _hand_in(page, tmp_path / "new.csv", "N1")
    expect(receipt.get_by_role("alert")).to_contain_text("列变了", timeout=SLOW)
    expect(receipt.get_by_role("link", name=re.compile("结构变化"))).to_be_visible()
    page.get_by_role("link", name="工作台").click()
    page.get_by_role("link", name="残疾人:1 处结构变化待确认").click()
    table = page.get_by_role("table", name="结构变化")
    expect(table).to_contain_text("DH")
    expect(table).to_contain_text("待确认")
    page.get_by_role("button", name="确认新结构").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="确认新结构").click()
    expect(page.get_by_text("已确认 1 处变化")).to_be_visible()
    expect(table).to_contain_text("zhang")
    page.goto(f"{manned.url}/sources/canlian/deliveries")
    receipt = _hand_in(page, tmp_path / "new.csv", "N2", "2")
    expect(receipt).to_contain_text("已入湖2 行", timeout=SLOW)
    page.goto(f"{manned.url}/sources/canlian/loads/canji")
    newest = page.get_by_role("table", name="历次到数").locator("tbody tr").first
    expect(newest).to_contain_text("报送")
    expect(newest).to_contain_text("称 2 行")


def test_an_operator_sees_a_veil_and_mends_nothing(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("ID,XM\n120114199001010017,欧阳三,多\n", encoding="utf-8")
    steward = open_page(manned, "zhang").go("/sources/dibao/deliveries")
    receipt = _hand_in(steward, tmp_path / "bad.csv", "V1")
    expect(receipt).to_contain_text("1 行隔离", timeout=SLOW)
    at = open_page(manned)
    page = at.go("/sources?look=1")
    listed = page.get_by_role("table", name="数据源")
    expect(listed.locator("tr", has_text="低保名单")).to_contain_text("隔离 1 行")
    page = at.go("/sources/dibao/quarantine/dibao")
    expect(page.get_by_text("只有小港县民政局的数据专员看得到")).to_be_visible()
    shown = page.get_by_role("table", name="待处理")
    expect(shown).to_contain_text("120*************17")
    expect(shown).not_to_contain_text("欧阳三")
    for name in ("重送", "不再要", "存成文件", "传回文件"):
        expect(page.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)
    expect(page.locator("input[data-column]")).to_have_count(0)


def test_the_file_of_bad_rows_goes_out_and_comes_back(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    page = open_page(manned, "zhang").go("/sources/dibao/quarantine/dibao")
    with page.expect_download() as got:
        page.get_by_role("button", name="存成文件").click()
    out = tmp_path / "out.csv"
    got.value.save_as(out)
    head, row = out.read_text(encoding="utf-8-sig").splitlines()
    assert head == "隔离编号,隔离原因,ID,XM"
    back = tmp_path / "back.csv"
    back.write_text(f"{head}\n{row.split(',')[0]},,77,欧阳三\n", encoding="gb18030")
    page.get_by_label("传回文件").set_input_files(back)
    expect(page.get_by_text("重送的 1 行已全部入湖")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("没有待处理的行")).to_be_visible()


def test_a_push_key_comes_with_a_line_that_runs(open_page: Open, manned: Site) -> None:
    page = open_page(manned).go("/sources/tuisong/deliveries")
    expect(page.get_by_text("还没有推送密钥")).to_be_visible()
    page.get_by_role("button", name="新建密钥").click()
    page.get_by_label("给哪个程序用").fill("夜间任务")
    page.get_by_role("button", name="生成").click()
    key = page.locator(".once code").inner_text()
    curl = page.get_by_label("可以直接运行的例子").inner_text()
    assert key in curl
    assert f"{manned.url}/push/jiesuan" in curl
    headers = dict(re.findall(r"-H '([^:]+): (.*)'", curl)) | {"Haina-Statement": '{"rows": 1}'}
    pushed = page.request.post(f"{manned.url}/push/jiesuan", headers=headers, data="ID\n1\n")
    assert pushed.status == 202, pushed.text()
    page.get_by_role("button", name="知道了").click()
    batches = page.get_by_role("table", name="各批报送")
    expect(batches.locator("tr", has_text="2026-02")).to_contain_text("已入湖", timeout=SLOW)
    row = page.locator("tbody tr", has_text="夜间任务")
    row.get_by_role("button", name="停用").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="停用", exact=True).click()
    expect(row).to_contain_text("已停用")
    refused = page.request.post(f"{manned.url}/push/jiesuan", headers=headers, data="ID\n2\n")
    assert refused.status == 401
    assert key not in page.content()


def test_a_steward_sees_another_agency_from_outside(open_page: Open, manned: Site) -> None:
    page = open_page(manned, "zhang").go("/sources/tuisong")
    expect(page.get_by_role("heading", level=1)).to_have_text("医保推送")
    page.get_by_role("link", name="报送").click()
    expect(page.get_by_text("只有小港县医保局的数据专员和平台管理员能在这里交文件")).to_be_visible()
    expect(page.get_by_role("button", name="交这一批")).to_have_count(0)
    expect(page.get_by_text("推送密钥")).to_have_count(0)


def test_an_alarm_is_taken_note_of(open_page: Open, filled: Site) -> None:
    later = clock.now().replace(hour=12) + timedelta(days=400)
    with filled.platform.database.write() as connection:
        assert alarms.compare(connection, later)[0] == 1
    try:
        page = open_page(filled).go("/arrivals")
        line = page.get_by_role("list", name="到数告警").locator("li")
        expect(line).to_contain_text("户籍人口")
        line.get_by_role("button", name="已知悉").click()
        expect(line).to_contain_text("operator 已知悉")
    finally:
        with filled.platform.database.write() as connection:
            alarms.compare(connection, clock.now())


@pytest.mark.parametrize("path", ["", "/deliveries", "/quarantine/dibao", "/drift/dibao"])
def test_a_phone_needs_no_sideways_scrolling(open_page: Open, manned: Site, path: str) -> None:
    at = open_page(manned, "zhang", size={"width": 390, "height": 800})
    page = at.go(f"/sources/dibao{path}")
    expect(page.locator("main h1")).to_contain_text("低保")
    expect(page.locator(".outline")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
