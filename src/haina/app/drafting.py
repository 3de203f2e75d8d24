"""`haina draft`: a pack made from what a source holds, ready to be applied and then improved."""

from pathlib import Path
from typing import Any

import yaml

from haina.coordination.organizations import list_organizations
from haina.kernel.errors import CONFLICT
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import connecting
from haina.resources.collect.kinds import SourceTable


def draft_pack(
    platform: Platform, folder: Path, kind: str, block: dict[str, str], agency: str
) -> list[str]:
    """Write pack.yaml, organizations.yaml, one source and one service a table; the files.

    Secrets are not written: the pack names an environment variable instead.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CONFLICT(f"{folder} 不是空文件夹", field="folder", hint="换一个新的文件夹名。")
    tables = [one for one in collect.discover_source(platform, kind, block) if one.columns]
    name = connecting.code_name(folder.name, "pack")
    with platform.database.read() as connection:
        known = {unit.code for unit in list_organizations(connection)}
    files: dict[str, Any] = {
        "pack.yaml": {"name": name, "title": folder.name, "version": "0.1.0"},
        **({} if agency in known else {"organizations.yaml": [{"code": agency, "title": agency}]}),
        f"sources/{name}.yaml": _source(name, folder.name, kind, block, agency, tables),
    }
    for table in tables:
        service = _service(name, table)
        files[f"services/{service['name']}.yaml"] = service
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100),
            encoding="utf-8",
        )
    return [str(folder / path) for path in files]


def _source(
    name: str,
    title: str,
    kind: str,
    block: dict[str, str],
    agency: str,
    tables: list[SourceTable],
) -> dict[str, Any]:
    connection = {
        key: "${" + f"{name}_{key}".upper() + "}" if key == "password" else value
        for key, value in block.items()
    }
    return {
        "name": name,
        "title": title,
        "agency": agency,
        "kind": kind,
        "connection": connection,
        "tables": [_table(name, one) for one in tables],
    }


def _table(pack: str, table: SourceTable) -> dict[str, Any]:
    names = connecting.item_names(column.name for column in table.columns)
    return {
        "name": connecting.table_name(pack, table.name),
        "from": table.name,
        "title": (table.comment or table.name)[:100],
        "key": _key(table),
        "cycle": "irregular",
        "columns": {
            column.name: {
                "item": names[column.name],
                "title": (column.comment or column.name).strip()[:100] or "未命名",
            }
            for column in table.columns
        },
    }


def _service(pack: str, table: SourceTable) -> dict[str, Any]:
    names = connecting.item_names(column.name for column in table.columns)
    name = connecting.table_name(pack, table.name)
    return {
        "name": name,
        "title": f"查询 {table.comment or table.name}"[:100],
        "kind": "key",
        "dataset": f"std.{name}",
        "by": [names[one] for one in _key(table)],
        "returns": list(names.values()),
    }


def _key(table: SourceTable) -> list[str]:
    """The declared key, or else the first column (the author is to look at it)."""
    return list(table.key) or [table.columns[0].name]
