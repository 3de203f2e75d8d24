"""Sources and their tables: registered, tested, discovered; their secrets sealed."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy.engine import Connection, Row

from haina.kernel import clock
from haina.kernel.complaints import close_to, words_of
from haina.kernel.database import forbid_transaction
from haina.kernel.errors import BAD_INPUT, CONFLICT, NOT_FOUND
from haina.kernel.platform import Platform
from haina.resources.collect import kinds, queries
from haina.resources.specs import Placement, SourceSpec, TableSpec

_VARIABLE = re.compile(r"^\$\{([A-Z][A-Z0-9_]*)\}$")


@dataclass(frozen=True)
class Source:
    """`connection` without its secrets; `secrets` sealed."""

    name: str
    title: str
    agency: str
    kind: str
    connection: Mapping[str, Any]
    secrets: Mapping[str, str]
    placement: Placement
    inbox: bool
    statements: str | None
    window: str | None
    rows_per_second: int | None
    schedule: str | None
    pack: str | None
    retired: bool


@dataclass(frozen=True)
class Table:
    name: str
    source: str
    spec: TableSpec
    watermark: str | None
    since: datetime
    shape: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Load:
    """One batch that arrived, and its reconciliation: `rows` + `rejected` against
    `source_rows`, and the hash of keys on both sides. `mended`: rows of it that people had mended
    before; `changes`: what a merge inserted, updated and deleted; `statement`: what the agency
    stated beside what was found."""

    job: str
    table: str
    version: int
    mode: str
    at: datetime
    rows: int
    rejected: int
    source_rows: int
    source_hash: str
    lake_hash: str
    agrees: bool
    watermark_from: str | None
    watermark_to: str | None
    mended: int = 0
    changes: Mapping[str, int] = field(default_factory=dict)
    slices: int = 0
    delivery: str | None = None
    statement: Mapping[str, Any] | None = None


def check_connection(kind: str, block: Mapping[str, Any]) -> BaseModel:
    """The connection block as its kind reads it. Raises HainaError(bad_input) naming the field."""
    try:
        return kinds.get(kind).connection.model_validate(dict(block))
    except ValidationError as broken:
        # A misspelt key is both unknown and missing: the unknown word is what helps.
        first = min(broken.errors(), key=lambda one: one["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"])
        known = [
            info.alias or name for name, info in kinds.get(kind).connection.model_fields.items()
        ]
        like = close_to(field, known) if first["type"] == "extra_forbidden" else ""
        raise BAD_INPUT(
            f"连接参数 {field} {words_of(first)}{like}",
            field=f"connection.{field}",
            hint=f"「{kinds.get(kind).title}」的连接参数有:{'、'.join(known)}。",
        ) from None


def resolve_variables(block: Mapping[str, Any]) -> dict[str, Any]:
    """Put in what `${NAME}` stands for. Raises HainaError(bad_input) when it is not set."""
    return {key: _resolved(key, value) for key, value in block.items()}


def _resolved(key: str, value: Any) -> Any:
    found = _VARIABLE.match(value) if isinstance(value, str) else None
    if found is None:
        return value
    if found[1] not in os.environ:
        raise BAD_INPUT(
            f"环境变量 {found[1]} 没有设置",
            field=f"connection.{key}",
            hint=f"应用前请先设置:export {found[1]}=…",
        )
    return os.environ[found[1]]


def is_variable(value: Any) -> bool:
    """Whether a value is written `${NAME}`."""
    return isinstance(value, str) and _VARIABLE.match(value) is not None


def seal_connection(
    platform: Platform, name: str, kind: str, block: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Split a block into what may be shown and what is sealed.

    A variable that is not set stands for the secret that the source has already, as long as its
    connection is otherwise the same: what was typed on screen outlives a change of the definition.
    """
    checked = check_connection(kind, resolve_variables(_with_own_secrets(platform, name, block)))
    return split_secrets(platform, checked, f"source:{name}")


