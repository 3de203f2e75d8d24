"""A source that is made on screen: it belongs to the installation's own pack, which has no folder
until `haina export` writes one (packs/own.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.engine import Connection

from haina.kernel.errors import BAD_INPUT, CONFLICT
from haina.kernel.platform import Platform
from haina.packs.applying import carry_out
from haina.packs.checked import checked
from haina.packs.own import plan_of_one
from haina.resources.collect import connecting
from haina.resources.collect.connecting import Draft
from haina.resources.collect.connecting.loading import copies
from haina.resources.collect.deliveries import forget
from haina.resources.collect.sources import (
    check_connection,
    source_names,
    split_secrets,
    table_names,
)
from haina.security import evidence


@dataclass(frozen=True)
class Made:
    """The source that was made, and the job of each table's first load (None: nothing to ask)."""

    source: str
    jobs: Mapping[str, str | None]


def make_source(platform: Platform, draft: Draft, said: Mapping[str, Any], actor: str) -> Made:
    """Make a source of a draft; `said` is its declaration without kind and connection.

    Raises HainaError(bad_input, bad_pack, conflict).
    """
    if draft.made is not None:
        raise CONFLICT(f"已经接入为 {draft.made['source']}", field="draft")
    kind = "push" if draft.way == "push" else draft.kind
    block = connecting.opened_block(platform, draft)
    name = str(said.get("name", ""))
    connected = check_connection(kind, block)
    sealed = split_secrets(platform, connected, f"source:{name}")
    plain = _whole(draft, kind, said, _as_declared(connected, draft, name))
    plain["tables"] = _guarded(draft, plain.get("tables"))
    new = checked(f"source:{name}", plain)
    files = copies(platform, draft, len(plain["tables"]))
    try:
        with platform.database.write() as connection:
            _refuse_taken(connection, new)
            plan = plan_of_one(connection, f"source:{name}", new)
            carry_out(connection, plan, {name: sealed}, changed_by=actor)
            jobs = connecting.first_loads(connection, name, actor, files)
            connecting.settle(connection, draft, name, jobs)
            tables = [table["name"] for table in new["tables"]]
            evidence.append(
                connection, actor, "source.create", f"source:{name}",
                {"kind": kind, "agency": new["agency"], "tables": tables},
            )  # fmt: skip
    except BaseException:
        for copy in files[1:]:
            forget(copy)
        raise
    return Made(name, jobs)


def _as_declared(connected: BaseModel, draft: Draft, name: str) -> dict[str, Any]:
    """The connection as a folder would say it: without defaults, secrets as variables."""
    block = connected.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        field: "${" + f"{name}_{field}".upper() + "}" if field in draft.secrets else value
        for field, value in block.items()
    }


def _whole(
    draft: Draft, kind: str, said: Mapping[str, Any], block: dict[str, Any]
) -> dict[str, Any]:
    """The declaration of the source."""
    placement = {"upload": "file", "folder": "file", "push": "push"}.get(draft.way)
    mine: dict[str, Any] = {
        "kind": kind, "connection": block, "placement": placement, "inbox": draft.way == "folder",
    }  # fmt: skip
    wrong = sorted({"kind", "connection"} & set(said))
    if wrong:
        raise BAD_INPUT(f"{wrong[0]} 已在连接一步填好,这里不能再写", field=wrong[0])
    return {**mine, **said}


def _guarded(draft: Draft, tables: Any) -> Any:
    """Columns that nobody graded are not public. What is no table stays for the check to refuse."""
    if not isinstance(tables, list):
        return tables
    found = list((draft.found or {}).get("tables", ()))

    def held(table: Any) -> Any:
        if not isinstance(table, Mapping) or not isinstance(table.get("columns"), Mapping):
            return table
        name = str(table.get("from", ""))
        seen = connecting.columns_of(found, name, folder=draft.way == "folder")
        return {**table, "columns": connecting.guarded(table["columns"], seen)}

    return [held(table) for table in tables]


def _refuse_taken(connection: Connection, new: Mapping[str, Any]) -> None:
    if new["name"] in {"connect", *source_names(connection)}:  # the page of that name is taken
        raise CONFLICT(f"数据源的代号 {new['name']} 已经用过", field="name", hint="请换一个代号。")
    known = table_names(connection)
    for place, table in enumerate(new["tables"]):
        if table["name"] in known:
            raise CONFLICT(
                f"表的代号 {table['name']} 已经用过", field=f"tables.{place}.name",
                hint="请换一个代号;换代号不影响数据源里的表名。",
            )  # fmt: skip
