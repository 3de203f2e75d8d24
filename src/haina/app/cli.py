"""`haina`: the command line. Every command takes --json; errors are in Chinese with a way out.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done but something needs attention.
"""

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import haina
from haina.app import cli_collect, cli_keep, cli_people, screen
from haina.app.cli_common import Json, actor, opened
from haina.kernel.complaints import close_to
from haina.kernel.disk import disk_error
from haina.kernel.errors import BAD_INPUT, HainaError, kind

app = typer.Typer(
    name="haina",
    help="海纳:一体化政务大数据平台",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

BAD_USAGE = kind("bad_usage", 422, "命令写得不对", "用 haina --help 查看用法。")


@app.command()
def version(as_json: Json = False) -> None:
    """显示版本。"""
    import sqlite3

    screen.show(
        {
            "haina": haina.__version__,
            "python": sys.version.split()[0],
            "sqlite": sqlite3.sqlite_version,
        },
        as_json=as_json,
    )


@app.command()
def up(
    pack: Annotated[list[Path] | None, typer.Option(help="启动前应用的应用包(可多次)")] = None,
    run: Annotated[bool, typer.Option("--run", help="采集还没有数据的表,并等全部加工完成")] = False,
    await_: Annotated[
        list[str] | None,
        typer.Option("--await", help="与 --run 同用:部门推送的表,也等它有了数据(可多次)"),
    ] = None,
    exit_: Annotated[bool, typer.Option("--exit", help="完成后退出,不提供服务")] = False,
    summary: Annotated[Path | None, typer.Option(help="把汇总写成 JSON 文件")] = None,
) -> None:
    """启动平台:一个服务、一个工作进程。"""
    from haina.app.up import bring_up
    from haina.kernel.settings import load

    code = bring_up(
        load(), folders=pack or [], run=run, leave=exit_, summary=summary, pushed=await_ or []
    )
    raise typer.Exit(code)


@app.command()
def worker() -> None:
    """再加一个工作进程。"""
    from haina.app.worker import main as work

    work()


@app.command()
def plan(
    folder: Path,
    take: Annotated[Literal["folder", "screen"] | None, typer.Option(help="冲突时取哪一边")] = None,
    as_json: Json = False,
) -> None:
    """应用包会改变什么;不做任何改动。"""
    from haina import packs

    _, platform = opened()
    screen.show_plan(packs.plan(platform, folder, take), as_json=as_json)


@app.command()
def apply(
    folder: Path,
    take: Annotated[Literal["folder", "screen"] | None, typer.Option(help="冲突时取哪一边")] = None,
    as_json: Json = False,
) -> None:
    """应用一个应用包;做两遍与做一遍相同。"""
    from haina import packs

    _, platform = opened()
    screen.show_plan(packs.apply(platform, folder, actor(), take), as_json=as_json, done=True)


@app.command()
def export(folder: Path, as_json: Json = False) -> None:
    """把界面上的修改写回应用包的文件夹(改写的 YAML 不保留注释)。"""
    from haina import packs

    _, platform = opened()
    screen.show({"files": packs.export(platform, folder)}, as_json=as_json)


@app.command()
def run(
    name: Annotated[str | None, typer.Argument(help="数据源或表;不写则全部")] = None,
    as_json: Json = False,
) -> None:
    """现在就采集,并等到由此引起的加工全部完成。"""
    from haina.app.running import run_now

    settings, platform = opened()
    raise typer.Exit(run_now(settings, platform, name, as_json=as_json))


@app.command()
def status(as_json: Json = False) -> None:
    """数据集、到数、运行、质量的现状。"""
    from haina.app.running import show_status

    _, platform = opened()
    show_status(platform, as_json=as_json)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="一条 SELECT;- 表示从标准输入读")],
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format")] = "table",
    rows: Annotated[int, typer.Option(min=1, max=1_000_000, help="最多多少行")] = 1000,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="按那一刻的数据回答(如 2026-11-23T08:00:00)")
    ] = None,
    as_json: Json = False,
) -> None:
    """只读查询,在沙箱里计算。安装者在命令行不脱敏,并记入存证。"""
    from haina.app.running import answer_query

    _, platform = opened()
    text = sys.stdin.read() if sql == "-" else sql
    answer_query(platform, text, "json" if as_json else form, rows, actor(), as_of)


@app.command()
def doctor(as_json: Json = False) -> None:
    """检查这个安装有什么问题,以及怎样修好。"""
    from haina.app.doctor import examine

    settings, platform = opened()
    found = examine(settings, platform)
    signs = {"good": "✓", "bad": "✗", "note": "·"}
    screen.show_rows(
        ["", "检查", "结果", "办法"],
        [
            [one.state if as_json else signs[one.state], one.title, one.found, one.cure]
            for one in found
        ],
        as_json=as_json,
        keys=["state", "title", "found", "cure"],
    )
    raise typer.Exit(3 if any(one.state == "bad" for one in found) else 0)


