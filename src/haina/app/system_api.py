"""The state of the installation, for pages and probes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request

import haina
from haina.app import machine
from haina.app.doctor import Finding, examine
from haina.kernel import jobs
from haina.kernel.jobs import Worker
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/system", tags=["系统"])
Reader = Annotated[Subject, guard(Permission.SYSTEM_READ)]


@dataclass(frozen=True)
class SystemState:
    version: str
    database: str
    jobs: dict[str, int]
    workers: list[Worker]
    room: machine.Room


@dataclass(frozen=True)
class SystemFacts:
    """What does not change while the server runs."""

    parts: list[machine.Part]
    settings: list[machine.Setting]


@router.get("/health", operation_id="health", openapi_extra={"x-public": True})
def get_health(request: Request) -> dict[str, str]:
    """服务可用则答 ok;不需登录,不透露其他。"""
    with request.app.state.platform.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"state": "ok"}


@router.get("", operation_id="system_state")
def get_state(request: Request, _subject: Reader) -> SystemState:
    """版本、作业、工作进程、磁盘与内存。"""
    platform = request.app.state.platform
    with platform.database.read() as connection:
        return SystemState(
            haina.__version__,
            "SQLite" if platform.database.is_sqlite else "PostgreSQL",
            jobs.count_by_state(connection),
            jobs.workers(connection),
            machine.room(platform, connection),
        )


@router.get("/facts", operation_id="system_facts")
def get_facts(request: Request, _subject: Reader) -> SystemFacts:
    """所用部件的版本,每个设置的值与含义;口令与密钥不示人。"""
    platform = request.app.state.platform
    with platform.database.read() as connection:
        parts = machine.parts(platform, connection)
    return SystemFacts(parts, machine.settings_of(platform.settings))


@router.get("/examination", operation_id="examination")
def get_examination(request: Request, _subject: Reader) -> list[Finding]:
    """体检:逐项查看平台库、密钥、磁盘、工作进程、数据湖、存证链等,同 haina doctor。"""
    platform = request.app.state.platform
    return examine(platform.settings, platform)
