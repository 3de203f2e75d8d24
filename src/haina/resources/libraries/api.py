"""Check results and models, for pages."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from haina.compute import ISSUES, Engine, lake
from haina.compute.api import Answer
from haina.kernel.errors import BAD_INPUT
from haina.kernel.sql import literal, quote_name
from haina.resources.libraries.checks import CheckResult, CheckSummary, results_of, summaries
from haina.resources.libraries.models import Model, find_model, list_models
from haina.security.access import Permission, Purpose, Subject, guard

router = APIRouter(prefix="/api/quality", tags=["数据资源"])
models_router = APIRouter(prefix="/api/models", tags=["数据资源"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]


@dataclass(frozen=True)
class ModelView:
    dataset: str
    title: str
    owner: str
    inputs: list[str]


@dataclass(frozen=True)
class ModelDetail:
    dataset: str
    title: str
    summary: str
    owner: str
    inputs: list[str]
    sql: str
    schedule: str | None
    checks: list[dict[str, Any]]


@router.get("", operation_id="quality_summaries")
def get_summaries(request: Request, _subject: Reader) -> list[CheckSummary]:
    """各数据集最近一次检核。"""
    with request.app.state.platform.database.read() as connection:
        return summaries(connection)


@router.get("/{dataset}", operation_id="quality_results")
def get_results(
    request: Request, _subject: Reader, dataset: str, version: int | None = None
) -> list[CheckResult]:
    """一个数据集各规则的结果,失败多的在前;失败的主键已脱敏、限量。"""
    with request.app.state.platform.database.read() as connection:
        return results_of(connection, dataset, version)


@router.get("/{dataset}/rows", operation_id="failing_rows")
def get_failing_rows(
    request: Request,
    dataset: str,
    rule: Annotated[str, Query(max_length=200)],
    subject: Annotated[Subject, guard(Permission.DATA_PREVIEW)],
) -> Answer:
    """不符合某条规则的行(标准层),敏感项已脱敏。"""
    engine: Engine = request.app.state.engine
    name = f"std.{dataset.split('.', 1)[-1]}"
    if "\0" in rule:
        raise BAD_INPUT("规则名含有不能使用的字符", field="rule")
    with engine.platform.database.read() as connection:
        lake.find_dataset(connection, name)
    sql = (
        f"SELECT * FROM {quote_name(name)} "
        f"WHERE list_contains(string_split({ISSUES}, ';'), {literal(rule)}) LIMIT 100"
    )
    page = engine.read(subject, Purpose.PREVIEW, sql, rows=100)
    return Answer(columns=page.columns, rows=page.rows, truncated=page.truncated)


@models_router.get("", operation_id="list_models")
def get_models(request: Request, _subject: Reader) -> list[ModelView]:
    """全部加工模型。"""
    with request.app.state.platform.database.read() as connection:
        return [
            ModelView(one.spec.dataset, one.spec.title, one.spec.owner, list(one.inputs))
            for one in list_models(connection)
        ]


@models_router.get("/{dataset}", operation_id="model_detail")
def get_model(request: Request, _subject: Reader, dataset: str) -> ModelDetail:
    """一个加工模型的 SQL、输入与检核。"""
    with request.app.state.platform.database.read() as connection:
        return _detail(find_model(connection, dataset))


def _detail(model: Model) -> ModelDetail:
    spec = model.spec
    return ModelDetail(
        spec.dataset,
        spec.title,
        spec.summary,
        spec.owner,
        list(model.inputs),
        spec.sql,
        spec.schedule,
        [check.model_dump(mode="json") for check in spec.checks],
    )
