"""Application keys: shown once, stored as a keyed hash, good for the services they name."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.errors import BAD_INPUT, NOT_FOUND
from haina.kernel.ids import new_id
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.services.gateway import queries

_PREFIX = "hk_"


@dataclass(frozen=True)
class Key:
    """An application's right to call services; `services` empty means all."""

    id: str
    title: str
    agency: str | None
    services: list[str]
    created_by: str
    created_at: datetime
    disabled: bool
    last_used_at: datetime | None = None


def add_key(
    platform: Platform, actor: str, title: str, services: list[str], agency: str | None = None
) -> tuple[str, str]:
    """A new key: its id, and the key itself, which is never shown again."""
    if not services:
        raise BAD_INPUT("至少选一个数据服务", field="services")
    key_id, key = new_id(), _PREFIX + secrets.token_urlsafe(32)
    with platform.database.write() as connection:
        known = {row.name for row in queries.living(connection)}
        lost = sorted(set(services) - known)
        if lost:
            raise NOT_FOUND(f"没有数据服务 {'、'.join(lost)}", field="services")
        queries.insert_key(
            connection,
            {
                "id": key_id,
                "title": title,
                "agency": agency,
                "services": sorted(set(services)),
                "digest": platform.secrets.fingerprint(key),
                "created_by": actor,
                "created_at": clock.now(),
                "disabled": False,
            },
        )
        evidence.append(
            connection,
            actor,
            "service_key.add",
            f"key:{key_id}",
            {"title": title, "services": sorted(set(services))},
        )
    return key_id, key


def disable_key(platform: Platform, actor: str, key_id: str) -> None:
    with platform.database.write() as connection:
        if not queries.set_key_disabled(connection, key_id, disabled=True):
            raise NOT_FOUND(f"没有密钥 {key_id}", field="id")
        evidence.append(connection, actor, "service_key.disable", f"key:{key_id}")


def list_keys(connection: Connection) -> list[Key]:
    return [
        Key(
            row.id,
            row.title,
            row.agency,
            row.services,
            row.created_by,
            row.created_at,
            row.disabled,
            row.last_used_at,
        )
        for row in queries.keys(connection)
    ]
