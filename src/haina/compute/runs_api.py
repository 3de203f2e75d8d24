"""Runs, for pages: lists, detail, log, steering, and a live stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.responses import StreamingResponse

from haina.compute import lake
from haina.compute.around import RunAround, around
from haina.compute.timeline import Timeline, timeline
from haina.kernel import clock, jobs
from haina.kernel.errors import BAD_INPUT
from haina.kernel.jobs import Job, JobFilter, LogLine, Run, Step
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import Permission, Subject
from haina.security.access.guard import caller, guard

router = APIRouter(prefix="/api/runs", tags=["运行"])
Reader = Annotated[Subject, guard(Permission.RUNS_READ)]
Steerer = Annotated[Subject, guard(Permission.RUNS_STEER)]
Short = Annotated[str | None, Query(max_length=200)]
Moment = Annotated[datetime | None, Query()]
_MONTH = 31 * 24 * 3600

# A stream ends by itself and the browser comes back: a stopping server need not wait for it.
_STREAM_SECONDS = 20
_TICK_SECONDS = 1.0


@dataclass(frozen=True)
class Asked:
    """The filters that lists and timelines share. `agency`: on the datasets that it owns."""

    state: Short = None
    kind: Short = None
    subject: Short = None
    agency: Short = None
    batch: Short = None
    text: Short = None

    def filter(self, connection: Any, since: datetime | None, until: datetime | None) -> JobFilter:
        owned = tuple(lake.names_of(connection, self.agency)) if self.agency else None
        return JobFilter(
            self.state, self.kind, self.subject, self.batch, self.text, owned, since, until
        )


@dataclass(frozen=True)
class RunPage:
    runs: list[Job]
    next_before: str | None
    today: dict[str, int]


@dataclass(frozen=True)
class RunDetail:
    job: Job
    attempts: list[Run]
    steps: list[Step]


@router.get("", operation_id="list_runs")
def get_runs(
    request: Request,
    _subject: Reader,
    asked: Annotated[Asked, Depends()],
    before: Short = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    since: Moment = None,
    until: Moment = None,
) -> RunPage:
    """作业与运行,新的在前;可按条件,也可只要某段时间里在运行的。"""
    with request.app.state.platform.database.read() as connection:
        wanted = asked.filter(connection, _zoned(since, "since"), _zoned(until, "until"))
        page = jobs.find_jobs(connection, wanted, before=before, limit=limit)
        return RunPage(page.jobs, page.next_before, _today(connection))


@router.get("/timeline", operation_id="run_timeline")
def get_timeline(
    request: Request,
    _subject: Reader,
    asked: Annotated[Asked, Depends()],
    seconds: Annotated[int, Query(ge=10, le=_MONTH, description="时间段的长度")] = 24 * 3600,
    until: Moment = None,
) -> Timeline:
    """一段时间里的运行,按种类成行;挤在一起的短作业合为一块,答复大小有界。"""
    end = _zoned(until, "until") or clock.now()
    with request.app.state.platform.database.read() as connection:
        wanted = asked.filter(connection, end - timedelta(seconds=seconds), end)
        return timeline(connection, wanted)


def _zoned(moment: datetime | None, field: str) -> datetime | None:
    if moment is not None and (moment.tzinfo is None or not 1970 <= moment.year < 2200):
        raise BAD_INPUT("时间须带时区,如 2026-01-02T03:04:05+08:00", field=field)
    return moment


def _today(connection: Any) -> dict[str, int]:
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return jobs.count_by_state(connection, since=midnight)


@router.get("/events", operation_id="run_events", response_class=StreamingResponse)
async def get_events(request: Request, _subject: Reader) -> StreamingResponse:
    """正在等待、正在运行和刚结束的作业,有变化就推送(server-sent events)。"""
    platform: Platform = request.app.state.platform
    return _stream(request, lambda: _live(platform))


@router.get("/{job_id}", operation_id="run_detail")
def get_run(request: Request, _subject: Reader, job_id: str) -> RunDetail:
    """一个作业的各次执行与步骤。"""
    with request.app.state.platform.database.read() as connection:
        return _detail(connection, job_id)


@router.get("/{job_id}/around", operation_id="run_around")
def get_around(request: Request, _subject: Reader, job_id: str) -> RunAround:
    """为什么有这次运行,它又引起了哪些运行。"""
    with request.app.state.platform.database.read() as connection:
        return around(connection, job_id)


@router.get("/{job_id}/log", operation_id="run_log")
def get_log(
    request: Request,
    _subject: Reader,
    job_id: str,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> list[LogLine]:
    """日志,从某一行之后。"""
    with request.app.state.platform.database.read() as connection:
        return jobs.log_lines(connection, job_id, after=after, limit=limit)


@router.get("/{job_id}/events", operation_id="one_run_events", response_class=StreamingResponse)
async def get_run_events(
    request: Request, _subject: Reader, job_id: str, after: Annotated[int, Query(ge=0)] = 0
) -> StreamingResponse:
    """一个作业的进度与新日志(server-sent events)。"""
    platform: Platform = request.app.state.platform
    seen = after

    def look() -> Any:
        nonlocal seen
        with platform.database.read() as connection:
            detail = _detail(connection, job_id)
            lines = jobs.log_lines(connection, job_id, after=seen)
        seen = lines[-1].seq if lines else seen
        return {"detail": detail, "lines": lines}

    await run_in_threadpool(_must_exist, platform, job_id)  # once it streams it can refuse no more
    return _stream(request, look)


@router.post("/{job_id}/cancel", operation_id="cancel_run")
def post_cancel(request: Request, subject: Steerer, job_id: str) -> Job:
    """取消:在等的立即结束,在运行的请它停下。"""
    with request.app.state.platform.database.write() as connection:
        job = jobs.cancel(connection, job_id)
        evidence.append(connection, subject.person, "run.cancel", f"job:{job_id}")
        return job


@router.post("/{job_id}/retry", operation_id="retry_run")
def post_retry(request: Request, subject: Steerer, job_id: str) -> Job:
    """重试失败或取消的作业;做完的步骤不重复。"""
    with request.app.state.platform.database.write() as connection:
        name = subject.title or subject.person
        job = jobs.retry(connection, job_id, f"{name} 重试", subject.person)
        evidence.append(connection, subject.person, "run.retry", f"job:{job_id}")
        return job


def _must_exist(platform: Platform, job_id: str) -> None:
    with platform.database.read() as connection:
        jobs.get_job(connection, job_id)


def _detail(connection: Any, job_id: str) -> RunDetail:
    return RunDetail(
        jobs.get_job(connection, job_id),
        jobs.runs_of(connection, job_id),
        jobs.steps_of(connection, job_id),
    )


def _live(platform: Platform) -> Any:
    with platform.database.read() as connection:
        active = jobs.active_jobs(connection)
        recent = jobs.list_jobs(connection, limit=30).jobs
        today = _today(connection)
    edge = clock.now() - timedelta(minutes=10)
    ended = [job for job in recent if job.ended_at is not None and job.ended_at >= edge]
    return {
        "active": active[:200],
        "waiting": sum(j.state == "queued" for j in active),
        "ended": ended,
        "today": today,
    }


def _stream(request: Request, look: Any) -> StreamingResponse:
    return StreamingResponse(
        _events(request, look),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def _events(request: Request, look: Any) -> AsyncIterator[str]:
    """Send what changed, once a tick, until the stream's time is up, the session has ended or the
    server stops."""
    stopping: asyncio.Event = request.app.state.stopping
    last = ""
    for _ in range(int(_STREAM_SECONDS / _TICK_SECONDS)):
        if await run_in_threadpool(caller, request) is None:
            return
        text = json.dumps(jsonable_encoder(await run_in_threadpool(look)), ensure_ascii=False)
        if text != last:
            last = text
            yield f"data: {text}\n\n"
        else:
            yield ": \n\n"
        if stopping.is_set() or await request.is_disconnected():
            return
        await _pause(stopping)


async def _pause(stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), _TICK_SECONDS)
    except TimeoutError:
        return
