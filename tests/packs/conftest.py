"""The tiny pack, ready to be changed and applied."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from haina import packs
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.packs.tables import definition_table
from tests.conftest import MakePack
from tests.support.packs import FILES

Edit = Callable[..., None]


class Folder:
    """A pack's folder and the installation that it is applied to."""

    def __init__(self, path: Path, platform: Platform) -> None:
        self.path = path
        self.platform = platform

    def put(self, name: str, old: str | None = None, new: str = "") -> None:
        """Replace a piece of a file, or write it whole."""
        path = self.path / name
        if old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def back(self, name: str) -> None:
        self.put(name, None, FILES[name])

    def apply(self, take: Any = None) -> dict[str, str]:
        """Object → action, for what was not left as it was."""
        made = packs.apply(self.platform, self.path, "test", take)
        return {one.name: one.action for one in made.changes if one.action != "same"}

    def plan(self, take: Any = None) -> packs.Plan:
        return packs.plan(self.platform, self.path, take)

    def refusal(self) -> HainaError:
        with pytest.raises(HainaError) as refused:
            packs.apply(self.platform, self.path, "test")
        return refused.value

    def on_screen(self, name: str, **values: Any) -> None:
        """A change as the pages make it: to what is in force, not to what was applied."""
        with self.platform.database.write() as connection:
            mine = definition_table.c.name == name
            now = connection.execute(sa.select(definition_table.c.current).where(mine)).scalar_one()
            connection.execute(
                definition_table.update().where(mine).values(current={**now, **values})
            )

    def definitions(self) -> dict[str, Any]:
        with self.platform.database.read() as connection:
            rows = connection.execute(sa.select(definition_table))
            return {row.name: (row.pack, row.position, row.applied, row.current) for row in rows}


@pytest.fixture
def folder(platform: Platform, tiny_pack: MakePack, tmp_path: Path) -> Folder:
    return Folder(tiny_pack(tmp_path / "pack"), platform)


@pytest.fixture
def any_folder(any_platform: Platform, tiny_pack: MakePack, tmp_path: Path) -> Folder:
    """On both platform databases."""
    return Folder(tiny_pack(tmp_path / "pack"), any_platform)
