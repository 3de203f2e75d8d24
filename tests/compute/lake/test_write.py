"""The write protocol (design §4, What is true)."""

from typing import Any

import pyarrow as pa
import pytest
from deltalake.exceptions import DeltaError

from haina.compute import lake
from haina.compute.lake import DatasetSpec, WriteMode, Written
from haina.kernel import outbox
from haina.kernel.errors import HainaError, kind
from haina.kernel.jobs import steps_of
from tests.compute.lake.conftest import NAME, Lake, things

ALL_ANEW = (WriteMode.REPLACE, WriteMode.COMPARE)

REFUSED = kind("test_refused", 422, "不行", "改好再来。")


class Crash(Exception):
    """The process died here."""


def crash(*_: object) -> None:
    raise Crash


def refuse(_written: Written) -> dict[str, Any]:
    raise REFUSED()


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(row["id"] for row in rows)


def test_replace_append_and_merge(any_thing: Lake) -> None:
    first = any_thing.write(things(1, 2))
    assert (first.rows, any_thing.pointer) == (2, first.version)
    any_thing.write(things(3), WriteMode.APPEND)
    assert ids(any_thing.rows()) == [1, 2, 3]
    merged = any_thing.write(things(2, 4, word="y"), WriteMode.MERGE, merge_key=["id"])
    assert merged.rows == 4
    assert [row["word"] for row in any_thing.rows()] == ["x1", "y2", "x3", "y4"]
    any_thing.write(things(9))
    assert ids(any_thing.rows()) == [9]
    assert any_thing.asked == 4


def test_insert_leaves_known_keys_alone(any_thing: Lake) -> None:
    any_thing.write(things(1, 2))
    any_thing.write(things(2, 3, word="y"), WriteMode.INSERT, merge_key=["id"])
    assert [row["word"] for row in any_thing.rows()] == ["x1", "x2", "y3"]


def test_compare_inserts_updates_and_deletes(any_thing: Lake) -> None:
    any_thing.write(things(1, 2, 3))
    changes: list[dict[str, int]] = []

    def look(written: Written) -> dict[str, Any]:
        changes.append(written.changes)
        return {}

    after = pa.table({"id": [1, 2, 4], "word": ["x1", "y2", "x4"]})
    any_thing.write(after, WriteMode.COMPARE, merge_key=["id"], check=look)
    assert [row["word"] for row in any_thing.rows()] == ["x1", "y2", "x4"]
    any_thing.write(after, WriteMode.COMPARE, merge_key=["id"], check=look)
    assert changes == [{"inserted": 1, "updated": 1, "deleted": 1}, {}]


def test_what_a_version_tells(any_thing: Lake) -> None:
    version = any_thing.write(
        things(1, 2), inputs=[("ods.other", 7)], check=lambda written: {"rows": written.rows}
    )
    with any_thing.platform.database.read() as connection:
        (kept,) = lake.versions(connection, NAME)
        (step,) = steps_of(connection, version.job or "")
        assert outbox.waiting(connection)
    assert (kept.rows, kept.inputs, kept.checks) == (2, (("ods.other", 7),), {"rows": 2})
    assert dict(kept.schema) == {"id": "long", "word": "string"}
    assert kept.bytes > 0
    assert (step.state, step.rows_out) == ("done", 2)


def test_the_pointer_moves_only_with_its_transaction(any_thing: Lake) -> None:
    any_thing.write(things(1))
    before = any_thing.pointer
    with pytest.raises(Crash):
        any_thing.write(things(2), publish=crash)
    assert any_thing.pointer == before
    assert ids(any_thing.rows()) == [1]
    assert any_thing.log > (before or 0)


@pytest.mark.parametrize("mode", WriteMode)
def test_the_next_attempt_adopts_the_commit(any_thing: Lake, mode: WriteMode) -> None:
    any_thing.write(things(1))
    context = any_thing.job()
    with pytest.raises(Crash):
        any_thing.write(things(2), mode, context=context, merge_key=["id"], publish=crash)
    asked, log = any_thing.asked, any_thing.log
    version = any_thing.write(things(7), mode, context=any_thing.again(context), merge_key=["id"])
    assert (any_thing.asked, any_thing.log, version.version) == (asked, log, log)
    assert any_thing.pointer == log
    assert ids(any_thing.rows()) == ([2] if mode in ALL_ANEW else [1, 2])


@pytest.mark.parametrize("mode", WriteMode)
def test_what_is_current_already_is_not_written_again(any_thing: Lake, mode: WriteMode) -> None:
    """The attempt ended between making it current and saying so."""
    any_thing.write(things(1))
    context = any_thing.job()
    first = any_thing.write(things(2), mode, context=context, merge_key=["id"])
    asked, log, rows = any_thing.asked, any_thing.log, any_thing.rows()
    again = any_thing.again(context)
    second = any_thing.write(things(7), mode, context=again, merge_key=["id"], publish=crash)
    assert (second.version, second.rows) == (first.version, first.rows)
    assert (any_thing.asked, any_thing.log, any_thing.rows()) == (asked, log, rows)


