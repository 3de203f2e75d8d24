"""Sign-in: opaque random tokens, of which only a keyed hash is stored."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Row

from haina.kernel import clock
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import passwords, queries
from haina.security.access.contracts import BAD_SIGN_IN, LOCKED, Role, Subject

_MAX_FAILURES = 5
_LOCK = timedelta(minutes=30)


def sign_in(platform: Platform, name: str, password: str) -> tuple[str, Subject]:
    """A new token and its subject. Raises HainaError(bad_sign_in, account_locked)."""
    moment = clock.now()
    with platform.database.read() as connection:
        row = queries.user_row(connection, name)
    if row is not None and row.locked_until is not None and row.locked_until > moment:
        raise LOCKED()
    if not passwords.matches(row.password if row else None, password) or row is None:
        _note_failure(platform, name)
        raise BAD_SIGN_IN(field="password")
    if row.disabled:
        raise BAD_SIGN_IN("账号已停用", hint="请联系安全管理员。")
    token = secrets.token_urlsafe(32)
    with platform.database.write() as connection:
        queries.delete_sessions(connection, before=moment)
        queries.update_user(
            connection, name, {"failures": 0, "locked_until": None, "last_seen_at": moment}
        )
        queries.insert_session(
            connection,
            {
                "token": platform.secrets.fingerprint(token),
                "user_name": name,
                "created_at": moment,
                "expires_at": moment + timedelta(hours=platform.settings.session_hours),
            },
        )
        evidence.append(connection, name, "sign_in", f"user:{name}")
    return token, _subject(row)


def _note_failure(platform: Platform, name: str) -> None:
    with platform.database.write() as connection:
        row = queries.user_row(connection, name)
        if row is None:
            return
        failures = row.failures + 1
        locked = clock.now() + _LOCK if failures >= _MAX_FAILURES else None
        queries.update_user(
            connection, name, {"failures": 0 if locked else failures, "locked_until": locked}
        )
        evidence.append(connection, name, "sign_in.refused", f"user:{name}", {"failures": failures})


def sign_out(platform: Platform, token: str) -> None:
    with platform.database.write() as connection:
        queries.delete_session(connection, platform.secrets.fingerprint(token))


def subject_of_token(platform: Platform, token: str) -> Subject | None:
    """The person behind a token; None when it is unknown, ended or its owner disabled."""
    with platform.database.read() as connection:
        row = queries.session_user(connection, platform.secrets.fingerprint(token), clock.now())
    return None if row is None else _subject(row)


def after_jump(platform: Platform) -> int:
    """A clock that was set back lengthens no session and no lock; how many it would have."""
    moment = clock.now()
    edge, locked = moment + timedelta(minutes=1), moment + _LOCK
    with platform.database.read() as connection:
        if not queries.has_future(connection, edge, locked):
            return 0
    expires = moment + timedelta(hours=platform.settings.session_hours)
    with platform.database.write() as connection:
        return queries.shorten_after_jump(connection, edge, expires, locked)


def _subject(row: Row[Any]) -> Subject:
    roles = frozenset(Role(role) for role in row.roles)
    return Subject(row.name, roles, row.agency, row.title, row.must_change)
