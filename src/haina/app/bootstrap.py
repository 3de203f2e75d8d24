"""Where names are bound to things: tables, jobs, events."""

from functools import partial

# Importing the tables registers them with the one metadata of the platform database.
import haina.catalogue.inventory.tables
import haina.catalogue.lineage.tables
import haina.compute.lake.tables
import haina.compute.profiles.tables
import haina.coordination.organizations.tables
import haina.kernel.jobs.tables
import haina.kernel.outbox
import haina.packs.tables
import haina.resources.collect.tables
import haina.resources.libraries.tables
import haina.security.access.tables
import haina.security.evidence.tables
import haina.services.gateway.tables
import haina.services.insight.tables
import haina.standards.elements.tables  # noqa: F401
from haina.compute import Engine, lake, profiles
from haina.compute.engines import SandboxPool
from haina.kernel.jobs import JobKind, ScheduleInput, put_schedule
from haina.kernel.outbox import Handler
from haina.kernel.platform import Platform, open_platform
from haina.kernel.settings import Settings
from haina.resources import collect, libraries
from haina.services import gateway

TIDY = "lake.tidy"


def open_installation(settings: Settings) -> Platform:
    """Open the platform with its tables in place."""
    from haina.app.migrate import migrate

    platform = open_platform(settings)
    migrate(platform)
    return platform


def put_own_schedules(platform: Platform) -> None:
    """What the platform does for itself, every night."""
    with platform.database.write() as connection:
        put_schedule(
            connection,
            ScheduleInput("platform:tidy", TIDY, "整理数据湖", "30 4 * * *", lock="platform:tidy"),
        )
        put_schedule(
            connection,
            ScheduleInput(
                "platform:arrivals",
                collect.WATCH_ARRIVALS,
                "查看到数",
                "every 10m",
                lock="platform:arrivals",
            ),
        )


def open_engine(platform: Platform, *, warm: int) -> Engine:
    """The door to data, with `warm` sandboxes waiting."""
    return Engine(platform, SandboxPool(warm))


def job_kinds(engine: Engine) -> list[JobKind]:
    """Every kind of job that a worker executes."""
    return [
        JobKind(TIDY, "整理数据湖", lake.tidy),
        JobKind(collect.LOAD, "采集", collect.load_table),
        JobKind(collect.MEND, "重送修正行", collect.mend_rows),
        JobKind(collect.WATCH_ARRIVALS, "查看到数", collect.watch_arrivals),
        JobKind(collect.LOAD_SOURCE, "采集数据源", collect.load_source),
        JobKind(libraries.CONFORM, "标准化", partial(libraries.conform, engine)),
        JobKind(libraries.BUILD, "加工", partial(libraries.build, engine)),
        JobKind(gateway.SERVE, "服务副本", partial(gateway.build_copy, engine)),
    ]


def event_handlers() -> dict[str, list[Handler]]:
    """Who hears of what; handlers are idempotent, for events come at least once."""
    return {
        "version.published": [
            libraries.on_version_published,
            gateway.on_version_published,
            profiles.on_version_published,
        ]
    }
