"""docs/how-to/steward.md, walked as it is written, on the command line."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "steward.md"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def block(mark: str, place: int = 0) -> str:
    text = PAGE.read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)```", text, re.DOTALL)
    return found[place]


def workbook(path: Path) -> None:
    """What an agency hands in: title, unit, a header in two rows, an id as a number, a total."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    sheet.append(["武清区困难群众救助人员名单", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append(["填报单位:民政局", None, None, "2026年1月"])
    sheet.append(["身份证号", "人员", None, "金额"])
    sheet.append([None, "姓名", "人数", None])
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:D4")
    for row in (
        ["120114199001010017", "张三", 3, 820.5],
        [120114198502020028, "李四", 2, 760],
        ["120114197503030031", "王五", 1, "#N/A"],
        ["120114196604040041", "赵六·买买提", 4, 900],
        ["合计", None, 10, 2480.5],
        ["填表人:钱七", None, None, None],
    ):
        sheet.append(row)
    book.save(path)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    workbook(tmp_path / "救助人员.xlsx")
    (tmp_path / ".haina" / "files").mkdir(parents=True)
    return tmp_path


def sh(folder: Path, script: str, *, code: int = 0) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAINA_")}
    done = subprocess.run(
        ["sh", "-ec", script.replace(".venv/bin/haina", f"{sys.executable} -m haina")],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "COLUMNS": "250"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_from_a_workbook_full_of_habits_to_a_balanced_account(checkout: Path) -> None:
    found = sh(checkout, block("walk", 0))
    assert "人员_姓名" in found
    assert "武清区" not in found
    assert "隔离" in sh(checkout, block("walk", 1))
    listed = sh(checkout, block("walk", 2))
    assert "填表人" in listed
    sh(checkout, block("file"))
    away = mend(checkout / "待修正.csv")
    sh(checkout, block("mend"), code=3)  # done, and rows are left to decide about
    for number in away:
        sh(checkout, block("dismiss").replace("$ID", number))
    balance = sh(checkout, block("balance")).splitlines()[-1]
    assert balance == "对账:数据源 6 行 = 入湖 2 + 修正后入湖 2 + 不再要 2 + 待处理 0"
    table = sh(
        checkout, ".venv/bin/haina query --format csv 'SELECT * FROM ods.jiuzhu_jzry ORDER BY 1'"
    )
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert [row[:4] for row in rows] == [
        ["120114196604040041", "赵六·买买提", "4", "900"],
        ["120114197503030031", "王五", "1", "680"],
        ["120114198502020028", "李四", "2", "760"],
        ["120114199001010017", "张三", "3", "820.5"],
    ]


def mend(path: Path) -> list[str]:
    """As a person would in a spreadsheet; the numbers of the rows that are no data."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = []
    for row in rows:
        if row["人员_姓名"] == "李四":
            kept.append({**row, "身份证号": "120114198502020028"})
        if row["人员_姓名"] == "王五":
            kept.append({**row, "金额": "680"})
    assert len(kept) == 2, rows
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    mended = {row["隔离编号"] for row in kept}
    return [row["隔离编号"] for row in rows if row["隔离编号"] not in mended]
