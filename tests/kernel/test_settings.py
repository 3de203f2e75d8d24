"""Settings: environment, then haina.conf; a bad one is named."""

from pathlib import Path

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings, load


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "eighty"),
        ("worker_slots", "0"),
        ("lease_seconds", "1"),
        ("query_memory_mb", "1"),
        ("source_networks", "10.0.0.0/8,300.1.1.1/8"),
        ("retention_days", "-1"),
    ],
)
def test_a_bad_value_names_its_variable(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"HAINA_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(HainaError) as refused:
        load(home=tmp_path)
    assert (refused.value.code, refused.value.field) == ("bad_setting", variable)
    assert variable in refused.value.message


def test_the_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "haina.conf").write_text("HAINA_PORT=8123\nHAINA_QUERY_ROWS=7\n")
    monkeypatch.setenv("HAINA_HOME", str(tmp_path))
    monkeypatch.setenv("HAINA_QUERY_ROWS", "9")
    found = load()
    assert (found.port, found.query_rows, found.home) == (8123, 9, tmp_path)


def test_a_bad_line_of_the_file_names_its_variable(tmp_path: Path) -> None:
    (tmp_path / "haina.conf").write_text("HAINA_PORT=x\n")
    with pytest.raises(HainaError) as refused:
        load(home=tmp_path)
    assert refused.value.field == "HAINA_PORT"


def test_lists_are_split_by_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAINA_SOURCE_NETWORKS", "127.0.0.0/8, ::1/128")
    monkeypatch.setenv("HAINA_SOURCE_FILES", "/a,/b")
    found = load(home=tmp_path)
    assert [str(one) for one in found.networks] == ["127.0.0.0/8", "::1/128"]
    assert found.file_roots == (Path("/a"), Path("/b"))


def test_what_is_not_said_lies_under_home(tmp_path: Path) -> None:
    found = load(home=tmp_path)
    assert found.lake_root == tmp_path / "lake"
    assert found.file_roots == (tmp_path / "files",)
    assert found.database_url == f"sqlite:///{tmp_path / 'platform.db'}"
    assert load(home=tmp_path, database="postgresql://a@b/c").database_url == (
        "postgresql+pg8000://a@b/c"
    )


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