def test_who_undoes_upon_an_old_pointer_came_too_late(
    thing: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others wrote and swept in the meantime: that is a conflict, no failure of the lake."""
    from haina.compute.lake import writer
    from haina.compute.lake.recovery import undo

    thing.write(things(1))
    with pytest.raises(Crash):
        thing.write(things(2), publish=crash)

    def late(*_: Any) -> None:
        with monkeypatch.context() as once:
            once.setattr(writer, "undo", undo)
            thing.write(things(3))
        raise DeltaError("Find missing file")

    monkeypatch.setattr(writer, "undo", late)
    with pytest.raises(HainaError) as caught:
        thing.write(things(4))
    assert caught.value.code == "lake_conflict"
    assert ids(thing.rows()) == [3]


def test_another_step_of_the_job_writes_its_own(any_thing: Lake) -> None:
    context = any_thing.job()
    for step, number in (("one", 1), ("two", 2)):
        with context.step(step) as handle:
            draft = any_thing.draft(things(number), WriteMode.APPEND)
            lake.write(context, step, handle, draft)
    assert ids(any_thing.rows()) == [1, 2]


def test_the_first_version_is_adopted_too(any_thing: Lake) -> None:
    context = any_thing.job()
    with pytest.raises(Crash):
        any_thing.write(things(1), context=context, publish=crash)
    assert any_thing.pointer is None
    any_thing.write(things(7), context=any_thing.again(context))
    assert (any_thing.asked, ids(any_thing.rows())) == (1, [1])


@pytest.mark.parametrize("mode", WriteMode)
@pytest.mark.parametrize("first", [True, False])
def test_another_job_undoes_what_nobody_made_current(
    thing: Lake, mode: WriteMode, first: bool
) -> None:
    if not first:
        thing.write(things(1))
    with pytest.raises(Crash):
        thing.write(things(2), WriteMode.APPEND, publish=crash)
    thing.write(things(3), mode, merge_key=["id"])
    kept = [] if first or mode in ALL_ANEW else [1]
    assert ids(thing.rows()) == [*kept, 3]


def test_another_step_of_the_same_job_undoes_it(thing: Lake) -> None:
    context = thing.job()
    with pytest.raises(Crash):
        thing.write(things(2), context=context, publish=crash)
    with context.step("other") as handle:
        draft = thing.draft(things(3), WriteMode.APPEND)
        lake.write(context, "other", handle, draft)
    assert ids(thing.rows()) == [3]


def test_a_strong_check_refuses(any_thing: Lake) -> None:
    any_thing.write(things(1))
    before = any_thing.pointer
    context = any_thing.job()
    with pytest.raises(HainaError) as refused:
        any_thing.write(things(2), WriteMode.APPEND, context=context, check=refuse)
    assert refused.value.code == "test_refused"
    assert (any_thing.pointer, ids(any_thing.rows())) == (before, [1])
    with any_thing.platform.database.read() as connection:
        assert [step.state for step in steps_of(connection, context.job.id)] == ["failed"]
    any_thing.write(things(3), WriteMode.APPEND)
    assert ids(any_thing.rows()) == [1, 3]


def test_a_retry_of_what_was_refused_looks_at_its_source_anew(any_thing: Lake) -> None:
    any_thing.write(things(1))
    context = any_thing.job()
    with pytest.raises(HainaError):
        any_thing.write(things(2), WriteMode.APPEND, context=context, check=refuse)

    def only_three(written: Written) -> dict[str, Any]:
        return {} if written.rows_added == 2 else refuse(written)

    again = any_thing.again(context)
    any_thing.write(things(3, 4), WriteMode.APPEND, context=again, check=only_three)
    assert ids(any_thing.rows()) == [1, 3, 4]


def test_a_stale_writer_is_refused_by_the_lake(any_thing: Lake) -> None:
    any_thing.write(things(1))
    slow, quick = any_thing.job("slow"), any_thing.job("quick")
    for mode in WriteMode:
        before = any_thing.rows()

        def overtaken() -> Any:
            # Another writer commits between this one's look at the log and its own commit.
            any_thing.write(things(50), WriteMode.APPEND, context=any_thing.job("other"))
            return any_thing.draft(things(60), mode).reader()

        draft = lake.Draft(NAME, mode, overtaken, merge_key=["id"])
        with pytest.raises(HainaError) as refused, slow.step(f"s{mode}") as handle:
            lake.write(slow, f"s{mode}", handle, draft)
        assert refused.value.code == "lake_conflict"
        assert len(any_thing.rows()) == len(before) + 1
        assert 60 not in ids(any_thing.rows())
    assert quick.job.id != slow.job.id


def test_who_lost_the_lease_moves_no_pointer(any_thing: Lake) -> None:
    any_thing.write(things(1))
    old = any_thing.job("old")

    def taken_over(_written: Written) -> dict[str, Any]:
        any_thing.again(old, "new")
        return {}

    before = any_thing.pointer
    with pytest.raises(HainaError) as refused:
        any_thing.write(things(2), context=old, check=taken_over)
    assert refused.value.code == "lease_lost"
    assert (any_thing.pointer, ids(any_thing.rows())) == (before, [1])


def test_a_lost_lease_undoes_nothing(thing: Lake) -> None:
    """A refused adoption is undone by the present holder alone."""
    old = thing.job("old")
    with pytest.raises(Crash):
        thing.write(things(2), context=old, publish=crash)
    second = thing.again(old, "second")

    def taken_over(written: Written) -> dict[str, Any]:
        thing.again(second, "third")
        return refuse(written)

    log = thing.log
    with pytest.raises(HainaError) as refused:
        thing.write(things(2), context=second, check=taken_over)
    assert (refused.value.code, thing.log) == ("lease_lost", log)


def test_a_cancelled_job_writes_nothing(thing: Lake) -> None:
    thing.write(things(1))
    context = thing.job()
    log = thing.log

    def stop() -> Any:
        context.stop.set()
        return thing.draft(things(2), WriteMode.REPLACE).reader()

    with pytest.raises(HainaError) as refused, context.step("write") as handle:
        lake.write(context, "write", handle, lake.Draft(NAME, WriteMode.REPLACE, stop))
    assert (refused.value.code, thing.log) == ("cancelled", log)


def test_an_error_of_the_source_leaves_no_version(thing: Lake) -> None:
    import pyarrow as pa

    thing.write(things(1))
    log = thing.log

    def breaks() -> Any:
        yield pa.RecordBatch.from_pydict(things(2))
        raise OSError("the source went away")

    def reader() -> "pa.RecordBatchReader":
        return pa.RecordBatchReader.from_batches(pa.table(things(2)).schema, breaks())

    context = thing.job()
    with pytest.raises(Exception, match="went away"), context.step("write") as handle:
        lake.write(context, "write", handle, lake.Draft(NAME, WriteMode.APPEND, reader))
    assert (thing.log, ids(thing.rows())) == (log, [1])


def test_no_write_inside_a_transaction(thing: Lake) -> None:
    context = thing.job()
    draft = thing.draft(things(1), WriteMode.REPLACE)
    with context.step("write") as handle, context.transaction():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            lake.write(context, "write", handle, draft)


def test_a_schema_grows_and_is_replaced(thing: Lake) -> None:
    thing.write(things(1))
    thing.write({"id": [2], "word": ["b"], "more": [True]}, WriteMode.APPEND)
    assert [row.get("more") for row in thing.rows()] == [None, True]
    thing.write({"只": ["有"]})
    assert thing.rows() == [{"只": "有"}]


def test_nothing_to_write_is_a_version_too(thing: Lake) -> None:
    import pyarrow as pa

    empty = pa.table(things(1)).slice(0, 0)
    context = thing.job()
    with context.step("write") as handle:
        draft = lake.Draft(NAME, WriteMode.REPLACE, empty.to_reader)
        version = lake.write(context, "write", handle, draft)
    assert (version.rows, thing.rows()) == (0, [])


def test_a_wide_table_has_fewer_rows_a_group(thing: Lake) -> None:
    import pyarrow.parquet as pq

    rows = list(range(12_000))
    alike = {f"alike{n}": ["同一个值"] * len(rows) for n in range(199)}
    thing.write({"id": [f"唯一的值{n}" for n in rows], **alike})
    (file,) = thing.path.glob("*.parquet")
    metadata = pq.ParquetFile(file).metadata
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [5_000, 5_000, 2_000]
    assert groups[0].column(1).total_compressed_size < 200  # values that repeat stand there once
    assert len(thing.rows()) == len(rows)


def test_many_versions_and_their_checkpoints(thing: Lake) -> None:
    for n in range(45):
        thing.write(things(n), WriteMode.APPEND)
    assert ids(thing.rows()) == list(range(45))
    assert (thing.path / "_delta_log" / "_last_checkpoint").exists()


def test_datasets_are_declared_and_retired(any_thing: Lake) -> None:
    platform = any_thing.platform
    with platform.database.write() as connection:
        lake.declare(connection, DatasetSpec(NAME, "新名", "minzheng", "collect"))
        lake.declare(connection, DatasetSpec("std.x", "甲", "minzheng", "conform"))
    with platform.database.read() as connection:
        assert [one.name for one in lake.datasets(connection)] == [NAME, "std.x"]
        assert lake.find_dataset(connection, NAME).title == "新名"
        for name, code in ((NAME, "no_version"), ("std.none", "not_found")):
            with pytest.raises(HainaError) as refused:
                lake.current(platform, connection, [name])
            assert refused.value.code == code
    with platform.database.write() as connection:
        lake.retire(connection, "std.x")
    with platform.database.read() as connection:
        assert [one.name for one in lake.datasets(connection)] == [NAME]
