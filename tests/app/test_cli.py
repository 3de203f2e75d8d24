"""The command line, as a person types it, on the tiny pack."""

import csv
import io
import json
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import command
from tests.support.packs import id_number, people, write_csv, write_pack, write_sources

pytestmark = pytest.mark.slow

FORMULA = "=cmd|'/c calc'!A1"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the tiny pack applied and collected; one person has a bad name."""
    home = tmp_path_factory.mktemp("cli") / "home"
    files = write_sources(home / "files", 10)
    rows = people(10)
    rows[0][2] = FORMULA
    write_csv(files / "hj.csv", ("XH", "SFZH", "XM", "XB", "CSRQ"), rows)
    write_pack(home.parent / "pack")
    good(home, "apply", str(home.parent / "pack"))
    good(home, "run")
    return home


def good(home: Path, *arguments: str, code: int = 0) -> str:
    done = command(home, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def as_json(home: Path, *arguments: str, code: int = 0) -> Any:
    return json.loads(good(home, *arguments, "--json", code=code))


def refused(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    done = command(home, *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "错误" in done.stderr
    return done


def test_version(tmp_path: Path) -> None:
    assert set(as_json(tmp_path, "version")) == {"haina", "python", "sqlite"}


def test_plan_and_apply(tmp_path: Path) -> None:
    home, pack = tmp_path / "home", str(write_pack(tmp_path / "pack"))
    assert "将改动 13 处" in good(home, "plan", pack)
    assert len(as_json(home, "apply", pack)["changes"]) == 13
    assert "没有变化" in good(home, "plan", pack)
    assert as_json(home, "apply", pack) == {"pack": "tiny", "changes": [], "conflicts": []}
    assert as_json(home, "export", pack) == {"files": []}


def test_a_mistake_is_told_in_words_and_in_json(tmp_path: Path) -> None:
    home, pack = tmp_path / "home", write_pack(tmp_path / "pack")
    (pack / "pack.yaml").write_text("title: 缺名\n")
    said = refused(home, "apply", str(pack)).stderr
    assert "pack.yaml" in said
    assert "办法" in said
    done = command(home, "apply", str(pack), "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["code"] == "bad_pack"


def test_run_again_and_one(ran: Path) -> None:
    found = as_json(ran, "run", "person")
    assert (found["failed"], found["rows_collected"]) == ([], 10)
    assert "没有数据源或表" in refused(ran, "run", "nothing").stderr


def test_status(ran: Path) -> None:
    found = as_json(ran, "status")
    assert found["datasets"] == {"base": 1, "ods": 2, "std": 2, "topic": 1}
    assert (found["agencies"], found["sources"], found["tables"]) == (2, 2, 2)
    assert found["active_runs"] == []


QUERY = "SELECT no, id_number, name FROM std.person ORDER BY CAST(no AS INT)"


def test_query_as_table_csv_and_json(ran: Path) -> None:
    assert id_number(3) in good(ran, "query", QUERY)
    rows = list(csv.reader(io.StringIO(good(ran, "query", QUERY, "--format", "csv"))))
    assert rows[0] == ["no", "id_number", "name"]
    assert len(rows) == 11
    found = json.loads(good(ran, "query", QUERY, "--format", "json"))
    assert found[2] == {"no": "3", "id_number": id_number(3), "name": "张3"}
    assert found == as_json(ran, "query", QUERY)


def test_formulas_are_made_harmless(ran: Path) -> None:
    said = good(ran, "query", "SELECT XM FROM ods.person WHERE XH = '1'", "--format", "csv")
    (_, (cell,)) = csv.reader(io.StringIO(said))
    assert cell == "'" + FORMULA


def test_rows_are_limited_aloud(ran: Path) -> None:
    done = command(ran, "query", QUERY, "--rows", "3", "--format", "csv")
    assert len(done.stdout.splitlines()) == 4
    assert "只显示前 3 行" in done.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE std.person",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT 1; SELECT 2",
        "SELECT nothing FROM std.person",
        "SELECT * FROM std.nothing",
        "SELEC 1",
        "",
    ],
)
def test_bad_sql_is_refused_in_chinese(ran: Path, sql: str) -> None:
    said = refused(ran, "query", sql).stderr
    assert "办法" in said
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_users(ran: Path) -> None:
    made = as_json(ran, "users", "add", "wang", "--title", "王", "--role", "officer")
    assert made["name"] == "wang"
    assert as_json(ran, "users", "reset", "wang")["password"] != made["password"]
    good(ran, "users", "disable", "wang")
    (row,) = [one for one in as_json(ran, "users", "list") if one["name"] == "wang"]
    assert (row["disabled"], row["roles"]) == (True, ["officer"]) or row["roles"] == "officer"
    good(ran, "users", "enable", "wang")
    good(ran, "users", "change", "wang", "--role", "steward", "--agency", "gongan")
    (row,) = [one for one in as_json(ran, "users", "list") if one["name"] == "wang"]
    assert (row["disabled"], row["roles"], row["title"]) == (False, "steward", "王")
    assert row["agency"] == "gongan"
    nowhere = refused(ran, "users", "change", "wang", "--agency", "")
    assert "须属于一个部门" in nowhere.stderr
    assert "没有角色" in refused(ran, "users", "add", "x1", "--title", "x", "--role", "king").stderr
    lost = refused(
        ran, "users", "add", "x3", "--title", "x", "--role", "steward", "--agency", "gongann"
    )
    assert "没有登记部门 gongann" in lost.stderr
    assert "相近的有:gongan" in lost.stderr
    two = ("--role", "operator", "--role", "audit_admin")
    assert "兼任" in refused(ran, "users", "add", "x2", "--title", "x", *two).stderr


def test_keys(ran: Path) -> None:
    made = as_json(ran, "keys", "add", "某系统", "--service", "person")
    assert made["key"] not in good(ran, "keys", "list")
    good(ran, "keys", "disable", made["id"])
    (row,) = as_json(ran, "keys", "list")
    assert row["disabled"] is True
    refused(ran, "keys", "add", "某系统", "--service", "nothing")


def test_sources(ran: Path) -> None:
    assert {row["name"]: row["tables"] for row in as_json(ran, "sources", "list")} == {
        "db": 1,
        "hj": 1,
    }
    good(ran, "sources", "test", "--kind", "csv", "--set", "path=hj.csv")
    found = as_json(ran, "sources", "discover", "--kind", "sqlite", "--set", "path=db.sqlite")
    assert [(row["table"], row["column"]) for row in found] == [
        ("aid", "XH"), ("aid", "SFZH"), ("aid", "JE"),
    ]  # fmt: skip
    for path in ("nothing.csv", "../secret.key", "/etc/passwd"):
        refused(ran, "sources", "test", "--kind", "csv", "--set", f"path={path}")
    refused(ran, "sources", "test", "--kind", "csv", "--set", "path")
    refused(ran, "sources", "test", "--kind", "dbf", "--set", "path=hj.csv")


def test_a_draft_can_be_applied_and_run(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", str(tmp_path / "draft")
    write_sources(home / "files", 6)
    good(home, "draft", folder, "--kind", "sqlite", "--set", "path=db.sqlite")
    good(home, "apply", folder)
    assert as_json(home, "run")["failed"] == []
    assert as_json(home, "status")["datasets"] == {"ods": 1, "std": 1}
    refused(home, "draft", folder, "--kind", "sqlite", "--set", "path=db.sqlite")


def test_doctor(ran: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ran, home)

    def look() -> dict[str, str]:
        done = command(home, "doctor", "--json", web=web)
        states = {row["title"]: row["state"] for row in json.loads(done.stdout)}
        assert done.returncode == (3 if "bad" in states.values() else 0), done.stdout
        return states

    web = tmp_path / "web"
    web.mkdir()
    (web / "index.html").write_text("<html>")
    assert "bad" not in look().values()
    key = home / "secret.key"
    key.chmod(0o644)
    assert look()["平台密钥"] == "bad"
    key.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(home / "lake" / "base")
    assert look()["数据湖"] == "bad"


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    done = command(tmp_path / "home", "status", port="x")
    assert done.returncode == 1
    assert "HAINA_PORT" in done.stderr


def test_up_tells_the_same_on_both_databases(tmp_path: Path, postgres_url: str) -> None:
    told = []
    for name, settings in (("sqlite", {}), ("postgresql", {"database": postgres_url})):
        home = tmp_path / name
        pack = write_pack(tmp_path / f"{name}-pack")
        write_sources(home / "files", 12)
        summary = tmp_path / f"{name}.json"
        up = ("up", "--pack", str(pack), "--exit", "--run", "--summary", str(summary))
        done = command(home, *up, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        found = json.loads(summary.read_text())
        assert found.pop("peak_rss_mb") > 0
        assert set(found.pop("seconds")) >= {"total", "collect", "conform", "build"}
        told.append(found)
        again = command(home, *up, **settings)
        assert again.returncode == 0
        assert json.loads(summary.read_text())["rows_collected"] == 0
    assert told[0] == told[1]
    assert told[0]["rows_collected"] == 18
    assert told[0]["failed_runs"] == []


def test_two_may_not_be_up_at_once(tmp_path: Path) -> None:
    import fcntl

    home = tmp_path / "home"
    good(home, "status")
    with (home / "up.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "已有一个" in refused(home, "up", "--exit").stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plam"], "没有命令 plam(是不是 plan?)"),
        (["draft", "x", "--kind", "csv"], "缺少 --set"),
        (["plan"], "缺少 folder"),
        (["plan", "a", "b"], "多出了 b"),
        (["status", "--jsn"], "没有选项 --jsn"),
        (["query", "select 1", "--rows", "zz"], "--rows 的值不对"),
    ],
)
def test_a_command_that_is_written_wrong_says_so_in_chinese(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = command(tmp_path / "home", *arguments)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert "--help" in done.stderr


def test_run_of_a_source_tells_what_was_set_aside(tmp_path: Path) -> None:
    files = tmp_path / "home" / "files"
    files.mkdir(parents=True)
    (files / "my.csv").write_text("K,V\n1,a\n2\n", encoding="utf-8")
    draft = command(tmp_path / "home", "draft", str(tmp_path / "mine"), "--kind", "csv",
                    "--set", "path=my.csv")  # fmt: skip
    assert "接下来" in draft.stdout, draft.stderr
    assert command(tmp_path / "home", "apply", str(tmp_path / "mine")).returncode == 0
    done = command(tmp_path / "home", "run", "mine")
    assert done.returncode == 0, done.stderr
    assert "mine_my 1" in done.stdout
    assert "haina quarantine list mine_my" in done.stdout
