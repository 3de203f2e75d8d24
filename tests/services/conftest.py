"""An installation with services of all four kinds, and an application that calls them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from haina.kernel.platform import Platform
from tests.app.support_http import Prepared, Site, site_over
from tests.services.calling import Client, client_of


@pytest.fixture(scope="session")
def site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Shared: tests that change something take `own_site`."""
    platform = prepared.copy(tmp_path_factory.mktemp("shared") / "home")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.fixture(scope="session")
def client(site: Site) -> Client:
    return client_of(site.platform, site.engine, site.prepared.key, site.runner)


@pytest.fixture
def own_platform(prepared: Prepared, tmp_path: Path) -> Iterator[Platform]:
    made = prepared.copy(tmp_path / "own")
    yield made
    made.close()


@pytest.fixture
def own_site(own_platform: Platform, prepared: Prepared) -> Iterator[Site]:
    with site_over(own_platform, prepared) as made:
        yield made


@pytest.fixture
def own_client(own_site: Site) -> Client:
    return client_of(own_site.platform, own_site.engine, own_site.prepared.key, own_site.runner)
