"""Commands that keep an installation: backup, restore."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haina.app import screen
from haina.app.cli_common import Json, actor, opened
from haina.kernel.settings import load

if TYPE_CHECKING:
    from haina.app.keeping import Manifest

Folder = Annotated[Path, typer.Argument(help="备份的文件夹")]


def backup(folder: Folder, as_json: Json = False) -> None:
    """运行中备份:平台库、数据湖、密钥与报送的文件,逐个文件带摘要。"""
    from haina.app.keeping import back_up

    _, platform = opened()
    try:
        made = back_up(platform, folder.absolute(), actor())
    finally:
        platform.close()
    _show("备份好了", made, as_json)
    if not as_json:
        screen.console.print("里面有平台密钥:谁拿到备份,谁就拿到数据。请妥善保管。")


def restore(
    folder: Folder,
    check: Annotated[bool, typer.Option("--check", help="只核对备份是否完好,不恢复")] = False,
    as_json: Json = False,
) -> None:
    """在空的 HAINA_HOME 恢复备份;先通读核对,损坏的不动手。"""
    from haina.app import keeping

    if check:
        _show("备份完好", keeping.check_backup(folder.absolute()), as_json)
        return
    _show("恢复好了", keeping.restore(load(), folder.absolute(), actor()), as_json)


def _show(done: str, made: "Manifest", as_json: bool) -> None:
    said = asdict(made)
    counts = {
        "at": said["at"],
        "version": said["product"],
        "tables": len(said["tables"]),
        "rows": sum(said["tables"].values()),
        "datasets": len(said["datasets"]),
        "dataset_rows": sum(rows for _, rows in said["datasets"].values()),
        "files": len(said["files"]),
        "bytes": sum(size for size, _ in said["files"].values()),
    }
    if as_json:
        screen.show(counts, as_json=True)
        return
    screen.console.print(
        f"{done}:{counts['datasets']} 个数据集 {counts['dataset_rows']:,} 行,"
        f"平台库 {counts['rows']:,} 行,{counts['files']:,} 个文件 "
        f"{counts['bytes'] / 2**20:,.1f} MB",
        markup=False,
    )
