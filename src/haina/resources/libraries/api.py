"""Check results and models, for pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection

from haina.compute import ISSUES, Engine, lake
from haina.compute.api import Answer
from haina.kernel import jobs
from haina.kernel.errors import BAD_INPUT
from haina.kernel.jobs import Job, JobFilter
from haina.kernel.sql import literal, quote_name
from haina.resources.libraries.checks import CheckResult, CheckSummary, results_of, summaries
from haina.resources.libraries.models import BUILD, Model, find_model, list_models
from haina.resources.libraries.stale import request_build, stale_causes
from haina.security import evidence
from haina.security.access import Permission, Purpose, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/quality", tags=["数据资源"])
models_router = APIRouter(prefix="/api/models", tags=["数据资源"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]


@dataclass(frozen=True)
class DatasetQuality(CheckSummary):
    """The newest check of a dataset, with its name and who answers for it."""

    title: str
    owner: str


@dataclass(frozen=True)
class LastBuild:
    run: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class ModelView:
    """A model in a list. `stale`: why its dataset should be made anew, in words; None when it
    need not be. `last`: its newest build, as far as it went."""

    dataset: str
    title: str
    owner: str
    zone: str
    inputs: list[str]
    rows: int | None
    updated_at: datetime | None
    stale: str | None
    last: LastBuild | None


@dataclass(frozen=True)
class BuildAsked:
    """`run`: the build that was queued, or the one that already waited."""

    run: str
    waited: bool


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
    key: list[str]
    stale: str | None
    last: LastBuild | None


@router.get("", operation_id="quality_summaries")
def get_summaries(request: Request, _subject: Reader) -> list[DatasetQuality]:
    """各数据集最近一次检核。"""
    with request.app.state.platform.database.read() as connection:
        named = lake.titles_and_owners(connection)
        return [
            DatasetQuality(**vars(one), title=named[one.dataset][0], owner=named[one.dataset][1])
            for one in summaries(connection)
            if one.dataset in named
        ]


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
        stale = stale_causes(connection)
        last = jobs.newest_by_subject(connection, BUILD)
        known = {one.name: one for one in lake.heads(connection)}
        return [
            _view(one, known[one.spec.dataset], stale, last)
            for one in list_models(connection)
            if one.spec.dataset in known
        ]


@models_router.get("/{dataset}", operation_id="model_detail")
def get_model(request: Request, _subject: Reader, dataset: str) -> ModelDetail:
    """一个加工模型的 SQL、输入与检核。"""
    with request.app.state.platform.database.read() as connection:
        model = find_model(connection, dataset)
        stale = stale_causes(connection).get(dataset)
        builds = JobFilter(kind=BUILD, subject=dataset)
        newest = jobs.find_jobs(connection, builds, limit=1).jobs
        return _detail(model, stale, newest[0] if newest else None)


@models_router.post("/{dataset}/build", operation_id="build_model")
def post_build(
    request: Request, subject: Annotated[Subject, guard(Permission.RUNS_STEER)], dataset: str
) -> BuildAsked:
    """立即加工一次,不论上游有没有更新;已在排队的不重复提交。"""
    with request.app.state.platform.database.write() as connection:
        find_model(connection, dataset)
        name = subject.title or subject.person
        queued = request_build(connection, dataset, subject.person, name)
        evidence.append(connection, subject.person, "model.build", f"dataset:{dataset}")
        return BuildAsked(queued or _waiting(connection, dataset), queued is None)


def _waiting(connection: Connection, dataset: str) -> str:
    waits = JobFilter(state="queued", kind=BUILD, subject=dataset)
    return jobs.find_jobs(connection, waits, limit=1).jobs[0].id


def _view(
    model: Model, dataset: lake.DatasetHead, stale: dict[str, str], last: dict[str, Job]
) -> ModelView:
    spec = model.spec
    return ModelView(
        spec.dataset,
        spec.title,
        spec.owner,
        dataset.zone,
        list(model.inputs),
        dataset.rows,
        dataset.updated_at,
        stale.get(spec.dataset),
        _last(last.get(spec.dataset)),
    )


def _last(job: Job | None) -> LastBuild | None:
    if job is None:
        return None
    message = (job.error or {}).get("message")
    return LastBuild(job.id, job.state, job.started_at, job.ended_at, message)


def _detail(model: Model, stale: str | None, last: Job | None) -> ModelDetail:
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
        list(spec.key),
        stale,
        _last(last),
    )