def split_secrets(
    platform: Platform, checked: BaseModel, owner: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """What may be shown, and the secrets sealed under their owner's name."""
    plain: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for attribute, info in type(checked).model_fields.items():
        value, said = getattr(checked, attribute), info.alias or attribute
        if isinstance(value, SecretStr):
            sealed[said] = platform.secrets.seal(f"{owner}:{said}", value.get_secret_value())
        elif value is not None:
            plain[said] = checked.model_dump(mode="json", include={attribute})[attribute]
    return plain, sealed


def _with_own_secrets(platform: Platform, name: str, block: Mapping[str, Any]) -> Mapping[str, Any]:
    unset = [
        key for key, value in block.items() if is_variable(value) and value[2:-1] not in os.environ
    ]
    if not unset:
        return block
    with platform.database.read() as connection:
        row = queries.source_row(connection, name)
    if row is None:
        return block
    opened = {
        key: platform.secrets.open(_secret_name(name, key), row.secrets[key])
        for key in unset
        if key in row.secrets
    }
    whole = {**block, **opened}
    plain, _ = split_secrets(platform, check_connection(row.kind, resolve_variables(whole)), name)
    # Who may not see a secret must not be able to send it elsewhere.
    return whole if plain == row.connection else block


def _secret_name(source: str, field: str) -> str:
    return f"source:{source}:{field}"


def open_connection(platform: Platform, source: Source) -> BaseModel:
    """The connection with its secrets opened; never leaves the process that uses it."""
    opened = {
        field: platform.secrets.open(_secret_name(source.name, field), text)
        for field, text in source.secrets.items()
    }
    return check_connection(source.kind, {**source.connection, **opened})


def put_source(
    connection: Connection,
    spec: SourceSpec,
    plain: dict[str, Any],
    sealed: dict[str, str],
    pack: str | None,
) -> None:
    """Register a source and its tables; tables that it no longer names are retired."""
    queries.put_source(
        connection,
        spec.name,
        {
            "title": spec.title,
            "agency": spec.agency,
            "kind": spec.kind,
            "connection": plain,
            "secrets": sealed,
            "placement": spec.placement or placement_of(spec.kind),
            "inbox": spec.inbox,
            "statements": spec.statements,
            "window": spec.window,
            "rows_per_second": spec.rows_per_second,
            "schedule": spec.schedule,
            "pack": pack,
            "retired": False,
        },
    )
    for table in spec.tables:
        _put_table(connection, spec.name, table)
    names = {table.name for table in spec.tables}
    for row in queries.table_rows(connection, spec.name):
        if row.name not in names:
            queries.retire_table(connection, row.name)


def placement_of(kind: str) -> Placement:
    """How a kind of source is usually had."""
    if kind == "push":
        return "push"
    return "file" if kinds.is_of_files(kind) else "direct"


def fetches(source: Source) -> bool:
    """Whether there is anything to ask: not when batches are pushed, or handed in as files."""
    if source.placement == "push" or source.kind == "push":
        return False
    return not (kinds.is_of_files(source.kind) and source.connection.get("path") == "")


def _put_table(connection: Connection, source: str, spec: TableSpec) -> None:
    old = queries.table_row(connection, spec.name)
    if old is not None and old.source != source and not old.retired:
        raise CONFLICT(f"表名 {spec.name} 已被数据源 {old.source} 使用", field="tables.name")
    queries.put_table(
        connection,
        spec.name,
        {
            "source": source,
            "retired": False,
            "spec": spec.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        },
        clock.now(),
    )


def retire_source(connection: Connection, name: str) -> None:
    queries.retire_source(connection, name)


def find_source(connection: Connection, name: str) -> Source:
    """Raises HainaError(not_found)."""
    row = queries.source_row(connection, name)
    if row is None or row.retired:
        raise NOT_FOUND(f"没有数据源 {name}", field="source")
    return Source(**row._mapping)


def list_sources(connection: Connection) -> list[Source]:
    return [Source(**row._mapping) for row in queries.source_rows(connection)]


def source_names(connection: Connection) -> set[str]:
    """All that were ever used."""
    return queries.all_names(connection)[0]


def table_names(connection: Connection) -> set[str]:
    """All that were ever used."""
    return queries.all_names(connection)[1]


def find_table(connection: Connection, name: str) -> Table:
    """Raises HainaError(not_found)."""
    row = queries.table_row(connection, name)
    if row is None or row.retired:
        raise NOT_FOUND(f"没有归集表 {name}", field="table")
    return _table(row)


def list_tables(connection: Connection, source: str | None = None) -> list[Table]:
    return [_table(row) for row in queries.table_rows(connection, source)]


def _table(row: Row[Any]) -> Table:
    spec = TableSpec.model_validate(row.spec)
    return Table(row.name, row.source, spec, row.watermark, row.since, row.shape)


def loads_of(connection: Connection, table: str, limit: int = 30) -> list[Load]:
    """Newest first."""
    return [Load(**row._mapping) for row in queries.loads(connection, table, limit)]


def last_loads(connection: Connection) -> dict[str, list[Load]]:
    """For each table its newest batch and the one before, mended rows apart."""
    found: dict[str, list[Load]] = {}
    for row in queries.last_two_loads(connection):
        values = {key: value for key, value in row._mapping.items() if key != "place"}
        found.setdefault(row.table, []).append(Load(**values))
    return found


def test_source(platform: Platform, kind: str, block: Mapping[str, Any]) -> None:
    """Try a connection before it is kept. Raises source_* kinds with a way out."""
    forbid_transaction("a test of a source")
    checked = check_connection(kind, resolve_variables(block))
    kinds.get(kind).test(checked, kinds.ReadContext(platform.settings))


def discover_source(
    platform: Platform, kind: str, block: Mapping[str, Any]
) -> list[kinds.SourceTable]:
    """What a source holds."""
    forbid_transaction("a discovery")
    checked = check_connection(kind, resolve_variables(block))
    return kinds.get(kind).discover(checked, kinds.ReadContext(platform.settings))
