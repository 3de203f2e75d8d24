"""What every test may ask for: fresh installations on both platform databases, a small pack."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from haina.app.bootstrap import open_installation
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from tests.app.support_http import Prepared, prepare
from tests.support import mariadb
from tests.support.installation import make_template, new_platform
from tests.support.packs import write_pack, write_sources
from tests.support.postgresql import PgServer, binaries, running_server

# The machine that tests run on is shared: how long an example took says nothing.
hypothesis_settings.register_profile("haina", deadline=None)
hypothesis_settings.load_profile("haina")

MakePack = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_ours() -> Iterator[None]:
    """An installation of whoever runs the tests must not be touched by them."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("HAINA_")}
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Prepared:
    """An installation with data, people and keys: each test takes a copy."""
    return prepare(tmp_path_factory, sqlite_template)


@pytest.fixture
def platform(tmp_path: Path, sqlite_template: Path) -> Iterator[Platform]:
    """A fresh installation on SQLite."""
    made = new_platform(tmp_path / "home", template=sqlite_template)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PgServer]:
    """One for the whole run; skipped where there is no initdb."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server binaries (pg_config --bindir) on this machine")
    with running_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[mariadb.MariaServer]:
    """One for the whole run; skipped where there is no mariadbd."""
    programs = mariadb.programs()
    if programs is None:
        pytest.skip("no MariaDB server (mariadbd) on this machine: scripts/machine installs it")
    with mariadb.running_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgresql_server: PgServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated platform database to be copied."""
    name = postgresql_server.create()
    home = tmp_path_factory.mktemp("template")
    open_installation(load(home=home, database=postgresql_server.url(name), secret_key="")).close()
    return name


@pytest.fixture
def postgres_url(postgresql_server: PgServer, postgres_template: str) -> Iterator[str]:
    """HAINA_DATABASE of a migrated platform database of the test's own."""
    name = postgresql_server.create(like=postgres_template)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """A fresh installation on each of the platform databases."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        made = new_platform(home, template=request.getfixturevalue("sqlite_template"))
    else:
        made = new_platform(home, database=request.getfixturevalue("postgres_url"))
    yield made
    made.close()


@pytest.fixture
def tiny_pack() -> MakePack:
    """Builds the tiny pack in a folder; with `files`, also the sources it collects."""

    def make(folder: Path, files: Path | None = None, *, people: int = 20) -> Path:
        if files is not None:
            write_sources(files, people)
        return write_pack(folder)

    return make
