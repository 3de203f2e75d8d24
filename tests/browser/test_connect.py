"""docs/how-to/connect.md on screen: an operator connects a file and a database, and finds what came.
With a real server, a real worker and a real PostgreSQL."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.app.test_steward import workbook
from tests.browser.conftest import Open
from tests.browser.harbour import Site, make, served
from tests.browser.test_services import choose
from tests.support.packs import id_number
from tests.support.postgresql import PgServer
from tests.support.processes import environment, kill_group, start

SECRET = "Br0wser-typed-secret"
SLOW = 60_000
AGENCY = """\
- {code: county, title: 小港县, kind: government}
- {code: guanli, title: 小港县人民政府民政管理办公室, parent: county}
- {code: minzheng, title: 小港县民政局, short: 民政局, parent: county}
"""
ELEMENTS = """\
- {name: id_number, title: 公民身份号码, format: id_number, grade: 3, mask: id_number}
"""


@pytest.fixture(scope="module")
def manned(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    """An installation whose worker works, with an agency and nothing of its data."""
    from haina import packs

    home, pack = tmp_path_factory.mktemp("connecting"), tmp_path_factory.mktemp("pack")
    (home / "haina.conf").write_text("HAINA_SOURCE_NETWORKS=127.0.0.0/8\n")
    platform = make(home, sqlite_template, filled=False)
    (pack / "pack.yaml").write_text("name: xiaogang\ntitle: 小港\n", encoding="utf-8")
    (pack / "organizations.yaml").write_text(AGENCY, encoding="utf-8")
    (pack / "standards").mkdir()
    (pack / "standards" / "elements.yaml").write_text(ELEMENTS, encoding="utf-8")
    packs.apply(platform, pack, "test")
    worker = start("haina.app.worker", environment(home), home / "worker.log")
    try:
        with served(home, platform) as site:
            yield site
    finally:
        kill_group(worker)
        platform.close()


@pytest.fixture
def database(postgresql_server: PgServer) -> Iterator[tuple[int, str]]:
    """Port and name of a database with one table, whose account is asked for its password."""
    name = postgresql_server.create()
    postgresql_server.run(f"create role asked login password '{SECRET}'")
    postgresql_server.run("create table qiye (id int primary key, mc text)", database=name)
    postgresql_server.run("comment on table qiye is '企业名册'", database=name)
    postgresql_server.run("insert into qiye select n, '企业' from generate_series(1, 7) n",
                          database=name)  # fmt: skip
    postgresql_server.run("grant select on qiye to asked", database=name)
    yield postgresql_server.port, name
    postgresql_server.drop(name)
    postgresql_server.run("drop role asked")


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).or_(page.locator(".ant-select-item-option")).filter(
        has_text=option
    ).last.click()


def _typed_for(page: Page, label: str, typed: str, found: list[str]) -> None:
    """What is offered for what is typed, the best first; which is taken."""
    page.get_by_label(label, exact=True).fill(typed)
    offered = page.locator(".ant-select-dropdown:visible .ant-select-item-option-content")
    expect(offered).to_have_text(found)
    offered.first.click()


def _unbind(page: Page, column: str) -> None:
    """An element is found by what people call it and by first letters; then taken away."""
    for typed in ("身份证", "gmsf"):
        _typed_for(page, f"数据元 {column}", typed, ["公民身份号码"])
    _typed_for(page, f"数据元 {column}", "不绑", ["不绑定"])


def test_a_file_from_upload_to_the_catalogue(open_page: Open, manned: Site, tmp_path: Path) -> None:
    bad = id_number(2)[:-1] + ("0" if id_number(2)[-1] != "0" else "1")
    ids = [bad if n == 2 else id_number(n) for n in range(1, 41)]
    rows = [f"{one},张{n},100,{id_number(n + 50)}" for n, one in enumerate(ids, 1)]
    text = "\n".join(["身份证号,姓名,补贴金额,户主", *rows, f"{id_number(41)},多一列,1,2,3"])
    file = tmp_path / "低保名册.csv"
    file.write_bytes(text.encode("gb18030"))
    page = open_page(manned).go("/sources")
    page.get_by_role("link", name="接入数据源").click()
    page.get_by_role("button", name=re.compile("^文件 ?在页面上")).click()
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="看看里面有什么").click()
    columns = page.get_by_role("table", name="源列")
    expect(columns).to_contain_text("补贴金额", timeout=SLOW)
    expect(columns).to_contain_text("公民身份号码")
    expect(columns).to_contain_text("按内容认出:身份证号(40 个值里 40 个)")
    expect(columns).to_contain_text("按列名认出:姓名")
    _unbind(page, "户主")
    _choose(page, "级别 户主", "2 级 内部")
    expect(page.get_by_role("alert")).to_have_text("像是身份证号,定为 2 级就不脱敏")
    _choose(page, "级别 户主", "3 级 敏感")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("1 列没有数据元,也没有人定级。")).to_be_visible()
    expect(page.get_by_label("代号", exact=True)).to_have_value("dbmc")
    page.get_by_label("代号", exact=True).fill("dibao_mingce")
    page.get_by_role("button", name="看前 30 行").click()
    expect(page.get_by_role("table", name="前 30 行")).to_contain_text("张1", timeout=SLOW)
    expect(page.get_by_role("list", name="不合数据元的")).to_contain_text(
        f"身份证号:30 行里有 1 行不合「公民身份号码」:校验码不对 1 行;例如 {bad}"
    )
    page.reload()
    expect(page.get_by_label("代号", exact=True)).to_have_value("dibao_mingce")
    page.get_by_role("button", name="下一步:方式与计划").click()
    page.get_by_role("button", name="接入并首次采集").click()
    expect(page.get_by_role("alert")).to_contain_text("请选数据归哪个部门")
    _typed_for(page, "归哪个部门", "民政", ["小港县民政局", "小港县人民政府民政管理办公室"])
    page.get_by_role("button", name="接入并首次采集").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已接入")
    expect(page.get_by_text("相符")).to_be_visible(timeout=SLOW)
    facts = page.locator(".facts")
    expect(facts).to_contain_text("入湖40")
    expect(facts).to_contain_text("隔离1")
    expect(page.get_by_text("检核了 40 行,1 行有质量问题。")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("link", name="看质量问题")).to_have_attribute(
        "href", "/quality/ods.dibao_mingce"
    )
    page.get_by_role("link", name="看目录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("低保名册")
    page.go_back()
    page.get_by_role("link", name="看隔离的行").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("低保名册")
    page.goto(f"{manned.url}/catalogue?text=低保")
    expect(page.get_by_role("main")).to_contain_text("低保名册")
    _put_to_use(page, manned.url)


def _put_to_use(page: Page, url: str) -> None:
    """Its lineage is read, it is asked, and a service answers from it."""
    page.goto(f"{url}/catalogue/std.dibao_mingce?tab=lineage")
    expect(page.locator(".flow-node", has_text="ods.dibao_mingce")).to_be_visible()
    page.goto(f"{url}/query#sql={quote('SELECT count(*) AS people FROM std.dibao_mingce')}")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.get_by_role("grid", name="表格")).to_contain_text("40", timeout=SLOW)
    page.goto(f"{url}/services/new?dataset=std.dibao_mingce")
    page.get_by_text("清单", exact=True).click()
    page.get_by_label("服务名称").fill("低保名册清单")
    page.get_by_label("服务代号").fill("dibao_list")
    choose(page, "返回哪些信息项", "补贴金额")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("低保名册清单")
    page.get_by_role("button", name="调用", exact=True).click()
    expect(page.locator(".reply")).to_contain_text("200", timeout=SLOW)


def test_the_total_of_a_workbook_is_told_and_left_out_at_a_click(
    open_page: Open, manned: Site, tmp_path: Path
) -> None:
    workbook(tmp_path / "救助人员.xlsx")
    page = open_page(manned).go("/sources/connect")
    page.get_by_role("button", name=re.compile("^文件 ?在页面上")).click()
    page.get_by_label("文件", exact=True).set_input_files(tmp_path / "救助人员.xlsx")
    page.get_by_role("button", name="看看里面有什么").click()
    told = page.locator(".footers")
    expect(told).to_contain_text(
        "最后 2 行不是数据,不会入湖:第 9 行「合计」、第 10 行「填表人」。", timeout=SLOW
    )
    expect(told).to_contain_text("等专员逐行说不要")
    told.get_by_label("这样的行以后都不收").check()
    expect(told).to_contain_text("记作“不再要”")
    page.get_by_role("button", name="下一步:方式与计划").click()
    _typed_for(page, "归哪个部门", "民政", ["小港县民政局", "小港县人民政府民政管理办公室"])
    page.get_by_role("button", name="接入并首次采集").click()
    facts = page.locator(".facts")
    expect(facts).to_contain_text("不收的表尾2", timeout=SLOW)
    expect(facts).to_contain_text("隔离2")  # an id that lost its digits, and an error


def test_a_database_with_a_wrong_password_first(
    open_page: Open, manned: Site, database: tuple[int, str]
) -> None:
    port, name = database
    watched = open_page(manned)
    watched.expect_refusal(422)
    page = watched.go("/sources/connect?way=database&kind=postgresql")
    page.get_by_role("button", name="测试连接").click()
    expect(page.get_by_text("必填")).to_have_count(3)
    page.get_by_label("主机名或地址").fill("127.0.0.1")
    page.get_by_label("端口").fill(str(port))
    page.get_by_label("库名").fill(name)
    page.get_by_label("用户名").fill("asked")
    page.get_by_label("口令").fill("Wr0ng-one")
    page.get_by_role("button", name="测试连接").click()
    expect(page.get_by_role("alert")).to_contain_text("拒绝登录", timeout=SLOW)
    page.get_by_label("口令").fill(SECRET)
    page.get_by_role("button", name="测试连接").click()
    expect(page.get_by_text("连上了,找到 1 张表")).to_be_visible(timeout=SLOW)
    assert SECRET not in page.url
    page.reload()
    expect(page.get_by_label("口令")).to_have_value("")
    assert SECRET not in page.content()
    page.get_by_role("button", name="下一步:选表").click()
    expect(page.get_by_label("表的标题")).to_have_value("企业名册")
    page.get_by_role("button", name="下一步:方式与计划").click()
    _typed_for(page, "归哪个部门", "mzj", ["小港县民政局"])
    expect(page.get_by_text("20 1 * * *")).to_be_visible()
    page.get_by_role("button", name="接入并首次采集").click()
    expect(page.locator(".facts")).to_contain_text("入湖7", timeout=SLOW)
    stored = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert SECRET not in stored
    page.get_by_role("link", name="看数据源").click()
    expect(page.get_by_role("table", name="表", exact=True)).to_contain_text("企业名册")


def test_what_is_not_there_says_so(open_page: Open, manned: Site) -> None:
    watched = open_page(manned)
    page = watched.go("/sources/connect?way=database&kind=oracle")
    expect(page.get_by_text("须先装驱动 oracledb")).to_be_visible()
    expect(page.get_by_text("pip download oracledb")).to_be_visible()
    watched.expect_refusal(404)
    page = watched.go("/sources/connect/nowhere/tables")
    expect(page.get_by_text("这次接入已经过期,或不是你的")).to_be_visible()
    page.get_by_role("link", name="从头再来").click()
    expect(page.get_by_role("heading", name="这个部门的数据怎样来?")).to_be_visible()
