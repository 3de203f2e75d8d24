"""Lineage, for pages: opened step by step."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request

from haina.catalogue.lineage.lineage import Edge, Use, edges_into, edges_out_of, uses_of
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/lineage", tags=["数据目录"])


@dataclass(frozen=True)
class Neighbours:
    """One step up and down from a dataset, and who uses it."""

    dataset: str
    inputs: list[Edge]
    outputs: list[Edge]
    uses: list[Use]


@router.get("/{dataset}", operation_id="lineage")
def get_lineage(
    request: Request, _subject: Annotated[Subject, guard(Permission.CATALOGUE_READ)], dataset: str
) -> Neighbours:
    """一个数据集(或 source:名 的数据源)的上下游各一步,含列级血缘。"""
    with request.app.state.platform.database.read() as connection:
        return Neighbours(
            dataset,
            edges_into(connection, dataset),
            edges_out_of(connection, dataset),
            uses_of(connection, dataset),
        )
