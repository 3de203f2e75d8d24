"""A tiny installation whose work is done piece by piece."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from haina import packs
from haina.kernel.platform import Platform
from tests.conftest import MakePack
from tests.resources.libraries.working import Work
from tests.support.running import engine_of


@pytest.fixture
def folder(tiny_pack: MakePack, platform: Platform, tmp_path: Path) -> Path:
    """The tiny pack, with its sources written."""
    return tiny_pack(tmp_path / "pack", platform.settings.home / "files")


@pytest.fixture
def work(platform: Platform, folder: Path) -> Iterator[Work]:
    packs.apply(platform, folder, "test")
    with engine_of(platform) as engine:
        yield Work(platform, engine, folder)
