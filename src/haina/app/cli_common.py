"""What all commands of the command line share."""

import getpass
import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from haina.kernel.platform import Platform
    from haina.kernel.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出,供脚本使用")]


def opened() -> "tuple[Settings, Platform]":
    """The installation of the environment."""
    from haina.app.bootstrap import open_installation
    from haina.kernel.settings import load

    settings = load()
    return settings, open_installation(settings)


def actor() -> str:
    """Who sits at the terminal, for the evidence."""
    try:
        return f"terminal:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"terminal:{os.getuid()}"
