"""A new version is noted in the catalogue, which knows no lake."""

from typing import Any

from haina.catalogue.inventory import note_update
from haina.compute import lake
from haina.kernel.platform import Platform


def on_version_published(platform: Platform, payloads: list[dict[str, Any]]) -> None:
    """The event handler: how fresh the datasets are, now."""
    with platform.database.write() as connection:
        for name in {payload["dataset"] for payload in payloads}:
            found = lake.find_dataset(connection, name)
            if found.updated_at is not None:
                note_update(connection, found.name, found.updated_at)
