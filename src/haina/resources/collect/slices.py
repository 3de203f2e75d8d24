"""A large table in slices by key range: each is read by itself, kept on disk, and never read again.

The ledger of slices is the job's steps: bounds first, then for each slice its rows and control,
written down after its file is safe. An attempt that dies leaves what it has done to the next.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.jobs import JobContext, Postponed
from haina.kernel.platform import Platform
from haina.resources.collect import kinds
from haina.resources.collect.pace import Pace, opens_at

if TYPE_CHECKING:
    import pyarrow as pa


def folder_of(platform: Platform, job: str) -> Path:
    return platform.settings.home / "staging" / job


@dataclass(frozen=True)
class Cut:
    """A table to be read in slices by `column`, of about `rows` rows each."""

    kind: kinds.Kind
    connection: Any
    table: kinds.SourceTable
    context: kinds.ReadContext
    column: str
    rows: int
    pace: Pace
    window: str | None
    since: kinds.Watermark | None


def sliced(context: JobContext, cut: Cut) -> "SlicedReading | None":
    """Read what is not read yet; None when the table is small or cannot be split.

    Raises Postponed when the source's hours end between two slices.
    """
    ranges = _ranges(context, cut)
    if len(ranges) < 2:
        return None
    folder = folder_of(context.platform, context.job.id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    controls = []
    for number, part in enumerate(ranges):
        name = f"slice {number + 1}"
        done = context.done_step(name)
        if done is None or not (folder / f"{number}.parquet").exists():
            _still_open(cut.window, number, len(ranges))
            done = _read(context, cut, part, folder / str(number), name)
        controls.append(kinds.Control(**done["control"]))
        context.progress((number + 1) / len(ranges) * 0.9, f"已读 {number + 1}/{len(ranges)} 片")
    return SlicedReading(folder, len(ranges), controls, cut.since)


def _ranges(context: JobContext, cut: Cut) -> list[kinds.KeyRange]:
    """The bounds, decided once for the job."""
    done = context.done_step("slices")
    if done is None:
        with context.step("slices") as handle:
            found = cut.kind.slices(
                cut.connection, cut.table, cut.column, context=cut.context, rows=cut.rows
            )
            handle.output = done = {"ranges": [asdict(one) for one in found]}
        context.log(f"按 {cut.column} 分为 {len(found)} 片")
    return [kinds.KeyRange(**one) for one in done["ranges"]]


def _still_open(window: str | None, number: int, count: int) -> None:
    opening = opens_at(window, clock.now())
    if opening is not None:
        raise Postponed(opening, f"已读 {number}/{count} 片,时段已过,{opening:%m-%d %H:%M} 续读")


def _read(
    context: JobContext, cut: Cut, part: kinds.KeyRange, stem: Path, name: str
) -> dict[str, Any]:
    with context.step(name) as handle:
        with cut.kind.read(
            cut.connection, cut.table, context=cut.context, since=cut.since, part=part
        ) as reading:
            rows = _stage(context, reading, stem.with_suffix(".parquet"), cut.pace)
            control = reading.control()
            _write(stem.with_suffix(".json"), [asdict(one) for one in reading.rejects])
        handle.rows_in, handle.rows_out = control.rows, rows
        handle.output = {"control": asdict(control)}
        return handle.output


def _stage(context: JobContext, reading: kinds.Reading, path: Path, pace: Pace) -> int:
    """Rows to a Parquet file, whole or not at all."""
    import pyarrow.parquet as pq

    rows, part = 0, path.with_suffix(".part")
    with pq.ParquetWriter(part, reading.schema, compression="zstd") as writer:
        for batch in reading.batches():
            context.check()
            writer.write_batch(batch)
            rows += batch.num_rows
            pace.took(batch.num_rows)
    _settle(part, path)
    return rows


def _write(path: Path, content: Any) -> None:
    part = path.with_suffix(".jsonpart")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    _settle(part, path)


def _settle(part: Path, path: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class SlicedReading:
    """A `Reading` of all slices of a job; each slice is a snapshot of its own."""

    def __init__(
        self,
        folder: Path,
        count: int,
        controls: list[kinds.Control],
        since: kinds.Watermark | None,
    ) -> None:
        self._since = since
        self._folder = folder
        self.count = count
        self._controls = controls
        self.rejects: list[kinds.Reject] = []
        self.remarks: list[str] = []

    @property
    def schema(self) -> "pa.Schema":
        import pyarrow.parquet as pq

        return pq.read_schema(self._folder / "0.parquet")

    def batches(self) -> "Iterator[pa.RecordBatch]":
        import pyarrow.parquet as pq

        for number in range(self.count):
            told = (self._folder / f"{number}.json").read_text(encoding="utf-8")
            self.rejects += [kinds.Reject(**one) for one in json.loads(told)]
            with pq.ParquetFile(self._folder / f"{number}.parquet") as file:
                yield from file.iter_batches(kinds.BATCH_ROWS)

    def control(self) -> kinds.Control:
        hashes = [one.key_hash for one in self._controls]
        return kinds.Control(
            sum(one.rows for one in self._controls),
            kinds.add_hashes(*hashes),
            self._highest(),
        )

    def _highest(self) -> str | None:
        if self._since is None:
            return None
        marks = [one.watermark for one in self._controls if one.watermark is not None]
        return kinds.highest_of(marks, self.schema.field(self._since.column).type)


def sweep(platform: Platform) -> None:
    """Remove what processes and jobs that are no more left on disk: half-fetched files, slices."""
    from haina.kernel.jobs import get_job

    for folder in _folders(kinds.spool_of(platform.settings)):
        if folder.name.isdigit() and not Path(f"/proc/{folder.name}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    for folder in _folders(platform.settings.home / "staging"):
        try:
            with platform.database.read() as connection:
                ended = get_job(connection, folder.name).state not in ("queued", "running")
        except HainaError:
            ended = True
        if ended:
            shutil.rmtree(folder, ignore_errors=True)


def _folders(path: Path) -> list[Path]:
    return [one for one in path.iterdir() if one.is_dir()] if path.is_dir() else []


def clear(platform: Platform, job: str) -> None:
    """The slices of a job that is done are of no more use."""
    shutil.rmtree(folder_of(platform, job), ignore_errors=True)
