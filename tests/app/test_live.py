"""The agencies' systems that run, from `make run`'s own command to rows in the lake: every kind of
source that is asked or asks over a wire, on real servers."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from haina.app.bootstrap import open_installation
from haina.app.running import check_pushed
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from haina.resources import collect
from simulation.systems.books import Books, identity, read_books
from simulation.systems.declare import TABLES
from simulation.systems.programs import find_programs
from tests.app.test_first_hour import free_port
from tests.simulation.divisions import write_divisions
from tests.support.commands import command
from tests.support.processes import ROOT, Process, environment, start, wait_until
from tests.support.running import table_of

PERSONS, SEED, DAY = 2000, 7, date(2026, 11, 22)
CHINA = timezone(timedelta(hours=8))
PACKS = ROOT / "packs"

pytestmark = [pytest.mark.slow, pytest.mark.crash, pytest.mark.timeout(180)]

Row = Mapping[str, str | None]


class Live:
    """A small county whose systems run, and an installation beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.county = folder / "county" / "systems"
        self.home = folder / "home"
        self.port = free_port()
        self.divisions = write_divisions(_made(folder / "county" / "divisions") / "data.sqlite")
        self.base = base_pack(folder / "base")
        self.pack = live_pack(folder / "live")
        self.settings: dict[str, object] = {
            "port": self.port,
            "source_files": folder / "county",
            "source_networks": "127.0.0.1/32",
        }

    def begin(self, *words: str) -> Process:
        """The systems, and the command that runs as long as they do."""
        haina = f"{sys.executable} -m haina"
        return start(
            "simulation.systems",
            environment(self.home, **self.settings),
            self.folder / "log",
            *("--out", str(self.county), "--divisions", str(self.divisions)),
            *("--persons", str(PERSONS), "--seed", str(SEED), "--day", DAY.isoformat()),
            *("--platform", f"http://127.0.0.1:{self.port}"),
            *("--key-command", f"{haina} deliveries key xiaofang_119 119 --json"),
            *(("--", sys.executable, "-m", "haina", *words) if words else ()),
        )

    def up(self, *words: str) -> Process:
        packs = ("--pack", str(self.base), "--pack", str(self.pack))
        return self.begin("up", *packs, *words)

    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def books(self) -> Books:
        found = read_books(self.county, identity(PERSONS, SEED, DAY))
        assert found is not None
        return found

    def receipts(self) -> dict[str, Any]:
        path = self.county / "receipts.json"
        found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return found

    def processes(self) -> dict[int, str]:
        """Everything that runs out of this county or this home, zombies left out."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    kept = (entry / "environ").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if words and (str(self.county) in words or f"HAINA_HOME={self.home}" in kept):
                    found[int(entry.name)] = words
        return found

    def pid_of(self, program: str) -> int:
        """A server's, by the program that it runs."""
        mine = [pid for pid, words in self.processes().items() if f"/{program} " in f"{words} "]
        # The server itself was there before those that it has forked.
        return min(mine)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def base_pack(folder: Path) -> Path:
    """Of packs/wuqing what the live one stands on: organizations, standards, places."""
    for name in (
        "pack.yaml", "organizations.yaml", "standards/codes.yaml", "standards/elements.yaml",
        "sources/division.yaml", "models/base/place.sql",
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKS / "wuqing" / name, folder / name)
    return folder


def live_pack(folder: Path) -> Path:
    """packs/wuqing_live without its schedules: only what a test asks for is collected."""
    shutil.copytree(PACKS / "wuqing_live", folder)
    for path in (folder / "sources").iterdir():
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(one for one in lines if not one.startswith("schedule:")), "utf-8")
    return folder


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    missing = find_programs().missing
    if missing:
        pytest.skip(f"no {', '.join(missing)} on this machine: scripts/machine installs it")
    return Live(tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="module")
def loaded(live: Live) -> Live:
    """After `make run ARGS=--exit`."""
    process = live.up("--run", "--exit", "--await", "xiaofang_alarm", "--summary", f"{live.home}.s")
    try:
        code = process.wait(90)
    finally:
        process.kill()
    assert code == 0, live.said()
    return live


