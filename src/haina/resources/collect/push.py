"""推送: an agency's program posts batches with a key of its source, and follows its receipt."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.errors import NOT_FOUND, UNAUTHENTICATED
from haina.kernel.ids import new_id
from haina.kernel.platform import Platform
from haina.resources.collect import delivery_queries as queries
from haina.security import evidence

_PREFIX = "hp_"


@dataclass(frozen=True)
class PushKey:
    """The right to push into the tables of one source."""

    id: str
    source: str
    title: str
    created_by: str
    created_at: datetime
    disabled: bool


def add_push_key(platform: Platform, actor: str, source: str, title: str) -> tuple[str, str]:
    """A new key: its id, and the key itself, which is shown this once and kept as a digest."""
    key_id, key = new_id(), _PREFIX + secrets.token_urlsafe(32)
    with platform.database.write() as connection:
        queries.insert_key(
            connection,
            {
                "id": key_id,
                "source": source,
                "title": title,
                "digest": platform.secrets.fingerprint(key),
                "created_by": actor,
                "created_at": clock.now(),
                "disabled": False,
            },
        )
        evidence.append(
            connection, actor, "push_key.add", f"source:{source}", {"key": key_id, "title": title}
        )
    return key_id, key


def disable_push_key(platform: Platform, actor: str, key_id: str) -> None:
    """Raises HainaError(not_found)."""
    with platform.database.write() as connection:
        if not queries.disable_key(connection, key_id):
            raise NOT_FOUND(f"没有推送密钥 {key_id}", field="id")
        evidence.append(connection, actor, "push_key.disable", f"push_key:{key_id}")


def push_keys(connection: Connection, source: str) -> list[PushKey]:
    return [
        PushKey(row.id, row.source, row.title, row.created_by, row.created_at, row.disabled)
        for row in queries.keys(connection, source)
    ]


def pusher(platform: Platform, authorization: str | None) -> PushKey:
    """Whose key it is. Raises HainaError(unauthenticated)."""
    scheme, _, key = (authorization or "").partition(" ")
    if scheme.lower() == "bearer" and key.startswith(_PREFIX):
        with platform.database.read() as connection:
            row = queries.key_by_digest(connection, platform.secrets.fingerprint(key.strip()))
        if row is not None:
            return PushKey(
                row.id, row.source, row.title, row.created_by, row.created_at, row.disabled
            )
    raise UNAUTHENTICATED(
        "推送密钥不对或已停用",
        hint="请在请求头写 Authorization: Bearer <推送密钥>;密钥由平台管理员发。",
    )
