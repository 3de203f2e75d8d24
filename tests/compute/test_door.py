"""The one door to data: who may read what for which purpose, and never without evidence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haina.compute import Engine, lake
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import (
    Mask,
    ObjectFacts,
    Purpose,
    Role,
    Subject,
    decide,
    retire_object,
    system_subject,
)
from tests.app.support_http import Prepared
from tests.support.packs import PERSON_HEADER, id_number, people, write_csv
from tests.support.running import engine_of, run_all

FACTS = ObjectFacts(
    "std.person", "dataset", "人口", "gongan", 3,
    {"id_number": (3, Mask.ID_NUMBER), "kin": (4, Mask.NONE), "sex": (1, Mask.NONE)},
)  # fmt: skip

ALLOWED = {
    Role.OPERATOR: {Purpose.PREVIEW, Purpose.QUERY, Purpose.SERVICE, Purpose.COCKPIT,
                    Purpose.QUALITY},
    Role.STEWARD: {Purpose.PREVIEW, Purpose.SERVICE, Purpose.COCKPIT, Purpose.QUALITY},
    Role.OFFICER: {Purpose.PREVIEW, Purpose.SERVICE, Purpose.COCKPIT, Purpose.QUALITY},
    Role.LEADER: {Purpose.COCKPIT, Purpose.QUALITY},
    Role.SYSTEM_ADMIN: set(),
    Role.SECURITY_ADMIN: set(),
    Role.AUDIT_ADMIN: set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def door(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    platform = prepared.copy(tmp_path_factory.mktemp("door") / "home")
    with engine_of(platform) as engine:
        yield engine
    platform.close()


@pytest.fixture
def own_door(prepared: Prepared, tmp_path: Path) -> Iterator[Engine]:
    platform = prepared.copy(tmp_path / "home")
    with engine_of(platform) as engine:
        yield engine
    platform.close()


def person(role: Role, agency: str | None = None) -> Subject:
    return Subject(f"a_{role.value}", frozenset({role}), agency)


def last_record(platform: Platform) -> evidence.Record:
    with platform.database.read() as connection:
        return evidence.records(connection, limit=100_000)[-1]


# What the policy says


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("role", list(Role))
def test_decisions_by_role_and_purpose(role: Role, purpose: Purpose) -> None:
    decision = decide(person(role), FACTS, purpose)
    assert decision.allowed is (purpose in ALLOWED[role])
    assert decision.reason


def test_a_steward_may_query_what_the_agency_owns_and_nothing_else() -> None:
    assert decide(person(Role.STEWARD, "gongan"), FACTS, Purpose.QUERY).allowed
    assert not decide(person(Role.STEWARD, "minzheng"), FACTS, Purpose.QUERY).allowed


def test_an_officer_of_the_owner_may_not_query() -> None:
    assert not decide(person(Role.OFFICER, "gongan"), FACTS, Purpose.QUERY).allowed


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_whoever_may_read_sees_sensitive_items_masked(role: Role, purpose: Purpose) -> None:
    decision = decide(person(role, "gongan"), FACTS, purpose)
    if decision.allowed:
        assert decision.masks == {"id_number": Mask.ID_NUMBER, "kin": Mask.HIDE}


def test_only_the_owner_of_the_installation_sees_everything() -> None:
    assert decide(system_subject("root"), FACTS, Purpose.QUERY).masks == {}
    assert decide(system_subject("root"), FACTS, Purpose.PREVIEW).masks != {}


# What the door does


@pytest.mark.parametrize("role", [r for r in Role if Purpose.QUERY not in ALLOWED[r]])
def test_a_refused_reader_gets_no_rows_and_leaves_no_reading(door: Engine, role: Role) -> None:
    before = last_record(door.platform).seq
    with pytest.raises(HainaError) as caught:
        door.read(person(role), Purpose.QUERY, "SELECT 1 FROM std.person")
    assert (caught.value.code, caught.value.field) == ("forbidden", "dataset")
    assert last_record(door.platform).seq == before


def test_one_dataset_that_is_refused_refuses_the_whole_query(door: Engine) -> None:
    steward = person(Role.STEWARD, "gongan")
    assert door.read(steward, Purpose.QUERY, "SELECT count(*) FROM std.person").rows == [[60]]
    joined = "SELECT count(*) FROM std.person p JOIN std.aid a ON p.no = a.no"
    with pytest.raises(HainaError, match=r"std\.aid"):
        door.read(steward, Purpose.QUERY, joined)


def test_a_reading_is_in_evidence_with_who_what_and_which_version(door: Engine) -> None:
    sql = "SELECT count(*) FROM std.person"
    door.read(person(Role.OPERATOR), Purpose.QUERY, sql)
    record = last_record(door.platform)
    with door.platform.database.read() as connection:
        version = lake.find_dataset(connection, "std.person").current_version
    assert (record.actor, record.act) == ("a_operator", "data.query")
    assert record.object == f"std.person@{version}"
    assert "count(*)" in record.details["sql"].lower()


def test_evidence_is_written_before_anything_is_computed(
    door: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = last_record(door.platform).seq
    seen: list[int] = []

    def session(*_: Any) -> Any:
        seen.append(last_record(door.platform).seq)
        raise RuntimeError("no sandbox")

    monkeypatch.setattr(door.pool, "session", session)
    with pytest.raises(RuntimeError, match="no sandbox"):
        door.read(person(Role.OPERATOR), Purpose.QUERY, "SELECT 1 FROM std.person")
    assert seen == [before + 1]


@pytest.mark.parametrize("way", ["read", "preview", "page"])
def test_without_evidence_there_are_no_rows(
    door: Engine, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def refuse(*_: Any, **__: Any) -> int:
        raise OSError("disk full")

    computed: list[Any] = []
    monkeypatch.setattr(evidence, "append", refuse)
    monkeypatch.setattr(door.pool, "session", lambda *_: computed.append(1))
    operator = person(Role.OPERATOR)
    with pytest.raises(OSError, match="disk full"):
        if way == "read":
            door.read(operator, Purpose.QUERY, "SELECT 1 FROM std.person")
        elif way == "preview":
            door.preview(operator, "std.person")
        else:
            door.page_rows(operator, Purpose.SERVICE, "std.person", ["no"], {}, after=None, limit=5)
    assert computed == []


def test_a_dataset_that_security_does_not_know_cannot_be_read(own_door: Engine) -> None:
    with own_door.platform.database.write() as connection:
        retire_object(connection, "std.person")
    with pytest.raises(HainaError, match="尚未登记") as caught:
        own_door.read(person(Role.OPERATOR), Purpose.QUERY, "SELECT 1 FROM std.person")
    assert caught.value.code == "forbidden"


def test_not_even_by_the_owner_of_the_installation(own_door: Engine) -> None:
    with own_door.platform.database.write() as connection:
        retire_object(connection, "std.person")
    with pytest.raises(HainaError, match="尚未登记"):
        own_door.read(system_subject("root"), Purpose.QUERY, "SELECT 1 FROM std.person")


def test_bookkeeping_columns_are_hidden_and_issues_are_shown(door: Engine) -> None:
    page = door.read(system_subject("root"), Purpose.QUERY, "SELECT * FROM std.person")
    names = [name for name, _ in page.columns]
    assert names == ["no", "id_number", "name", "sex", "birth_date", "_issues"]


@pytest.mark.parametrize("column", ["_run", "_seq", "_loaded_at"])
def test_a_hidden_column_cannot_be_asked_for(door: Engine, column: str) -> None:
    with pytest.raises(HainaError):
        door.read(system_subject("root"), Purpose.QUERY, f"SELECT {column} FROM ods.person")


def test_masks_lie_under_the_query(door: Engine) -> None:
    sql = f"SELECT count(*) FROM std.person WHERE id_number = '{id_number(3)}'"
    assert door.read(person(Role.OPERATOR), Purpose.QUERY, sql).rows == [[0]]
    assert door.read(system_subject("root"), Purpose.QUERY, sql).rows == [[1]]


def test_nothing_is_read_inside_a_transaction(door: Engine) -> None:
    with (
        door.platform.database.write(),
        pytest.raises(RuntimeError, match="inside a transaction"),
    ):
        door.read(person(Role.OPERATOR), Purpose.QUERY, "SELECT 1 FROM std.person")


def test_a_pinned_version_is_read_as_it_was(own_door: Engine) -> None:
    platform = own_door.platform
    with platform.database.read() as connection:
        old = lake.find_dataset(connection, "std.person").current_version
    assert old is not None
    write_csv(platform.settings.home / "files" / "hj.csv", PERSON_HEADER, people(61))
    run_all(platform)
    sql = "SELECT count(*) FROM std.person"
    root = system_subject("root")
    assert own_door.read(root, Purpose.QUERY, sql).rows == [[61]]
    assert own_door.read(root, Purpose.QUERY, sql, at={"std.person": old}).rows == [[60]]
    assert last_record(platform).object == f"std.person@{old}"


def test_a_version_that_never_was(door: Engine) -> None:
    with pytest.raises(HainaError) as caught:
        door.preview(person(Role.OFFICER), "std.person", version=999)
    assert (caught.value.code, caught.value.field) == ("not_found", "version")


def test_pages_need_no_unmasked_values(door: Engine) -> None:
    officer, seen, after = person(Role.OFFICER), [], None
    while True:
        page = door.page_rows(
            officer, Purpose.SERVICE, "std.person", ["no", "name"], {}, after=after, limit=25
        )
        seen += page.rows
        after = page.next_after
        if after is None:
            break
    assert sorted(int(no) for no, _ in seen) == list(range(1, 61))
    assert all("*" in name for _, name in seen)
