"""The declarations are complete and agree with one another."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from simulation import divisions
from simulation.checksum import valid_id, valid_uscc
from simulation.codes import CODE_SETS, aliases, spellings
from simulation.schema import schema
from simulation.tables.agencies import AGENCIES
from simulation.tables.all import TABLES


def test_published_examples_have_right_check_characters() -> None:
    assert valid_id("11010519491231002X")
    assert valid_id("440524188001010014")
    assert not valid_id("440524188001010015")
    assert valid_uscc("91110000600037341L")


def test_there_are_32_agencies_and_each_keeps_two_to_eight_tables() -> None:
    counts = {code: sum(t.agency.code == code for t in TABLES) for code in AGENCIES}
    assert len(counts) == 32
    assert all(2 <= count <= 8 for count in counts.values())
    assert len(TABLES) >= 85


def test_references_name_declared_columns() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.kind.startswith("ref:"):
                name, target = column.target
                parent = next(t for t in TABLES if t.agency == table.agency and t.name == name)
                assert parent.column(target).key
                assert parent.column(target).physical == column.physical


def test_spellings_of_a_code_set_are_distinct() -> None:
    for name in CODE_SETS:
        for style in ("standard", "label", "ordinal", "letter"):
            written = spellings(name, style)
            assert len(set(written)) == len(written)
            known = {code for code, _ in CODE_SETS[name].values}
            assert set(aliases(name, style).values()) <= known


def test_schema_names_every_table_with_key_and_columns() -> None:
    printed = schema()
    assert len(printed["tables"]) == len(TABLES)
    for table in printed["tables"]:
        names = {column["name"] for column in table["columns"]}
        assert table["key"]
        assert {*table["key"], table["update_time"]} <= names
        used = {c["codeset"] for c in table["columns"] if "codeset" in c}
        assert used <= set(printed["codesets"])


def test_a_package_with_another_digest_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "package.tgz"
    archive.write_bytes(b"not the package")
    with pytest.raises(divisions.DivisionsError, match="校验值"):
        divisions.verify(archive)


def test_the_stamp_saves_a_second_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in divisions.MEMBERS.values():
        (tmp_path / name).write_bytes(b"")
    (tmp_path / divisions.STAMP).write_text(divisions.INTEGRITY, "utf-8")
    monkeypatch.setattr(divisions, "pack", None)
    assert divisions.fetch(tmp_path) == tmp_path / "data.sqlite"
    digest = base64.b64encode(hashlib.sha512(b"").digest()).decode()
    assert not divisions.INTEGRITY.endswith(digest)


def test_missing_npm_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.divisions.shutil.which", lambda _: None)
    monkeypatch.setattr("simulation.divisions.importlib.util.find_spec", lambda _: None)
    with pytest.raises(divisions.DivisionsError, match="找不到 npm"):
        divisions.npm_command()
