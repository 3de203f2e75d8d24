"""Installations for tests: a migrated template is copied, so that a fresh one costs nothing."""

import shutil
from pathlib import Path
from typing import Any

from haina.app.bootstrap import open_installation
from haina.kernel.platform import Platform, open_platform
from haina.kernel.settings import load


def make_template(home: Path) -> Path:
    """A migrated SQLite platform database, folded into one file."""
    platform = open_installation(load(home=home, secret_key=""))
    platform.database.checkpoint()
    platform.close()
    return home / "platform.db"


def new_platform(home: Path, *, template: Path | None = None, **settings: Any) -> Platform:
    """A fresh installation in `home`; with `template`, on a copy of that SQLite database."""
    home.mkdir(parents=True, exist_ok=True)
    if template is not None and not (home / "platform.db").exists():
        shutil.copyfile(template, home / "platform.db")
    return open_platform(load(home=home, **{"secret_key": "", **settings}))
