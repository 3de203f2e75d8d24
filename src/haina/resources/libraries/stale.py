"""What became stale runs, in order: an input has a newer version, or the recipe was changed.

A dataset waits while anything it is made of is stale itself or being written. One that failed is
not tried again until its inputs or its recipe change, or a person asks.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection, Row

from haina.catalogue.lineage import all_inputs
from haina.compute import lake
from haina.compute.lake import DatasetHead
from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs import Cause, Job, NewJob, active_jobs, enqueue, list_jobs
from haina.kernel.platform import Platform
from haina.resources.libraries import queries
from haina.resources.libraries.conform import CONFORM
from haina.resources.libraries.models import BUILD

# Less is sooner: what many others wait for goes first.
_PRIORITY = 200


@dataclass(frozen=True)
class Due:
    """A dataset that should be made anew, from which versions, and why. `read`: inputs that are a
    cause, each at the version that was read before; looked up when the job is made, not before:
    what has to wait is judged again at every event."""

    dataset: str
    inputs: dict[str, int]
    digest: str
    cause: str
    first: tuple[Cause, ...] = ()
    read: tuple[tuple[str, int | None], ...] = ()


class _Picture:
    """The state of all recipes at one moment."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.recipes: dict[str, Row[Any]] = {
            row.dataset: row for row in queries.recipe_heads(connection)
        }
        self.inputs = all_inputs(connection)
        self.datasets = {one.name: one for one in lake.heads(connection)}
        self.made = lake.origins(connection)
        self.busy = {job.subject for job in active_jobs(connection) if not self._published(job)}
        self._due: dict[str, Due | None] = {}
        self._waits: dict[str, bool] = {}
        self.readers: dict[str, list[str]] = {}
        for name, sources in self.inputs.items():
            for source in sources:
                self.readers.setdefault(source, []).append(name)

    def _published(self, job: Job) -> bool:
        """A job that has made its version current is only tidying up: nobody need wait for it."""
        if job.subject not in self.datasets or job.state != "running":
            return False
        made = self.made.get(job.subject)
        return made is not None and made.job == job.id

    def weight(self, name: str) -> int:
        """How many datasets, near and far, wait for this one."""
        seen: set[str] = set()
        front = [name]
        while front:
            front = [
                one
                for source in front
                for one in self.readers.get(source, ())
                if one not in seen and one != source
            ]
            seen.update(front)
        return len(seen)

    def due(self, name: str) -> Due | None:
        if name not in self._due:
            self._due[name] = None  # a cycle cannot pass the plan; this only bounds the walk
            self._due[name] = self._judge(name)
        return self._due[name]

    def _judge(self, name: str) -> Due | None:
        recipe, dataset = self.recipes.get(name), self.datasets.get(name)
        if recipe is None or dataset is None:
            return None
        now = self.versions(self.inputs.get(name, set()))
        if now is None:
            return None
        return self._cause(dataset, recipe, now)

    def versions(self, inputs: set[str]) -> dict[str, int] | None:
        """The versions that would be read; None when an input has no data yet."""
        found = {}
        for name in sorted(inputs):
            if self.is_empty(name):
                return None
            found[name] = self.datasets[name].current_version or 0
        return found

    def is_empty(self, name: str) -> bool:
        dataset = self.datasets.get(name)
        return dataset is None or dataset.current_version is None

    def _cause(self, dataset: DatasetHead, recipe: Row[Any], now: dict[str, int]) -> Due | None:
        """Why it should be made anew, in words and with links; None when it need not be."""
        due = partial(Due, dataset.name, now, recipe.digest)
        if dataset.current_version is None:
            return due("首次生成", (Cause("first"),), tuple((name, None) for name in now))
        last = self.made[dataset.name]
        if last.checks.get("recipe") != recipe.digest:
            return due("定义已修改", (Cause("recipe"),))
        seen = dict(last.inputs)
        newer = [name for name in now if not self._same(name, seen.get(name))]
        read = tuple((name, seen.get(name)) for name in newer)
        return due(f"上游更新:{'、'.join(newer)}", read=read) if newer else None

    def causes(self, due: Due) -> tuple[Cause, ...]:
        return (*due.first, *(self._input(name, seen) for name, seen in due.read))

    def _input(self, name: str, seen: int | None) -> Cause:
        """An input at the version whose rows it holds now, and the job that wrote it."""
        version = self.datasets[name].content_version or self.datasets[name].current_version
        written = version and lake.find_version(self.connection, name, version)
        return Cause("input", name, version, seen, written.job if written else None)

    def _same(self, name: str, seen: int | None) -> bool:
        """Does the current version hold the rows of the one that was read?"""
        dataset = self.datasets[name]
        return seen in (dataset.current_version, dataset.content_version)

    def waits(self, name: str) -> bool:
        """Is something that it is made of, near or far, stale or being written?"""
        if name not in self._waits:
            self._waits[name] = self._must_wait(name)
        return self._waits[name]

    def _must_wait(self, name: str) -> bool:
        return name in self.busy or any(
            source in self.busy or self.due(source) is not None or self.waits(source)
            for source in self.inputs.get(name, ())
            if source != name
        )