@pytest.fixture
def platform(loaded: Live) -> Iterator[Platform]:
    opened = open_installation(load(home=loaded.home, secret_key=""))
    yield opened
    opened.close()


def as_written(value: Any, type_: str) -> str | None:
    """A value of the lake as the system wrote it."""
    if isinstance(value, datetime):
        local = value.astimezone(CHINA) if value.tzinfo else value
        return f"{local:%Y-%m-%d %H:%M:%S.%f}"[: 23 if type_.endswith("(3)") else 19]
    return None if value is None else str(value)


def in_lake(platform: Platform, name: str) -> list[Row]:
    types = {column.name: column.type for column in TABLES[name].columns}
    rows = table_of(platform, f"ods.{name}").to_pylist()
    return [{key: as_written(row[key], types[key]) for key in types} for row in rows]


def same(platform: Platform, books: Books) -> None:
    """Every row and every value of every table."""
    for name, table in TABLES.items():
        found, wanted = in_lake(platform, name), books.final(name)
        assert sorted(map(table.key_of, found)) == sorted(map(table.key_of, wanted)), name
        known = {table.key_of(row): row for row in found}
        assert [known[table.key_of(row)] for row in wanted] == wanted, name


def last_load(platform: Platform, name: str) -> collect.Load:
    with platform.database.read() as connection:
        return collect.loads_of(connection, name, 1)[0]


def test_every_row_and_value_of_the_running_systems_is_in_the_lake(
    loaded: Live, platform: Platform
) -> None:
    same(platform, loaded.books())
    assert loaded.processes() == {}, "nothing is left running"
    summary = json.loads(Path(f"{loaded.home}.s").read_text("utf-8"))
    assert summary["failed_runs"] == []
    rows = sum(len(loaded.books().rows[name]) for name in TABLES)
    divisions = sum(len(table_of(platform, f"ods.division_{level}").to_pylist())
                    for level in ("province", "city", "area", "street", "village"))  # fmt: skip
    assert summary["rows_collected"] == rows + divisions, "the pushed batches are counted too"


def test_each_kind_shows_what_it_can(loaded: Live, platform: Platform) -> None:
    contract = last_load(platform, "weijian_doctor_contract")
    assert contract.statement is not None
    assert (contract.statement["agrees"], contract.statement["rows"]) == (True, contract.rows)
    assert list(contract.statement["sums"]) == ["fwf"]
    report = last_load(platform, "qixiang_station_report")
    assert report.statement is not None
    assert report.statement["agrees"]
    assert {one["state"] for one in loaded.receipts().values()} == {"loaded"}
    with platform.database.read() as connection:
        placed = {one.kind: one.placement for one in collect.list_sources(connection)}
    assert placed == {
        "sqlite": "direct", "postgresql": "front", "mysql": "direct", "sftp": "file",
        "http": "direct", "push": "push",
    }  # fmt: skip


def test_the_standard_layer_finds_the_mistyped_and_nothing_else(
    loaded: Live, platform: Platform
) -> None:
    from simulation.checksum import valid_id

    books = loaded.books()
    for name in TABLES:
        numbers = [
            one.name for one in TABLES[name].columns if one.told.get("element") == "id_number"
        ]
        bad = (
            sum(not valid_id(row[numbers[0]] or "") for row in books.final(name)) if numbers else 0
        )
        issues = [one for one in table_of(platform, f"std.{name}")["_issues"].to_pylist() if one]
        assert issues == ["id_number.check_digit"] * bad, name


def test_what_runs_together_is_one_table_in_the_end(platform: Platform) -> None:
    rows = table_of(platform, "topic.township_now").to_pylist()
    assert len(rows) == 4
    assert all(row["pm25"] is not None and row["temperature"] is not None for row in rows)
    assert sum(row["weighed_30d"] for row in rows) > 300
    signed = table_of(platform, "std.weijian_doctor_contract")["id_number"].unique()
    assert sum(row["contracts"] for row in rows) == len(signed.drop_null())


