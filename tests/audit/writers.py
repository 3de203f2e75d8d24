"""Processes that write to one installation together, and what each was acknowledged.

`python -m tests.audit.writers books SECONDS SEED`: transactions on the platform database from many
threads. `python -m tests.audit.writers ROLE SECONDS SEED`: one dataset, as jobs write to it; ROLE is
append, merge or tidy. HAINA_HOME says where. The last line printed is a JSON object.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyarrow as pa

from haina.compute import lake
from haina.compute.lake.contracts import LAKE_CONFLICT
from haina.kernel.errors import HainaError
from haina.kernel.ids import new_id
from haina.kernel.jobs import JobContext, NewJob, enqueue, queries
from haina.kernel.platform import Platform, open_platform
from haina.kernel.settings import load
from haina.security import evidence

DATASET = "ods.together"
THREADS = 32


def main() -> None:
    """Work until the time is up, then say what was done."""
    role, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    platform = open_platform(load())
    end = time.monotonic() + seconds
    act = keep_books if role == "books" else keep_dataset
    print(json.dumps(act(platform, role, random.Random(seed), lambda: time.monotonic() < end)))
    platform.close()


def keep_books(
    platform: Platform, _role: str, chance: random.Random, going: Callable[[], bool]
) -> dict[str, Any]:
    """Acts in evidence, jobs that are added and claimed, long looks: from 32 threads."""
    done: Counter[str] = Counter()
    errors: list[str] = []
    lock = threading.Lock()

    def work(seed: int) -> None:
        own = random.Random(seed)
        while going() and not errors:
            act = own.choice((_write_act, _add_job, _claim_job, _look, _fold))
            try:
                act(platform, own)
            except Exception as error:  # noqa: BLE001 — any error that reaches a user is a finding
                errors.append(f"{act.__name__}: {type(error).__name__} {error}")
                return
            with lock:
                done[act.__name__] += 1

    threads = [threading.Thread(target=work, args=(chance.random(),)) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return {"done": dict(done), "errors": errors}


def _write_act(platform: Platform, _chance: random.Random) -> None:
    with platform.database.write() as connection:
        evidence.append(connection, "test", "together", f"object:{new_id()}")


def _add_job(platform: Platform, _chance: random.Random) -> None:
    with platform.database.write() as connection:
        enqueue(connection, NewJob("books", "together"))


def _claim_job(platform: Platform, _chance: random.Random) -> None:
    found = queries.claim(platform.database, "w", timedelta(seconds=60), ["books"])
    if found is not None:
        with platform.database.write() as connection:
            queries.finish(connection, found[0], "w", found[1], "done")


def _look(platform: Platform, chance: random.Random) -> None:
    with platform.database.snapshot() as connection:
        before = evidence.records(connection, limit=50)
        time.sleep(chance.uniform(0, 0.05))
        assert evidence.records(connection, limit=50) == before, "a view that changes"


def _fold(platform: Platform, chance: random.Random) -> None:
    if chance.random() < 0.2:
        platform.database.checkpoint()


def keep_dataset(
    platform: Platform, role: str, chance: random.Random, going: Callable[[], bool]
) -> dict[str, Any]:
    """What was acknowledged, as [version, rows]; how often another writer was faster."""
    acknowledged: list[Any] = []
    conflicts = 0
    while going():
        context = _job(platform, role)
        try:
            found = _ROLES[role](context, chance)
        except HainaError as error:
            if error.kind is not LAKE_CONFLICT:
                raise
            conflicts += 1
        else:
            acknowledged += [] if found is None else [found]
        with platform.database.write() as connection:
            queries.finish(connection, context.job, context.worker, context.run_id, "done")
        time.sleep(chance.uniform(0, 0.02))
    return {"acknowledged": acknowledged, "conflicts": conflicts}


def _job(platform: Platform, role: str) -> JobContext:
    """Of those who write rows one at a time, as loads do; who tidies waits for nobody."""
    kind, lock = f"together.{role}", None if role == "tidy" else f"dataset:{DATASET}"
    with platform.database.write() as connection:
        enqueue(connection, NewJob(kind, role, lock=lock))
    while True:
        found = queries.claim(platform.database, role, timedelta(minutes=5), [kind])
        if found is not None:
            return JobContext(platform, found[0], found[1], role)
        time.sleep(0.01)


def _append(context: JobContext, chance: random.Random) -> tuple[int, list[list[str]]]:
    """Rows of which several may be alike."""
    rows = [[f"a{chance.randrange(50)}", str(chance.randrange(5))] for _ in range(20)]
    return _write(context, lake.WriteMode.APPEND, rows), rows


def _merge(context: JobContext, chance: random.Random) -> tuple[int, list[list[str]]]:
    """Keys of its own: appended rows have keys that come twice, which no merge can tell apart."""
    rows = [[f"m{key}", new_id()] for key in chance.sample(range(200), 20)]
    return _write(context, lake.WriteMode.MERGE, rows, merge_key=("k",)), rows


def _write(context: JobContext, mode: lake.WriteMode, rows: list[list[str]], **more: Any) -> int:
    def reader() -> "pa.RecordBatchReader":
        columns = list(zip(*rows, strict=True))
        return pa.table({"k": columns[0], "v": columns[1]}).to_reader()

    with context.step("write") as handle:
        draft = lake.Draft(DATASET, mode, reader, **more)
        return lake.write(context, "write", handle, draft).version


def _tidy(context: JobContext, _chance: random.Random) -> tuple[int, list[list[str]]] | None:
    """Compaction, then retention; how many files went."""
    lake.compact(context, DATASET, smallest_gain=3)
    gone = lake.sweep(context, DATASET, set())
    return (gone, []) if gone else None


_ROLES: dict[str, Callable[[JobContext, random.Random], Any]] = {
    "append": _append,
    "merge": _merge,
    "tidy": _tidy,
}


if __name__ == "__main__":
    main()
