"""A source that is being connected: who does it, what was typed, what was found.

Secrets are sealed the moment they arrive, bound to their draft, and opened only for the process
that asks the source and for the source that is made of them. A draft is of one person and lives a
day; a file that was handed in for it lies among the deliveries, whose first batch it becomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.errors import BAD_INPUT, NOT_FOUND
from haina.kernel.ids import new_id
from haina.kernel.platform import Platform
from haina.resources.collect import deliveries, kinds, queries
from haina.resources.collect.connecting.ways import Way, ways_of
from haina.resources.collect.sources import check_connection, is_variable, split_secrets

_LIFE = timedelta(days=1)
# Who keeps a secret that he cannot see must not be able to send it elsewhere.
_WHERE = ("host", "port", "url", "auth", "user", "sslmode", "service", "ca_file", "host_key")


@dataclass(frozen=True)
class Upload:
    """A file that was handed in: its name, where it lies among the deliveries, and its SHA-256."""

    delivery: str
    file: str
    bytes: int
    digest: str

    def kept(self, platform: Platform) -> deliveries.Kept:
        path = deliveries.folder_of(platform) / self.delivery / Path(self.file).name
        return deliveries.Kept(self.delivery, path, self.bytes, self.digest)


@dataclass(frozen=True)
class Draft:
    """`found`: the tables that were found, None before; `made`: {source, jobs} once it is one."""

    id: str
    person: str
    way: Way
    kind: str
    connection: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    upload: Upload | None
    found: Mapping[str, Any] | None
    made: Mapping[str, Any] | None
    created_at: datetime


def start(
    platform: Platform,
    person: str,
    way: Way,
    kind: str,
    block: Mapping[str, Any],
    *,
    before: Draft | None = None,
    upload: Upload | None = None,
) -> Draft:
    """A draft of what was typed; with `before`, anew under its name, with its secrets where none
    is typed. Nothing is kept yet. Raises HainaError(unknown_source_kind, bad_input)."""
    if way not in ways_of(kind):
        raise BAD_INPUT(f"「{kinds.get(kind).title}」不能这样接入", field="way")
    name = before.id if before else new_id()
    whole = _with_kept_secrets(platform, kind, _plain(block), before)
    if way == "upload":
        whole = {**whole, "path": ""}
    checked = check_connection(kind, whole)
    plain, sealed = split_secrets(platform, checked, secret_name(name))
    kept = upload or (before.upload if before else None)
    if way in ("upload", "push") and kept is None:
        raise BAD_INPUT("请先选一个文件", field="file")
    return Draft(name, person, way, kind, plain, sealed, kept, None, None, clock.now())


def _plain(block: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed is meant as it is: on screen, variables of the server are not to be had."""
    for name, value in block.items():
        if is_variable(value):
            raise BAD_INPUT(
                f"{name} 不能写成环境变量,请直接填写", field=f"connection.{name}",
                hint="口令在这里填写后加密保存,以后不再显示。",
            )  # fmt: skip
    return dict(block)


def _with_kept_secrets(
    platform: Platform, kind: str, block: dict[str, Any], before: Draft | None
) -> dict[str, Any]:
    if before is None or before.kind != kind:
        return block
    opened = opened_block(platform, before)
    missing = [name for name in before.secrets if opened[name] and not block.get(name)]
    if not missing:
        return block
    whole = {**block, **{name: opened[name] for name in missing}}
    now = check_connection(kind, whole).model_dump(mode="json", by_alias=True)
    if any(now.get(name) != before.connection.get(name) for name in _WHERE):
        raise BAD_INPUT("连接的去处变了,请重新填写口令", field=f"connection.{missing[0]}")
    return whole


def secret_name(draft: str) -> str:
    """What the secrets of a draft are sealed under."""
    return f"connect:{draft}"


def opened_block(platform: Platform, draft: Draft) -> dict[str, Any]:
    """The connection with its secrets in the clear: for the process that asks, and nobody else."""
    opened = {
        name: platform.secrets.open(f"{secret_name(draft.id)}:{name}", text)
        for name, text in draft.secrets.items()
    }
    return {**draft.connection, **opened}


def keep(connection: Connection, draft: Draft, found: Mapping[str, Any] | None) -> None:
    """Write a draft down, with what was found."""
    queries.put_draft(
        connection,
        draft.id,
        {
            "person": draft.person,
            "way": draft.way,
            "kind": draft.kind,
            "connection": dict(draft.connection),
            "secrets": dict(draft.secrets),
            "upload": None if draft.upload is None else vars(draft.upload),
            "found": None if found is None else dict(found),
            "made": None,
            "created_at": draft.created_at,
        },
    )


def remember_looks(platform: Platform, draft: Draft, table: str, looks: Mapping[str, Any]) -> None:
    """What the values of a table look like, beside its columns; the values themselves nowhere."""

    def anew(one: Mapping[str, Any]) -> dict[str, Any]:
        if one["name"] != table:
            return dict(one)
        return {**one, "columns": [{**c, "look": looks.get(c["name"])} for c in one["columns"]]}

    with platform.database.write() as connection:
        row = queries.draft_row(connection, draft.id)
        if row is None or row.found is None or row.made is not None:
            return  # given up or made meanwhile
        found = {**row.found, "tables": [anew(one) for one in row.found["tables"]]}
        queries.put_draft(connection, draft.id, {"found": found})


def draft_of(connection: Connection, draft: str, person: str) -> Draft:
    """Raises HainaError(not_found): also for the draft of someone else."""
    row = queries.draft_row(connection, draft)
    if row is None or row.person != person or row.created_at < clock.now() - _LIFE:
        raise NOT_FOUND(
            "这次接入已经过期,或不是您的", field="draft", hint="请从头再来;口令等须重新填写。"
        )
    values = dict(row._mapping)
    upload = values.pop("upload")
    return Draft(**values, upload=None if upload is None else Upload(**upload))


def settle(connection: Connection, draft: Draft, source: str, jobs: Mapping[str, Any]) -> None:
    """The draft has become a source: its secrets are wiped."""
    made = {"source": source, "jobs": dict(jobs)}
    queries.put_draft(connection, draft.id, {"secrets": {}, "made": made})


def forget_draft(platform: Platform, draft: Draft) -> None:
    """Leave nothing of a draft that did not become a source."""
    with platform.database.write() as connection:
        queries.drop_draft(connection, draft.id)
    if draft.upload is not None and draft.made is None:
        deliveries.forget(draft.upload.kept(platform))


def sweep_drafts(platform: Platform) -> None:
    """Forget the drafts of yesterday."""
    with platform.database.read() as connection:
        rows = queries.drafts_before(connection, clock.now() - _LIFE)
    for row in rows:
        values = dict(row._mapping)
        upload = values.pop("upload")
        forget_draft(platform, Draft(**values, upload=Upload(**upload) if upload else None))
