"""Datasets and previews, for pages."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from haina.compute import lake
from haina.compute.door import Engine
from haina.compute.engines import Page
from haina.compute.lake import Dataset, Version
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/datasets", tags=["算力设施"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]


class DatasetState(BaseModel):
    """What a list shows of a dataset."""

    name: str
    title: str
    zone: str
    owner: str
    rows: int | None
    updated_at: datetime | None
    version: int | None


class Answer(BaseModel):
    """Rows as the asker may see them. `columns`: (name, type)."""

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    truncated: bool


@dataclass(frozen=True)
class DatasetDetail:
    """`dataset`: with its own items, without the columns that the platform keeps beside them."""

    dataset: Dataset
    versions: list[Version]


@router.get("", operation_id="dataset_states")
def get_states(
    request: Request,
    _subject: Reader,
    names: Annotated[str, Query(max_length=20_000, description="逗号分隔;空为全部")] = "",
) -> list[DatasetState]:
    """数据集的行数与新鲜度。"""
    wanted = {name for name in names.split(",") if name}
    with request.app.state.platform.database.read() as connection:
        found = lake.heads(connection)
    return [
        DatasetState(
            name=one.name,
            title=one.title,
            zone=one.zone,
            owner=one.owner,
            rows=one.rows,
            updated_at=one.updated_at,
            version=one.current_version,
        )
        for one in found
        if not wanted or one.name in wanted
    ]


@router.get("/{name}", operation_id="dataset_detail")
def get_dataset(request: Request, _subject: Reader, name: str) -> DatasetDetail:
    """一个数据集的信息项与版本。"""
    with request.app.state.platform.database.read() as connection:
        found = lake.find_dataset(connection, name)
        versions = lake.versions(connection, name, limit=30)
    own = tuple(item for item in found.items if not item.name.startswith("_"))
    return DatasetDetail(replace(found, items=own), versions)


@router.get("/{name}/preview", operation_id="preview")
def get_preview(
    request: Request,
    name: str,
    subject: Annotated[Subject, guard(Permission.DATA_PREVIEW)],
    rows: Annotated[int, Query(ge=1, le=200)] = 50,
    version: int | None = None,
) -> Answer:
    """前若干行,敏感项已脱敏。"""
    engine: Engine = request.app.state.engine
    with engine.platform.database.read() as connection:
        lake.find_dataset(connection, name)
    return _own(engine.preview(subject, name, rows=rows, version=version))


def _own(page: Page) -> Answer:
    """The items of the dataset alone: what the platform keeps beside them is no item."""
    places = [at for at, (name, _) in enumerate(page.columns) if not name.startswith("_")]
    return Answer(
        columns=[page.columns[at] for at in places],
        rows=[[row[at] for at in places] for row in page.rows],
        truncated=page.truncated,
    )
