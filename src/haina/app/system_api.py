"""The state of the installation, for pages and probes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request

import haina
from haina.kernel import jobs
from haina.kernel.jobs import Worker
from haina.security.access import Permission, Subject, guard

router = APIRouter(prefix="/api/system", tags=["系统"])


@dataclass(frozen=True)
class SystemState:
    version: str
    database: str
    jobs: dict[str, int]
    workers: list[Worker]


@router.get("/health", operation_id="health", openapi_extra={"x-public": True})
def get_health(request: Request) -> dict[str, str]:
    """服务可用则答 ok;不需登录,不透露其他。"""
    with request.app.state.platform.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"state": "ok"}


@router.get("", operation_id="system_state")
def get_state(
    request: Request, _subject: Annotated[Subject, guard(Permission.SYSTEM_READ)]
) -> SystemState:
    """版本、作业与工作进程。"""
    platform = request.app.state.platform
    with platform.database.read() as connection:
        kind = "SQLite" if platform.database.is_sqlite else "PostgreSQL"
        return SystemState(
            haina.__version__, kind, jobs.count_by_state(connection), jobs.workers(connection)
        )