@app.command()
def draft(
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹(应是新的)")],
    kind: Annotated[str, typer.Option(help="种类,如 csv、workbook、mysql")],
    set_: Annotated[list[str], typer.Option("--set", help="连接参数,如 path=a.csv(可多次)")],
    agency: Annotated[str, typer.Option(help="数据归哪个部门(代号)")] = "agency",
    as_json: Json = False,
) -> None:
    """看一看数据源里有什么,写出一个可以直接应用的应用包草稿。"""
    from haina.app.drafting import draft_pack

    _, platform = opened()
    found: dict[str, Any] = {"files": draft_pack(platform, folder, kind, _pairs(set_), agency)}
    if not as_json:
        found["next"] = f"看一看、改一改,再 haina plan {folder} 和 haina apply {folder}"
    screen.show(found, as_json=as_json)


sources_app = typer.Typer(help="数据源:列出、测试、查看内容", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(cli_people.users_app, name="users")
app.add_typer(cli_people.keys_app, name="keys")
app.add_typer(cli_collect.quarantine_app, name="quarantine")
app.add_typer(cli_collect.deliveries_app, name="deliveries")
app.add_typer(cli_collect.drift_app, name="drift")
app.command("backup")(cli_keep.backup)
app.command("restore")(cli_keep.restore)


@sources_app.command("list")
def sources_list(as_json: Json = False) -> None:
    """全部数据源。"""
    from haina.resources import collect

    _, platform = opened()
    with platform.database.read() as connection:
        found = collect.list_sources(connection)
        counts = [len(collect.list_tables(connection, one.name)) for one in found]
    screen.show_rows(
        ["数据源", "名称", "部门", "种类", "表", "时间表"],
        [
            [one.name, one.title, one.agency, one.kind, count, one.schedule or ""]
            for one, count in zip(found, counts, strict=True)
        ],
        as_json=as_json,
        keys=["name", "title", "agency", "kind", "tables", "schedule"],
    )


@sources_app.command("test")
def sources_test(
    kind: Annotated[str, typer.Option(help="种类")],
    set_: Annotated[list[str], typer.Option("--set", help="连接参数,如 path=a.csv")],
    as_json: Json = False,
) -> None:
    """试一试能不能连上。"""
    from haina.resources import collect

    _, platform = opened()
    collect.test_source(platform, kind, _pairs(set_))
    screen.show({"result": "可以连接"}, as_json=as_json)


@sources_app.command("discover")
def sources_discover(
    kind: Annotated[str, typer.Option(help="种类")],
    set_: Annotated[list[str], typer.Option("--set", help="连接参数,如 path=a.csv")],
    as_json: Json = False,
) -> None:
    """数据源里有哪些表、哪些列、什么类型。"""
    from haina.resources import collect

    _, platform = opened()
    found = collect.discover_source(platform, kind, _pairs(set_))
    screen.show_rows(
        ["表", "列", "源类型", "湖中类型", "可空", "主键", "说明"],
        [
            [
                table.name,
                column.name,
                column.source_type,
                column.lake_type,
                column.nullable,
                column.name in table.key,
                column.comment or "",
            ]
            for table in found
            for column in table.columns
        ],
        as_json=as_json,
        keys=["table", "column", "source_type", "lake_type", "nullable", "key", "comment"],
    )


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    bad = [text for text in texts if "=" not in text]
    if bad:
        raise BAD_INPUT(f"连接参数「{bad[0]}」应写成 名=值", field="--set")
    return pairs


def main() -> None:
    """The entry point: turns every error into words and an exit code."""
    if sys.argv[1:2] == ["--json"]:  # before the command is as good as behind it
        sys.argv.append(sys.argv.pop(1))
    try:
        code = app(standalone_mode=False)
    except HainaError as error:
        screen.complain(error, as_json="--json" in sys.argv)
        sys.exit(1)
    except _UsageError as usage:
        if type(usage).__name__ == "NoArgsIsHelpError":
            usage.show()
            sys.exit(2)
        wrong = BAD_USAGE(_usage_words(usage), hint=f"用 {_command(usage)} --help 查看用法。")
        screen.complain(wrong, as_json="--json" in sys.argv)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        found = disk_error(error)
        if found is None:
            raise
        screen.complain(found, as_json="--json" in sys.argv)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


# Typer carries its own copy of Click, and shows only some of its errors.
_UsageError: Any = typer.BadParameter.__base__


def _usage_words(usage: Any) -> str:
    said = str(usage.message)
    name = usage.param.opts[-1] if getattr(usage, "param", None) is not None else "参数"
    match type(usage).__name__:
        case "NoSuchOption":
            like = f"(是不是 {usage.possibilities[0]}?)" if usage.possibilities else ""
            return f"没有选项 {usage.option_name}{like}"
        case "MissingParameter":
            return f"缺少 {name}"
        case "BadParameter":
            return f"{name} 的值不对:{said}"
    unknown = re.match(r"No such command '(.+?)'", said)
    if unknown:
        return f"没有命令 {unknown[1]}{close_to(unknown[1], _commands(usage))}"
    extra = re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", said)
    return f"多出了 {extra[1]}" if extra else f"看不懂这条命令:{said}"


def _commands(usage: Any) -> list[str]:
    return list(getattr(usage.ctx.command, "commands", {})) if usage.ctx is not None else []


def _command(usage: Any) -> str:
    return str(usage.ctx.command_path) if usage.ctx is not None else "haina"


if __name__ == "__main__":
    main()
