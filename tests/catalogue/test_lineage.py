"""Lineage: what a dataset is made of, who reads it, who uses it."""

from pathlib import Path

import pytest

from haina import packs
from haina.catalogue.lineage import (
    Edge,
    all_inputs,
    downstream,
    edges_into,
    edges_out_of,
    put_lineage,
    put_use,
    remove_lineage,
    remove_use,
    uses_of,
)
from haina.kernel.platform import Platform
from tests.conftest import MakePack


@pytest.fixture
def applied(platform: Platform, tiny_pack: MakePack, tmp_path: Path) -> Platform:
    packs.apply(platform, tiny_pack(tmp_path / "pack"), "test")
    return platform


def test_edges_are_those_that_were_said(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        put_lineage(connection, "base.b", ["std.a"], {"x": [("std.a", "y"), ("std.a", "z")]})
        assert edges_into(connection, "base.b") == [
            Edge("base.b", None, "std.a", None),
            Edge("base.b", "x", "std.a", "y"),
            Edge("base.b", "x", "std.a", "z"),
        ]
        assert edges_out_of(connection, "std.a") == edges_into(connection, "base.b")
        assert downstream(connection, "std.a") == {"base.b"}


def test_saying_it_anew_replaces_what_was_said(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        put_lineage(connection, "base.b", ["std.a"], {"x": [("std.a", "y")]})
        put_lineage(connection, "base.b", ["std.c"], {})
        assert edges_into(connection, "base.b") == [Edge("base.b", None, "std.c", None)]
        assert downstream(connection, "std.a") == set()


def test_removing_it_leaves_the_rest(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        put_lineage(connection, "base.b", ["std.a"], {})
        put_lineage(connection, "base.c", ["std.a"], {})
        remove_lineage(connection, "base.b")
        assert all_inputs(connection) == {"base.c": {"std.a"}}


def test_uses_are_told_once_each(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        put_use(connection, "base.b", "service:s", "旧名")
        put_use(connection, "base.b", "service:s", "新名")
        put_use(connection, "base.b", "cockpit:c", "驾驶舱")
        put_use(connection, "base.c", "service:s", "新名")
        assert [(one.user, one.title) for one in uses_of(connection, "base.b")] == [
            ("cockpit:c", "驾驶舱"), ("service:s", "新名"),
        ]  # fmt: skip
        remove_use(connection, "service:s")
        assert [one.user for one in uses_of(connection, "base.b")] == ["cockpit:c"]
        assert uses_of(connection, "base.c") == []


def test_a_pack_ties_sources_to_topics(applied: Platform) -> None:
    with applied.database.read() as connection:
        assert all_inputs(connection) == {
            "ods.person": {"source:hj"},
            "std.person": {"ods.person"},
            "ods.aid": {"source:db"},
            "std.aid": {"ods.aid"},
            "base.person": {"std.person"},
            "topic.aid": {"base.person", "std.aid"},
        }


def test_items_are_traced_through_cleaning_and_sql(applied: Platform) -> None:
    with applied.database.read() as connection:
        std = {(e.item, e.from_item) for e in edges_into(connection, "std.person") if e.item}
        topic = {
            (e.item, e.from_dataset, e.from_item)
            for e in edges_into(connection, "topic.aid")
            if e.item
        }
    assert ("id_number", "SFZH") in std
    assert ("id_number", "std.aid", "id_number") in topic
    assert ("name", "base.person", "name") in topic


def test_a_service_is_a_use_until_it_is_gone(applied: Platform, tmp_path: Path) -> None:
    with applied.database.read() as connection:
        assert [one.user for one in uses_of(connection, "base.person")] == ["service:person"]
    (tmp_path / "pack/services/person.yaml").unlink()
    packs.apply(applied, tmp_path / "pack", "test")
    with applied.database.read() as connection:
        assert uses_of(connection, "base.person") == []


def test_a_model_that_is_gone_reads_nothing(applied: Platform, tmp_path: Path) -> None:
    (tmp_path / "pack/models/topic/aid.sql").unlink()
    packs.apply(applied, tmp_path / "pack", "test")
    with applied.database.read() as connection:
        assert "topic.aid" not in all_inputs(connection)
        assert downstream(connection, "base.person") == set()
