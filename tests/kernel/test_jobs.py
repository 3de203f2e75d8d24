"""The job queue, on both platform databases: order, locks, leases, fences, steps."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from haina.kernel import clock
from haina.kernel.errors import BAD_INPUT, HainaError, kind
from haina.kernel.ids import new_id
from haina.kernel.jobs import (
    Cause,
    Job,
    JobContext,
    JobKind,
    NewJob,
    Runner,
    active_jobs,
    cancel,
    causes_of,
    count_by_state,
    enqueue,
    get_job,
    list_jobs,
    log_lines,
    queries,
    retry,
    runs_of,
    set_off_by,
    steps_of,
    workers,
)
from haina.kernel.jobs.tables import job_table
from haina.kernel.platform import Platform

Handler = Callable[[JobContext], dict[str, Any] | None]
LEASE = timedelta(seconds=30)
AWAY = kind("test_away", 503, "不在", "稍后。")


def add(platform: Platform, title: str = "t", **more: Any) -> str | None:
    with platform.database.write() as connection:
        return enqueue(connection, NewJob("test", title, **more))


def added(platform: Platform, title: str = "t", **more: Any) -> str:
    job = add(platform, title, **more)
    assert job is not None
    return job


def look(platform: Platform, job: str) -> Job:
    with platform.database.read() as connection:
        return get_job(connection, job)


def claim(platform: Platform, worker: str = "a", lease: timedelta = LEASE) -> JobContext | None:
    found = queries.claim(platform.database, worker, lease, ["test"])
    return None if found is None else JobContext(platform, found[0], found[1], worker)


def claimed(platform: Platform, worker: str = "a", lease: timedelta = LEASE) -> JobContext:
    found = claim(platform, worker, lease)
    assert found is not None
    return found


def runner(platform: Platform, handler: Handler, **more: Any) -> Runner:
    return Runner(platform, [JobKind("test", "试", handler)], slots=more.pop("slots", 1), **more)


def set_due(platform: Platform, job: str) -> None:
    """As if the pause before the next attempt were over."""
    with platform.database.write() as connection:
        connection.execute(
            job_table.update().where(job_table.c.id == job).values(due_at=clock.now())
        )


def end_lease(platform: Platform, job: str) -> None:
    moment = clock.now() - timedelta(seconds=1)
    with platform.database.write() as connection:
        connection.execute(
            job_table.update().where(job_table.c.id == job).values(lease_until=moment)
        )


def test_the_more_urgent_and_the_older_go_first(any_platform: Platform) -> None:
    old, new = added(any_platform), added(any_platform)
    urgent = added(any_platform, priority=1)
    later = added(any_platform, due_at=clock.now() + timedelta(hours=1))
    got = [claimed(any_platform).job.id for _ in range(3)]
    assert got == [urgent, old, new]
    assert claim(any_platform) is None
    assert look(any_platform, later).state == "queued"


def test_unknown_kinds_are_left_for_others(any_platform: Platform) -> None:
    added(any_platform)
    assert queries.claim(any_platform.database, "a", LEASE, ["other"]) is None


def test_jobs_of_one_lock_never_run_together(any_platform: Platform) -> None:
    first, second = added(any_platform, lock="x"), added(any_platform, lock="x")
    other = added(any_platform, lock="y")
    held = claimed(any_platform)
    assert held.job.id == first
    assert claimed(any_platform).job.id == other
    assert claim(any_platform) is None
    with any_platform.database.write() as connection:
        queries.finish(connection, held.job, "a", held.run_id, "done")
    assert claimed(any_platform).job.id == second


def test_a_waiting_twin_is_not_added(any_platform: Platform) -> None:
    first = added(any_platform, dedupe="k")
    assert add(any_platform, dedupe="k") is None
    claimed(any_platform)
    assert look(any_platform, first).state == "running"
    assert added(any_platform, dedupe="k") != first


def test_the_database_itself_refuses_a_second_twin(any_platform: Platform) -> None:
    added(any_platform, dedupe="k")
    second = added(any_platform)
    with pytest.raises(sa.exc.IntegrityError), any_platform.database.write() as connection:
        connection.execute(
            job_table.update().where(job_table.c.id == second).values(dedupe_key="k")
        )


def test_a_job_is_enqueued_with_the_act_or_not_at_all(any_platform: Platform) -> None:
    with pytest.raises(ZeroDivisionError), any_platform.database.write() as connection:
        enqueue(connection, NewJob("test", "t"))
        raise ZeroDivisionError
    assert claim(any_platform) is None


def test_result_progress_and_log_are_kept(any_platform: Platform) -> None:
    def handler(context: JobContext) -> dict[str, Any]:
        context.progress(0.5, "一半")
        context.log("你好")
        with context.step("one") as handle:
            handle.rows_in, handle.rows_out, handle.output = 3, 2, {"a": 1}
        return {"rows": 2}

    job = added(any_platform)
    assert runner(any_platform, handler).run_next()
    found = look(any_platform, job)
    assert (found.state, found.result, found.progress) == ("done", {"rows": 2}, 1.0)
    with any_platform.database.read() as connection:
        assert [line.text for line in log_lines(connection, job)] == ["你好"]
        (step,) = steps_of(connection, job)
        (run,) = runs_of(connection, job)
    assert (step.name, step.state, step.rows_in, step.output) == ("one", "done", 3, {"a": 1})
    assert (run.state, run.attempt) == ("done", 1)


def test_a_passing_fault_is_tried_again_with_growing_pauses(any_platform: Platform) -> None:
    def handler(context: JobContext) -> None:
        raise AWAY("源系统不在")

    job = added(any_platform, max_attempts=3)
    work = runner(any_platform, handler)
    pauses = []
    for _ in range(2):
        assert work.run_next()
        found = look(any_platform, job)
        assert found.state == "queued"
        assert found.error is not None
        assert found.error["code"] == "test_away"
        pauses.append((found.due_at - clock.now()).total_seconds())
        assert not work.run_next()
        set_due(any_platform, job)
    assert work.run_next()
    assert look(any_platform, job).state == "failed"
    assert 0.5 < pauses[0] <= 2 < pauses[1] <= 4
    with any_platform.database.read() as connection:
        assert [run.state for run in runs_of(connection, job)] == ["failed"] * 3


def test_a_fault_of_the_input_is_not_tried_again(any_platform: Platform) -> None:
    def handler(context: JobContext) -> None:
        raise BAD_INPUT("不对")

    job = added(any_platform)
    assert runner(any_platform, handler).run_next()
    found = look(any_platform, job)
    assert (found.state, found.attempts) == ("failed", 1)


def test_an_unforeseen_fault_becomes_words(any_platform: Platform) -> None:
    def handler(context: JobContext) -> None:
        raise KeyError("oops")

    job = added(any_platform, max_attempts=1)
    assert runner(any_platform, handler).run_next()
    found = look(any_platform, job)
    assert found.state == "failed"
    assert found.error is not None
    assert found.error["code"] == "internal"
    assert "KeyError" in found.error["message"]
    assert "oops" not in found.error["message"]  # what was in hand may be somebody's data
    with any_platform.database.read() as connection:
        levels = {line.level for line in log_lines(connection, job)}
    assert levels == {"debug", "error"}


def test_steps_that_are_done_are_not_repeated(any_platform: Platform) -> None:
    did: list[str] = []

    def handler(context: JobContext) -> None:
        if context.done_step("first") is None:
            with context.step("first") as handle:
                did.append("first")
                handle.output = {"seen": 1}
        assert context.done_step("first") == {"seen": 1}
        with context.step("second"):
            did.append("second")
            if len(did) < 3:
                raise AWAY()

    job = added(any_platform)
    work = runner(any_platform, handler)
    assert work.run_next()
    set_due(any_platform, job)
    assert work.run_next()
    assert did == ["first", "second", "second"]
    with any_platform.database.read() as connection:
        assert {step.name: step.state for step in steps_of(connection, job)} == {
            "first": "done",
            "second": "done",
        }


def test_a_person_may_retry_what_failed(any_platform: Platform) -> None:
    fails = [True]

    def handler(context: JobContext) -> None:
        if fails:
            raise BAD_INPUT("不对")

    job = added(any_platform, dedupe="k")
    work = runner(any_platform, handler)
    assert work.run_next()
    fails.clear()
    with any_platform.database.write() as connection:
        assert retry(connection, job, "再试").state == "queued"
    assert work.run_next()
    assert look(any_platform, job).state == "done"
    with pytest.raises(HainaError, match="没有失败"), any_platform.database.write() as connection:
        retry(connection, job, "再试")


def test_a_retry_beside_a_waiting_twin_keeps_both(any_platform: Platform) -> None:
    job = added(any_platform, dedupe="k", max_attempts=1)

    def handler(context: JobContext) -> None:
        raise BAD_INPUT("不对")

    assert runner(any_platform, handler).run_next()
    twin = added(any_platform, dedupe="k")
    with any_platform.database.write() as connection:
        retry(connection, job, "再试")
    assert {look(any_platform, one).state for one in (job, twin)} == {"queued"}


def test_a_waiting_job_is_cancelled_at_once(any_platform: Platform) -> None:
    job = added(any_platform)
    with any_platform.database.write() as connection:
        assert cancel(connection, job).state == "cancelled"
    assert claim(any_platform) is None
    with pytest.raises(HainaError) as refused, any_platform.database.write() as connection:
        cancel(connection, job)
    assert refused.value.code == "job_ended"


def test_a_running_job_stops_when_asked(any_platform: Platform) -> None:
    begun = threading.Event()

    def handler(context: JobContext) -> None:
        begun.set()
        while True:
            context.check()
            time.sleep(0.01)

    job = added(any_platform)
    work = runner(any_platform, handler)
    work.start()
    try:
        assert begun.wait(10)
        with any_platform.database.read() as connection:
            assert [one.id for one in workers(connection)] == [work.id]
        with any_platform.database.write() as connection:
            assert cancel(connection, job).cancel_requested
        _await(lambda: look(any_platform, job).state == "cancelled")
    finally:
        work.stop()
    with any_platform.database.read() as connection:
        assert workers(connection) == []


def _await(true: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_heartbeat_keeps_a_long_job(any_platform: Platform) -> None:
    release = threading.Event()
    job = added(any_platform)

    def wait(_context: JobContext) -> None:
        release.wait(20)

    work = runner(any_platform, wait, lease_seconds=1.5)
    work.start()
    try:
        _await(lambda: look(any_platform, job).state == "running")
        time.sleep(2.5)
        assert claim(any_platform, "thief") is None
        release.set()
        _await(lambda: look(any_platform, job).state == "done")
    finally:
        work.stop()
    assert look(any_platform, job).attempts == 1


def test_after_a_takeover_the_old_holder_is_refused(any_platform: Platform) -> None:
    job = added(any_platform)
    old = claimed(any_platform, "old")
    assert claim(any_platform, "new") is None
    end_lease(any_platform, job)
    new = claimed(any_platform, "new")
    assert (new.job.id, new.job.fence, new.job.attempts) == (job, old.job.fence + 1, 2)
    for late in (
        lambda: _write_in(old),
        lambda: queries.renew(any_platform.database, "old", old.job, LEASE),
        lambda: _finish(any_platform, old),
    ):
        with pytest.raises(HainaError) as refused:
            late()
        assert refused.value.code == "lease_lost"
    _write_in(new)
    _finish(any_platform, new)
    assert look(any_platform, job).state == "done"
    with any_platform.database.read() as connection:
        assert [run.state for run in runs_of(connection, job)] == ["failed", "done"]


def test_the_same_worker_is_refused_by_its_old_fence(any_platform: Platform) -> None:
    job = added(any_platform)
    old = claimed(any_platform, "same")
    end_lease(any_platform, job)
    claimed(any_platform, "same")
    with pytest.raises(HainaError) as refused:
        _write_in(old)
    assert refused.value.code == "lease_lost"


def _write_in(context: JobContext) -> None:
    with context.transaction() as connection:
        enqueue(connection, NewJob("other", "t"))


def _finish(platform: Platform, context: JobContext) -> None:
    with platform.database.write() as connection:
        queries.finish(connection, context.job, context.worker, context.run_id, "done")


def test_a_job_that_kills_its_workers_ends(any_platform: Platform) -> None:
    job = added(any_platform, max_attempts=2)
    ran: list[int] = []
    for _ in range(10):
        claimed(any_platform, "dies")
        end_lease(any_platform, job)
    assert runner(any_platform, lambda _context: ran.append(1)).run_next()
    found = look(any_platform, job)
    assert (found.state, ran) == ("failed", [])


@pytest.mark.slow
def test_sixteen_workers_do_three_hundred_jobs_once_each(any_platform: Platform) -> None:
    did: Counter[str] = Counter()
    counting = threading.Lock()
    busy: Counter[str] = Counter()

    def handler(context: JobContext) -> None:
        lock = context.payload["lock"]
        with counting:
            busy[lock] += 1
            assert busy[lock] == 1
            did[context.job.id] += 1
        with context.transaction() as connection:
            enqueue(connection, NewJob("effect", "t", subject=context.job.id))
        with counting:
            busy[lock] -= 1

    with any_platform.database.write() as connection:
        jobs = [
            enqueue(
                connection,
                NewJob("test", "t", {"lock": f"l{n % 40}"}, lock=f"l{n % 40}", batch="b"),
            )
            for n in range(300)
        ]
    work = runner(any_platform, handler, slots=16)
    work.start()
    try:
        _await(lambda: _left(any_platform) == 0, 60)
    finally:
        work.stop()
    assert did == Counter(jobs)
    with any_platform.database.read() as connection:
        assert count_by_state(connection, batch="b") == {"done": 300}
        effects = Counter(
            job.subject for job in list_jobs(connection, kind="effect", limit=999).jobs
        )
    assert effects == Counter(jobs)


def _left(platform: Platform) -> int:
    with platform.database.read() as connection:
        return len(active_jobs(connection, batch="b"))


def test_lists_page_by_key(any_platform: Platform) -> None:
    jobs = [added(any_platform, f"t{n}", subject="s") for n in range(7)]
    seen: list[str] = []
    before = None
    with any_platform.database.read() as connection:
        while True:
            page = list_jobs(connection, subject="s", before=before, limit=3)
            seen += [job.id for job in page.jobs]
            before = page.next_before
            if before is None:
                break
    assert seen == jobs[::-1]


def test_ids_rise_and_never_repeat() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {len(one) for one in made} == {20}


def test_causes_are_kept_and_lead_both_ways(any_platform: Platform) -> None:
    maker = added(any_platform)
    why = (Cause("first"), Cause("input", "std.a", 3, 2, maker))
    made = added(any_platform, causes=why)
    other = added(any_platform, causes=(Cause("input", "std.b", 1, None, maker),))
    with any_platform.database.write() as connection:
        cancel(connection, made)
        retry(connection, made, "张三 重试", "zhangsan")
        assert causes_of(connection, made) == [*why, Cause("retry", "zhangsan")]
        jobs, count = set_off_by(connection, maker, 1)
        assert ([job.id for job in jobs], count) == ([made], 2)
        assert [job.id for job in set_off_by(connection, maker, 9)[0]] == [made, other]
        assert causes_of(connection, maker) == []


def test_a_retry_keeps_the_steps_that_are_adopted(any_platform: Platform) -> None:
    """What a step says it keeps is what a retry really does not do again."""
    worked: list[str] = []

    def handle(context: JobContext) -> None:
        if context.done_step("read") is None:
            with context.step("read") as step:
                worked.append("read")
                step.output = {"n": 1}
        with context.step("check"):
            worked.append("check")
        with context.step("write"):
            worked.append("write")
            if worked.count("write") == 1:
                raise BAD_INPUT("坏行", field="x")

    job = added(any_platform)
    run = runner(any_platform, handle)
    assert run.run_next()
    with any_platform.database.read() as connection:
        told = {step.name: (step.state, step.kept) for step in steps_of(connection, job)}
    assert told == {
        "read": ("done", True), "check": ("done", False), "write": ("failed", False),
    }  # fmt: skip
    with any_platform.database.write() as connection:
        retry(connection, job, "重试", "zhangsan")
    assert run.run_next()
    assert look(any_platform, job).state == "done"
    assert worked == ["read", "check", "write", "check", "write"]
