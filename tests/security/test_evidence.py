"""The evidence chain: any change to it is found, on both platform databases."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.evidence.chain import _digest
from haina.security.evidence.tables import evidence_table

COUNT = 12


@pytest.fixture
def chain(any_platform: Platform) -> Platform:
    """A platform with a dozen records."""
    for n in range(COUNT):
        with any_platform.database.write() as connection:
            said = {"数": n, "嵌": {"z": [1, None, True, "é"], "a": 1.5}}
            evidence.append(connection, f"人{n}", "act", f"object:{n}", said)
    return any_platform


def verdict(platform: Platform) -> evidence.Verdict:
    with platform.database.read() as connection:
        return evidence.verify(connection)


def change(platform: Platform, place: int, /, **values: Any) -> None:
    with platform.database.write() as connection:
        connection.execute(
            evidence_table.update().where(evidence_table.c.seq == place).values(**values)
        )


def row(connection: Connection, seq: int) -> dict[str, Any]:
    query = sa.select(evidence_table).where(evidence_table.c.seq == seq)
    return dict(connection.execute(query).one()._mapping)


def test_an_untouched_chain_is_whole(chain: Platform) -> None:
    found = verdict(chain)
    assert found.whole
    assert found.records == COUNT
    with chain.database.read() as connection:
        page = evidence.records(connection, after=3, limit=4)
        assert found.head == row(connection, COUNT)["digest"]
    assert [record.seq for record in page] == [4, 5, 6, 7]
    assert page[0].details["嵌"] == {"z": [1, None, True, "é"], "a": 1.5}


def test_an_empty_chain_is_whole(any_platform: Platform) -> None:
    assert verdict(any_platform) == evidence.Verdict(0, "0" * 64, None)


@pytest.mark.parametrize("seq", [1, 6, COUNT])
@pytest.mark.parametrize(
    "values",
    [
        {"actor": "别人"},
        {"act": "other"},
        {"object": "object:x"},
        {"details": {}},
        {"digest": "f" * 64},
        {"previous": "f" * 64},
        {"seq": COUNT + 5},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_edit_is_found(chain: Platform, seq: int, values: dict[str, Any]) -> None:
    change(chain, seq, **values)
    assert not verdict(chain).whole


def test_a_moved_moment_is_found(chain: Platform) -> None:
    with chain.database.read() as connection:
        moment = row(connection, 4)["at"]
    change(chain, 4, at=moment + timedelta(microseconds=1))
    assert verdict(chain).broken_at == 4


@pytest.mark.parametrize("seq", [1, 6, COUNT - 1])
def test_a_deleted_record_is_found(chain: Platform, seq: int) -> None:
    with chain.database.write() as connection:
        connection.execute(evidence_table.delete().where(evidence_table.c.seq == seq))
    assert verdict(chain).broken_at == seq + 1


def test_an_edit_with_its_own_digest_made_new_is_found(chain: Platform) -> None:
    with chain.database.read() as connection:
        values = row(connection, 6) | {"actor": "别人"}
    values["digest"] = _digest({key: one for key, one in values.items() if key != "digest"})
    change(chain, 6, actor=values["actor"], digest=values["digest"])
    assert verdict(chain).broken_at == 7


def test_an_inserted_record_is_found(chain: Platform) -> None:
    with chain.database.write() as connection:
        for seq in range(COUNT, 6, -1):
            connection.execute(
                evidence_table.update().where(evidence_table.c.seq == seq).values(seq=seq + 1)
            )
        new = row(connection, 6) | {"seq": 7}
        new["previous"] = row(connection, 6)["digest"]
        new["digest"] = _digest({key: one for key, one in new.items() if key != "digest"})
        connection.execute(evidence_table.insert().values(**new))
    assert verdict(chain).broken_at == 8


def test_swapped_records_are_found(chain: Platform) -> None:
    with chain.database.read() as connection:
        four, five = row(connection, 4), row(connection, 5)
    change(chain, 4, **{**five, "seq": 4})
    change(chain, 5, **{**four, "seq": 5})
    assert verdict(chain).broken_at == 4


def test_an_act_that_fails_leaves_no_record(chain: Platform) -> None:
    with pytest.raises(ZeroDivisionError), chain.database.write() as connection:
        evidence.append(connection, "x", "act", "o")
        raise ZeroDivisionError
    assert verdict(chain).records == COUNT


def test_many_hands_make_one_chain(any_platform: Platform) -> None:
    def act(name: str) -> None:
        for n in range(10):
            with any_platform.database.write() as connection:
                evidence.append(connection, name, "act", f"o{n}")

    threads = [threading.Thread(target=act, args=(f"t{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = verdict(any_platform)
    assert found.whole
    assert found.records == 60


def test_details_that_are_not_json_are_refused(any_platform: Platform) -> None:
    with pytest.raises(TypeError), any_platform.database.write() as connection:
        evidence.append(connection, "x", "act", "o", {"bad": object()})
