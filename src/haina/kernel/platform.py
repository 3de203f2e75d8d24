"""What every module is handed: settings, database and secrets of one installation."""

from dataclasses import dataclass

from haina.kernel.database import Database
from haina.kernel.secrets import SecretBox, load_box
from haina.kernel.settings import Settings


@dataclass(frozen=True)
class Platform:
    """One installation, open."""

    settings: Settings
    database: Database
    secrets: SecretBox

    def close(self) -> None:
        self.database.close()


def open_platform(settings: Settings) -> Platform:
    """Open an installation; its folder and key are made at the first start."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url, settings.home / "platform.lock")
    return Platform(settings, database, load_box(settings))
