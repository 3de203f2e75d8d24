"""All SQL on datasets and versions."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.compute.lake.contracts import (
    Dataset,
    DatasetHead,
    DatasetSpec,
    ItemSpec,
    Origin,
    Version,
)
from haina.compute.lake.tables import dataset_table, version_table


def put(connection: Connection, spec: DatasetSpec) -> None:
    values = {
        "zone": spec.name.split(".")[0],
        "title": spec.title,
        "summary": spec.summary,
        "owner": spec.owner,
        "made_by": spec.made_by,
        "grade": spec.grade,
        "theme": spec.theme,
        "key": list(spec.key),
        "items": [asdict(item) for item in spec.items],
        "pack": spec.pack,
        "retired": False,
    }
    changed = connection.execute(
        dataset_table.update().where(dataset_table.c.name == spec.name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(dataset_table.insert().values(name=spec.name, **values))


def set_retired(connection: Connection, name: str) -> None:
    connection.execute(
        dataset_table.update().where(dataset_table.c.name == name).values(retired=True)
    )


def get(connection: Connection, name: str) -> Dataset | None:
    query = sa.select(dataset_table).where(dataset_table.c.name == name)
    row = connection.execute(query).first()
    return None if row is None else _dataset(row)


def living(connection: Connection) -> list[Dataset]:
    query = sa.select(dataset_table).where(~dataset_table.c.retired)
    return [_dataset(row) for row in connection.execute(query.order_by(dataset_table.c.name))]


def heads(connection: Connection) -> list[DatasetHead]:
    columns = [dataset_table.c[one.name] for one in fields(DatasetHead)]
    query = sa.select(*columns).where(~dataset_table.c.retired).order_by(dataset_table.c.name)
    return [DatasetHead(*row) for row in connection.execute(query)]


def origins(connection: Connection) -> dict[str, Origin]:
    v = version_table.c
    pointed = (dataset_table.c.name == v.dataset) & (dataset_table.c.current_version == v.version)
    query = sa.select(v.dataset, v.job, v.inputs, v.checks).join(dataset_table, pointed)
    return {
        row.dataset: Origin(row.job, tuple(map(tuple, row.inputs)), row.checks)
        for row in connection.execute(query)
    }


def named(connection: Connection) -> dict[str, tuple[str, str]]:
    """Title and owner of each living dataset, without the weight of its items."""
    columns = (dataset_table.c.name, dataset_table.c.title, dataset_table.c.owner)
    query = sa.select(*columns).where(~dataset_table.c.retired)
    return {row.name: (row.title, row.owner) for row in connection.execute(query)}


def some(connection: Connection, names: Sequence[str]) -> dict[str, Dataset]:
    query = sa.select(dataset_table).where(dataset_table.c.name.in_(names))
    return {row.name: _dataset(row) for row in connection.execute(query)}


def move_pointer(connection: Connection, name: str, before: int | None, version: Version) -> bool:
    """Name the new version, unless the pointer is no longer where the writer saw it."""
    same = (
        dataset_table.c.current_version.is_(None)
        if before is None
        else dataset_table.c.current_version == before
    )
    changed = connection.execute(
        dataset_table.update()
        .where(dataset_table.c.name == name, same)
        .values(
            current_version=version.version,
            content_version=version.checks.get("same_as", version.version),
            rows=version.rows,
            bytes=version.bytes,
            updated_at=version.at,
        )
    )
    if changed.rowcount != 1:
        return False
    connection.execute(
        version_table.insert().values(
            dataset=name,
            version=version.version,
            job=version.job,
            rows=version.rows,
            bytes=version.bytes,
            inputs=[list(pair) for pair in version.inputs],
            schema=[list(pair) for pair in version.schema],
            checks=version.checks,
            at=version.at,
            swept=False,
        )
    )
    return True


def versions_of(connection: Connection, name: str, limit: int) -> list[Version]:
    query = (
        sa.select(version_table)
        .where(version_table.c.dataset == name)
        .order_by(version_table.c.version.desc())
        .limit(limit)
    )
    return [_version(row) for row in connection.execute(query)]


def versions_by(connection: Connection, name: str, job: str) -> list[Version]:
    """The versions of a dataset that a job made current, newest first."""
    query = (
        sa.select(version_table)
        .where(version_table.c.dataset == name, version_table.c.job == job)
        .order_by(version_table.c.version.desc())
    )
    return [_version(row) for row in connection.execute(query)]


def one_version(connection: Connection, name: str, version: int) -> Row[Any] | None:
    query = sa.select(version_table).where(
        version_table.c.dataset == name, version_table.c.version == version
    )
    return connection.execute(query).first()


def find_version(connection: Connection, name: str, version: int) -> Version | None:
    row = one_version(connection, name, version)
    return None if row is None else _version(row)


def names_of(connection: Connection, owner: str) -> list[str]:
    query = sa.select(dataset_table.c.name).where(dataset_table.c.owner == owner)
    return list(connection.execute(query.order_by(dataset_table.c.name)).scalars())


def newest_until(connection: Connection, name: str, moment: datetime) -> int | None:
    query = (
        sa.select(version_table.c.version)
        .where(version_table.c.dataset == name, version_table.c.at <= moment)
        .order_by(version_table.c.version.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def mark_swept(connection: Connection, name: str, kept: Sequence[int]) -> None:
    connection.execute(
        version_table.update()
        .where(version_table.c.dataset == name, version_table.c.version.not_in(kept))
        .values(swept=True)
    )


def _dataset(row: Row[Any]) -> Dataset:
    values = dict(row._mapping)
    values.pop("retired")
    values["key"] = tuple(values["key"])
    values["items"] = tuple(ItemSpec(**item) for item in values["items"])
    return Dataset(**values)


def _version(row: Row[Any]) -> Version:
    return Version(
        row.dataset,
        row.version,
        row.job,
        row.rows,
        row.bytes,
        tuple((name, number) for name, number in row.inputs),
        tuple((name, kind) for name, kind in row.schema),
        row.checks,
        row.at,
    )