def test_a_day_passes_and_only_what_is_new_is_read(loaded: Live, platform: Platform) -> None:
    before = {name: len(loaded.books().rows[name]) for name in TABLES}
    process = loaded.up()
    try:
        wait_until(lambda: "海纳已就绪" in _tail(loaded), 60, "the platform")
        os.kill(loaded.pid_of("postgres"), signal.SIGKILL)
        wait_until(lambda: "停了,重新启动" in _tail(loaded), 20, "the notice")
        pass_day(loaded)
        done = command(loaded.home, "run", "--json", **loaded.settings)
        assert json.loads(done.stdout)["failed"] == [], done.stdout + done.stderr + loaded.said()
        wait_until(lambda: loaded.receipts().get("119-0003", {}).get("state") == "loaded", 30)
        _only_new(loaded, platform, before)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, loaded.said()
    finally:
        process.kill()
    assert loaded.processes() == {}


def _tail(live: Live) -> str:
    return live.said().rpartition("部门的系统已起来")[2]


def pass_day(live: Live) -> None:
    done = days_pass(live)
    assert done.returncode == 0, done.stderr + live.said()


def days_pass(live: Live) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "simulation.systems", "--out", str(live.county), "--pass-day"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def _only_new(live: Live, platform: Platform, before: Mapping[str, int]) -> None:
    books = live.books()
    same(platform, books)
    for name in ("jiaotong_weighing", "shengtai_air_hourly"):
        new = len(books.rows[name]) - before[name]
        assert 0 < last_load(platform, name).source_rows == new, name
    batch = books.batches("qixiang_station_report")["aws_20261122.csv"]
    report = last_load(platform, "qixiang_station_report")
    assert (report.source_rows, report.mode) == (len(batch), "delivery")
    compared = last_load(platform, "weijian_doctor_contract")
    assert compared.changes == {"inserted": 2, "updated": 2, "deleted": 2}
    fever = last_load(platform, "weijian_fever_visit")
    new = len(books.rows["weijian_fever_visit"]) - before["weijian_fever_visit"]
    # One came in late: below the watermark, and found by the overlap.
    assert new < fever.source_rows < len(books.rows["weijian_fever_visit"])
    assert fever.changes["inserted"] == new


def test_systems_that_are_killed_leave_nothing(loaded: Live) -> None:
    """Not the servers, nor the command and what it had started."""
    process = loaded.begin("up", "--pack", str(loaded.base))
    try:
        wait_until(lambda: _has(loaded, "haina.app.worker"), 40, "the command")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        wait_until(lambda: not loaded.processes(), 30, f"the end of {loaded.processes()}")
    finally:
        process.kill()
    late = days_pass(loaded)
    assert (late.returncode, "没有在运行" in late.stderr) == (1, True), "its number is not believed"


def test_stopped_while_it_starts(loaded: Live) -> None:
    process = loaded.begin("up", "--pack", str(loaded.base))
    try:
        wait_until(lambda: _has(loaded, "/mariadbd "), 40, "a server")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130, loaded.said()
        assert loaded.processes() == {}
    finally:
        process.kill()


def _has(live: Live, word: str) -> bool:
    return any(word in words for words in live.processes().values())


@pytest.mark.parametrize(
    ("table", "word"), [("division_area", "不是推送来的"), ("nothing", "没有归集表 nothing")]
)
def test_only_what_is_pushed_can_be_waited_for(platform: Platform, table: str, word: str) -> None:
    with pytest.raises(HainaError, match=word):
        check_pushed(platform, [table])


def test_it_keeps_its_secrets(loaded: Live) -> None:
    for name in ("access.json", "systems.env", "push.key", "receipts.json"):
        assert (loaded.county / name).stat().st_mode & 0o777 == 0o600, name
    secrets = json.loads((loaded.county / "access.json").read_text("utf-8"))
    key = (loaded.county / "push.key").read_text("utf-8")
    for secret in (secrets["owner"], secrets["postgresql"], secrets["mysql"], secrets["api"], key):
        assert secret not in loaded.said()
        assert secret.encode() not in (loaded.home / "platform.db").read_bytes()


def test_rows_are_kept_where_the_manifest_says(loaded: Live) -> None:
    told = json.loads((loaded.county / "manifest.json").read_text("utf-8"))
    folder = loaded.county / f"rows-{told['turn']}"
    counts = {name: pq.read_metadata(folder / f"{name}.parquet").num_rows for name in TABLES}
    assert counts == {name: len(rows) for name, rows in loaded.books().rows.items()}
