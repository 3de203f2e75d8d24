"""Quality by rule and over time, for pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from haina.compute import Engine
from haina.kernel.errors import BAD_INPUT
from haina.resources.libraries.quality import (
    Bringers,
    DayGrade,
    DimensionGrade,
    RuleFilter,
    RulePage,
    VersionGrade,
    bringers,
    by_day,
    by_version,
    dimensions,
    failing_rules,
)
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

# Its fixed addresses stand before /api/quality/{dataset}: it is included first.
router = APIRouter(prefix="/api/quality", tags=["数据资源"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]
Short = Annotated[str | None, Query(max_length=100)]


@router.get("/rules", operation_id="failing_rules")
def get_rules(
    request: Request,
    _subject: Reader,
    agency: Short = None,
    dataset: Short = None,
    dimension: Short = None,
    text: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RulePage:
    """最近一次检核中不通过的规则,失败多的在前,逐页。"""
    wanted = RuleFilter(agency, dataset, dimension, text)
    with request.app.state.platform.database.read() as connection:
        return failing_rules(connection, wanted, after, limit)


@router.get("/dimensions", operation_id="quality_dimensions")
def get_dimensions(
    request: Request, _subject: Reader, agency: Short = None
) -> list[DimensionGrade]:
    """各维度有几条规则、几条不通过。"""
    with request.app.state.platform.database.read() as connection:
        return dimensions(connection, agency)


@router.get("/trend", operation_id="quality_trend")
def get_trend(
    request: Request,
    _subject: Reader,
    agency: Short = None,
    days: Annotated[int, Query(ge=1, le=180)] = 30,
) -> list[DayGrade]:
    """逐日的质量:每个数据集取当日终了时最近的一次检核。"""
    with request.app.state.platform.database.read() as connection:
        return by_day(connection, days, agency)


@router.get("/{dataset}/trend", operation_id="dataset_quality_trend")
def get_dataset_trend(
    request: Request,
    _subject: Reader,
    dataset: str,
    rule: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> list[VersionGrade]:
    """一个数据集历次检核,旧的在前;指定规则时是这条规则的。"""
    with request.app.state.platform.database.read() as connection:
        return by_version(connection, dataset, rule, limit)


@router.get("/{dataset}/runs", operation_id="failing_runs")
def get_runs(
    request: Request,
    _subject: Annotated[Subject, guard(Permission.DATA_PREVIEW)],
    dataset: str,
    rule: Annotated[str, Query(max_length=200)],
) -> Bringers:
    """不符合某条规则的行,由哪几次采集带来。"""
    if "\0" in rule:
        raise BAD_INPUT("规则名含有不能使用的字符", field="rule")
    engine: Engine = request.app.state.engine
    return bringers(engine, dataset.split(".", 1)[-1], rule)
