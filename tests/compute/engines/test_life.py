"""A sandbox ends when it must, says why, and the pool lives on."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from haina.compute.engines import Limits, SandboxPool, SandboxTable, Session, walls
from haina.kernel.errors import HainaError

LIMITS = Limits(seconds=10.0, memory_mb=256, rows=1000, bytes=1_000_000, threads=2)
ENDLESS = "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t"
GONE = 5.0  # seconds within which a process that must end has ended


def zygote_pid(pool: SandboxPool) -> int:
    assert pool._zygote is not None
    return pool._zygote._process.pid


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def wait_gone(pids: list[int]) -> None:
    end = time.monotonic() + GONE
    while any(Path(f"/proc/{pid}/cmdline").exists() and alive(pid) for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_time_is_up(pool: SandboxPool) -> None:
    started = time.monotonic()
    with pool.session([], replace(LIMITS, seconds=1.0)) as session:
        with pytest.raises(HainaError) as caught:
            session.rows(ENDLESS)
        assert session.rows("SELECT 1").rows == [[1]]  # interrupted, not killed
    assert caught.value.code == "query_timeout"
    assert time.monotonic() - started < 15  # not for ever, on a busy machine either


def read_slowly(session: Session) -> None:
    for _batch in session.batches("SELECT range FROM range(100000000)"):
        time.sleep(0.2)


def test_a_slow_reader_spends_its_own_time(pool: SandboxPool) -> None:
    limits = replace(LIMITS, seconds=0.5, rows=None, bytes=None)
    with pool.session([], limits) as session, pytest.raises(HainaError) as caught:
        read_slowly(session)
    assert caught.value.code == "query_timeout"


def test_memory_is_bounded(pool: SandboxPool) -> None:
    with pool.session([], LIMITS) as session, pytest.raises(HainaError) as caught:
        session.rows("SELECT length(string_agg(repeat('x', 1000), '')) FROM range(10000000)")
    assert caught.value.code == "query_memory"


def test_cancel_from_another_thread(pool: SandboxPool) -> None:
    with pool.session([], LIMITS) as session:
        threading.Timer(0.3, session.cancel).start()
        with pytest.raises(HainaError) as caught:
            session.rows(ENDLESS)
    assert caught.value.code == "query_cancelled"  # and not that its time was over


def test_closing_ends_the_process(pool: SandboxPool) -> None:
    with pool.session([], LIMITS) as session:
        session.rows("SELECT 1")
        busy = children(zygote_pid(pool))
    time.sleep(0.1)
    with pool.session([], LIMITS):
        pass
    wait_gone(busy[:1])


def test_spill_uses_a_private_folder_that_vanishes(pool: SandboxPool, tmp_path: Path) -> None:
    own = SandboxPool(warm=0, spill_folder=str(tmp_path))
    limits = replace(LIMITS, spill_mb=2000, memory_mb=200, seconds=60)
    sql = (
        "SELECT count(*) FROM (SELECT DISTINCT hash(range) AS h, repeat('x', 20) || range AS t "
        "FROM range(4000000))"
    )
    with pool.session([], replace(limits, spill_mb=0)) as session:
        with pytest.raises(HainaError) as caught:
            session.rows(sql)
        assert caught.value.code == "query_memory"
    with own.session([], limits) as session:
        assert session.rows(sql).rows[0][0]
        assert len(list(tmp_path.iterdir())) == 1
    own.close()
    assert list(tmp_path.iterdir()) == []


def test_the_zygote_is_replaced(person: SandboxTable) -> None:
    pool = SandboxPool(warm=1)
    with pool.session([person], LIMITS) as session:
        session.rows("SELECT 1")
    first = zygote_pid(pool)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    with pool.session([person], LIMITS) as session:
        assert session.rows("SELECT count(*) FROM std.person").rows == [[3]]
    assert zygote_pid(pool) != first
    pool.close()
    with pytest.raises(HainaError):
        pool.session([], LIMITS)


def test_all_end_with_the_parent() -> None:
    code = (
        "import time\nfrom haina.compute.engines import Limits, SandboxPool\n"
        "pool = SandboxPool(2)\nsession = pool.session([], Limits(50, 256, 10, None, 1))\n"
        "print(pool._zygote._process.pid, flush=True)\n"
        f"session.rows({ENDLESS!r})"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    zygote = int(parent.stdout.readline())
    time.sleep(0.3)
    family = [zygote, *children(zygote)]
    assert len(family) >= 3
    parent.kill()
    parent.communicate()
    wait_gone(family)


def test_the_zygote_has_one_thread_and_no_leftovers(person: SandboxTable) -> None:
    pool = SandboxPool(warm=1)
    pid = 0
    for _ in range(50):
        with pool.session([person], LIMITS) as session:
            assert session.rows("SELECT count(*) FROM std.person").rows == [[3]]
            pid = zygote_pid(pool)
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    assert files < 8
    time.sleep(0.5)
    assert len(children(pid)) <= 2
    pool.close()


def test_no_two_sandboxes_draw_the_same_random_numbers(pool: SandboxPool) -> None:
    """They are forked from one instance of the engine."""
    drawn = set()
    for _turn in range(5):
        with pool.session([], LIMITS) as session:
            [row] = session.rows("SELECT CAST(uuid() AS VARCHAR), random()").rows
            drawn.update(row)
    assert len(drawn) == 10


def test_many_threads_at_once(pool: SandboxPool, person: SandboxTable) -> None:
    def one(number: int) -> object:
        with pool.session([person], LIMITS) as session:
            return session.rows(f"SELECT count(*) + {number} FROM std.person").rows[0][0]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(24))) == [3 + number for number in range(24)]


def test_walls_are_reported() -> None:
    got = walls()
    assert set(got) == {"network", "no_new_privileges", "landlock", "seccomp"}
    assert got["no_new_privileges"] is True


def test_walls_of_the_system_hold_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("1", encoding="ascii")
    (tmp_path / "out").write_text("2", encoding="ascii")
    code = (
        "import os, socket\n"
        "from haina.compute.engines import confine, seccomp\n"
        f"base = {str(tmp_path)!r}\n"
        "assert confine.no_new_privileges()\n"
        "lock = confine.landlock([base + '/in'], None)\n"
        "calls = seccomp.install(writes=False)\n"
        "def tries(act):\n"
        "    try: act(); return 'done'\n"
        "    except OSError as error: return error.strerror\n"
        "print(lock, calls, tries(lambda: open(base + '/in').close()),\n"
        "  tries(lambda: open(base + '/out')), tries(lambda: open(base + '/new', 'w')),\n"
        "  tries(lambda: os.listdir(base)), tries(socket.socket), tries(os.fork),\n"
        "  tries(lambda: os.execv('/bin/true', ['true'])), tries(lambda: os.kill(1, 0)), sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lock, calls, *tried = done.stdout.strip().split("|")
    assert tried[0] == "done"
    if lock != "0":
        assert tried[1] == tried[3] == "Permission denied"
    if calls == "True":
        assert set(tried[4:]) == {"Operation not permitted"}
    if lock != "0" or calls == "True":
        assert tried[2] != "done"
