"""`haina`: the command line. Every command takes --json; errors are in Chinese with a way out.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done but something needs attention.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

import haina
from haina.app import screen
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings, load

app = typer.Typer(
    name="haina",
    help="海纳:一体化政务大数据平台",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出,供脚本使用")]


def _open() -> tuple[Settings, Platform]:
    from haina.app.bootstrap import open_installation

    settings = load()
    return settings, open_installation(settings)


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
    exit_: Annotated[bool, typer.Option("--exit", help="完成后退出,不提供服务")] = False,
    summary: Annotated[Path | None, typer.Option(help="把汇总写成 JSON 文件")] = None,
) -> None:
    """启动平台:一个服务、一个工作进程。"""
    from haina.app.up import bring_up

    settings, platform = _open()
    try:
        code = bring_up(
            settings, platform, folders=pack or [], run=run, leave=exit_, summary=summary
        )
    finally:
        platform.close()
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

    _, platform = _open()
    screen.show_plan(packs.plan(platform, folder, take), as_json=as_json)


@app.command()
def apply(
    folder: Path,
    take: Annotated[Literal["folder", "screen"] | None, typer.Option(help="冲突时取哪一边")] = None,
    as_json: Json = False,
) -> None:
    """应用一个应用包;做两遍与做一遍相同。"""
    from haina import packs

    _, platform = _open()
    screen.show_plan(packs.apply(platform, folder, _actor(), take), as_json=as_json, done=True)


@app.command()
def export(folder: Path, as_json: Json = False) -> None:
    """把界面上的修改写回应用包的文件夹(改写的 YAML 不保留注释)。"""
    from haina import packs

    _, platform = _open()
    screen.show({"files": packs.export(platform, folder)}, as_json=as_json)


def _actor() -> str:
    import getpass

    try:
        return f"terminal:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"terminal:{os.getuid()}"


def main() -> None:
    """The entry point: turns every error into words and an exit code."""
    try:
        app()
    except HainaError as error:
        screen.complain(error, as_json="--json" in sys.argv)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