def stale_causes(connection: Connection) -> dict[str, str]:
    """What is stale at this moment, and why, in words: of every recipe."""
    picture = _Picture(connection)
    found = {name: picture.due(name) for name in picture.recipes}
    return {name: due.cause for name, due in found.items() if due is not None}


def request_build(connection: Connection, dataset: str, person: str, title: str) -> str | None:
    """Queue one recipe because a person asks, stale or not; None when it already waits.

    Raises HainaError(not_found, no_version): there is no such recipe, or an input has no data.
    """
    picture = _Picture(connection)
    if dataset not in picture.recipes:
        raise NOT_FOUND(f"没有加工模型 {dataset}", field="model")
    empty = [name for name in picture.inputs.get(dataset, ()) if picture.is_empty(name)]
    if empty:
        raise lake.NO_VERSION(f"上游 {'、'.join(sorted(empty))} 还没有数据", field="model")
    now = picture.versions(picture.inputs.get(dataset, set())) or {}
    digest = picture.recipes[dataset].digest
    asked = Due(dataset, now, digest, f"{title} 要求加工", (Cause("person", person),))
    return enqueue(connection, _job(picture, asked, None))


def request_stale(platform: Platform, *, batch: str | None = None) -> int:
    """Queue everything that is due and need not wait; the number of jobs queued."""
    with platform.database.read() as connection:
        picture = _Picture(connection)
        ready = [
            due
            for name in picture.recipes
            if (due := picture.due(name))
            and not picture.waits(name)
            and not _failed_before(connection, due)
        ]
        wanted = [_job(picture, due, batch) for due in ready]
    if not wanted:
        return 0
    with platform.database.write() as connection:
        queued = [enqueue(connection, one) for one in wanted]
    return sum(job is not None for job in queued)


def _failed_before(connection: Connection, due: Due) -> bool:
    """Has the last attempt, from the same inputs by the same recipe, failed or been cancelled?"""
    last: list[Job] = list_jobs(connection, subject=due.dataset, limit=1).jobs
    return (
        bool(last)
        and last[0].state in ("failed", "cancelled")
        and (last[0].payload.get("inputs"), last[0].payload.get("digest"))
        == (due.inputs, due.digest)
    )


def _job(picture: _Picture, due: Due, batch: str | None) -> NewJob:
    recipe = picture.recipes[due.dataset]
    kind = CONFORM if recipe.kind == "conform" else BUILD
    verb = "标准化" if kind == CONFORM else "加工"
    return NewJob(
        kind,
        f"{verb} {recipe.title}",
        {"dataset": due.dataset, "inputs": due.inputs, "digest": due.digest},
        cause=due.cause,
        causes=picture.causes(due),
        lock=f"dataset:{due.dataset}",
        dedupe=f"make:{due.dataset}",
        subject=due.dataset,
        batch=batch,
        priority=_PRIORITY - min(_PRIORITY - 1, picture.weight(due.dataset)),
    )


def on_version_published(platform: Platform, payloads: list[dict[str, Any]]) -> None:
    """The event handler: what stands on the new versions may now be due."""
    request_stale(platform, batch=payloads[0].get("batch"))
