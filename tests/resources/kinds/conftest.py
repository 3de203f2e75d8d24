"""What every test of a kind needs: empty databases, a folder of files, a context to read in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from tests.support.mariadb import MariaServer
from tests.support.postgresql import PgServer


@pytest.fixture
def postgresql(postgresql_server: PgServer) -> Iterator[Callable[..., dict[str, Any]]]:
    """Makes an empty database and returns its connection block."""
    made: list[str] = []

    def make(**more: Any) -> dict[str, Any]:
        name = postgresql_server.create()
        made.append(name)
        block = {"host": "127.0.0.1", "port": postgresql_server.port, "database": name}
        return {**block, "user": "postgres", **more}

    yield make
    for name in made:
        postgresql_server.drop(name)


@pytest.fixture
def mariadb(mariadb_server: MariaServer) -> Iterator[Callable[..., dict[str, Any]]]:
    """Makes an empty database and returns its connection block."""
    made: list[str] = []

    def make(**more: Any) -> dict[str, Any]:
        name = mariadb_server.create()
        made.append(name)
        block = {"host": "127.0.0.1", "port": mariadb_server.port, "database": name}
        return {**block, "user": "root", **more}

    yield make
    for name in made:
        mariadb_server.drop(name)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The one folder that file sources may read."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def context(tmp_path: Path, files: Path) -> kinds.ReadContext:
    settings = Settings(
        home=tmp_path, source_files=(files,), source_networks=("127.0.0.0/8", "::1/128")
    )
    return kinds.ReadContext(settings)


@pytest.fixture(scope="session")
def chinook() -> Path:
    """The Chinook sample beside the repository."""
    folder = Path(__file__).parents[4] / "shared" / "data" / "chinook"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/chinook beside this clone")
    return folder
