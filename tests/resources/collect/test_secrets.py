"""Secrets of sources: sealed in the platform database, and in no answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from haina import packs
from haina.resources import collect
from haina.resources.collect.sources import open_connection
from tests.app.support_http import Prepared, Site, site_over
from tests.resources.collect.loading import apply

PASSWORD = "Pa55-very-secret-word"

SOURCE = """\
name: pg
title: 系统
agency: ju
kind: postgresql
connection: {host: db.internal, database: d, user: u, password: "${PG_PASSWORD}"}
tables:
  - name: pg_t
    from: t
    title: 表
    key: [k]
    columns: {k: {item: k, title: 键}}
"""


@pytest.fixture
def site(
    tmp_path_factory: pytest.TempPathFactory,
    prepared: Prepared,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    platform = prepared.copy(tmp_path / "home")
    monkeypatch.setenv("PG_PASSWORD", PASSWORD)
    apply(platform, tmp_path / "pack", SOURCE)
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.mark.parametrize(
    "path",
    ["/api/sources", "/api/sources/pg", "/api/definitions/source:pg", "/api/lineage/ods.pg_t"],
)
def test_no_answer_holds_the_password(site: Site, path: str) -> None:
    answer = site.web("operator").get(path)
    assert answer.status_code == 200
    assert PASSWORD not in answer.text


def test_a_source_shows_what_is_no_secret(site: Site) -> None:
    found = site.web("operator").get("/api/sources/pg").json()["source"]
    assert found["connection"]["host"] == "db.internal"
    assert "password" not in found["connection"]
    assert "secrets" not in found


def test_nothing_under_the_installation_holds_it(site: Site) -> None:
    site.platform.database.checkpoint()
    for path in site.platform.settings.home.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_the_load_can_open_it(site: Site) -> None:
    with site.platform.database.read() as connection:
        source = collect.find_source(connection, "pg")
    opened = open_connection(site.platform, source)
    assert opened.password.get_secret_value() == PASSWORD  # type: ignore[attr-defined]
    assert PASSWORD not in repr(opened)
    assert PASSWORD not in repr(source)


def test_an_export_names_the_variable(site: Site, tmp_path: Path) -> None:
    packs.export(site.platform, tmp_path / "pack")
    text = (tmp_path / "pack/sources/s.yaml").read_text()
    assert PASSWORD not in text
    assert "${PG_PASSWORD}" in text
