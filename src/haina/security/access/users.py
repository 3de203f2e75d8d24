"""People: made, listed, changed, disabled; their first passwords."""

import re
from pathlib import Path

from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.errors import BAD_INPUT, NOT_FOUND
from haina.kernel.platform import Platform
from haina.kernel.secrets import write_private
from haina.security import evidence
from haina.security.access import passwords, queries
from haina.security.access.contracts import (
    BAD_SIGN_IN,
    LAST_ADMINISTRATOR,
    USER_EXISTS,
    Role,
    User,
)

_NAME = re.compile(r"^[a-z][a-z0-9_.-]{1,59}$")


def first_sign_in_path(platform: Platform) -> Path:
    """Where first passwords are kept (0600) until each is changed."""
    return platform.settings.home / "first-sign-in"


def first_users(platform: Platform) -> dict[str, str]:
    """Make one account a role at the first start; name → first password. Empty ever after.

    The file is written before the accounts: a crash between the two leaves passwords that open
    nothing, never accounts that nobody can open.
    """
    with platform.database.read() as connection:
        if queries.all_users(connection):
            return {}
    chosen = {role.value: passwords.generate() for role in Role}
    _keep_first(platform, chosen)
    hashed = {name: passwords.hash_password(word) for name, word in chosen.items()}
    with platform.database.write() as connection:
        for role in Role:
            _insert(connection, role.value, role.label, (role,), None, hashed[role.value])
        evidence.append(connection, "system", "users.first", "users", {"names": sorted(chosen)})
    return chosen


def _keep_first(platform: Platform, chosen: dict[str, str]) -> None:
    lines = [f"{name}\t{word}" for name, word in chosen.items()]
    write_private(first_sign_in_path(platform), "\n".join(lines) + "\n")


def _forget_first(platform: Platform, name: str) -> None:
    path = first_sign_in_path(platform)
    if not path.exists():
        return
    kept = [line for line in path.read_text().splitlines() if line.split("\t")[0] != name]
    if kept:
        write_private(path, "\n".join(kept) + "\n")
    else:
        path.unlink(missing_ok=True)


def _insert(
    connection: Connection,
    name: str,
    title: str,
    roles: tuple[Role, ...],
    agency: str | None,
    hashed: str,
) -> None:
    queries.insert_user(
        connection,
        {
            "name": name,
            "title": title,
            "roles": [role.value for role in roles],
            "agency": agency,
            "password": hashed,
            "must_change": True,
            "disabled": False,
            "failures": 0,
            "created_at": clock.now(),
        },
    )


def add_user(
    platform: Platform,
    actor: str,
    name: str,
    title: str,
    roles: tuple[Role, ...],
    agency: str | None = None,
) -> str:
    """Make an account; its first password. Raises HainaError(bad_input, user_exists)."""
    _check_name(name)
    _check_roles(roles)
    password = passwords.generate()
    hashed = passwords.hash_password(password)
    with platform.database.write() as connection:
        if queries.user_row(connection, name) is not None:
            raise USER_EXISTS(f"用户名 {name} 已被使用", field="name")
        _insert(connection, name, title, roles, agency, hashed)
        evidence.append(
            connection,
            actor,
            "users.add",
            f"user:{name}",
            {"roles": [role.value for role in roles], "agency": agency},
        )
    return password


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise BAD_INPUT(
            f"用户名「{name}」不合规",
            field="name",
            hint="以小写字母开头,2 至 60 位小写字母、数字、点、横线、下划线。",
        )


def _check_roles(roles: tuple[Role, ...]) -> None:
    if not roles:
        raise BAD_INPUT("至少要有一个角色", field="roles")
    if len(roles) > 1 and any(role.alone for role in roles):
        raise BAD_INPUT(
            "三员角色不得与任何角色兼任",
            field="roles",
            hint="请为系统、安全、审计管理员各建单独的账号。",
        )


def get_user(connection: Connection, name: str) -> User:
    row = queries.user_row(connection, name)
    if row is None:
        raise NOT_FOUND(f"没有用户 {name}", field="name")
    return queries.as_user(row)


def list_users(connection: Connection) -> list[User]:
    return queries.all_users(connection)


def change_user(
    platform: Platform,
    actor: str,
    name: str,
    title: str,
    roles: tuple[Role, ...],
    agency: str | None,
) -> None:
    """What an account is called and may do; its sessions end, so that its pages show it anew.
    Raises HainaError(not_found, bad_input, last_administrator)."""
    _check_roles(roles)
    values = {"title": title, "roles": [role.value for role in roles], "agency": agency}
    with platform.database.write() as connection:
        user = get_user(connection, name)
        if Role.SECURITY_ADMIN not in roles:
            _keep_an_administrator(connection, name)
        queries.update_user(connection, name, values)
        queries.delete_sessions(connection, user=name)
        was = {
            "title": user.title,
            "roles": [one.value for one in user.roles],
            "agency": user.agency,
        }
        evidence.append(connection, actor, "users.change", f"user:{name}", {**values, "was": was})


def _keep_an_administrator(connection: Connection, name: str) -> None:
    """Somebody must be left who can give rights, or nobody ever could again."""
    able = {
        one.name
        for one in queries.lock_users(connection)
        if Role.SECURITY_ADMIN in one.roles and not one.disabled
    }
    if able == {name}:
        raise LAST_ADMINISTRATOR(f"{name} 是最后一个安全管理员", field="name")


def disable_user(platform: Platform, actor: str, name: str, *, disabled: bool = True) -> None:
    """Close (or open again) an account; its sessions end at once. Raises HainaError(not_found,
    last_administrator)."""
    with platform.database.write() as connection:
        get_user(connection, name)
        if disabled:
            _keep_an_administrator(connection, name)
        queries.update_user(connection, name, {"disabled": disabled})
        queries.delete_sessions(connection, user=name)
        act = "users.disable" if disabled else "users.enable"
        evidence.append(connection, actor, act, f"user:{name}")


def reset_password(platform: Platform, actor: str, name: str) -> str:
    """A new first password; all sessions end."""
    password = passwords.generate()
    hashed = passwords.hash_password(password)
    with platform.database.write() as connection:
        get_user(connection, name)
        queries.update_user(
            connection,
            name,
            {"password": hashed, "must_change": True, "failures": 0, "locked_until": None},
        )
        queries.delete_sessions(connection, user=name)
        evidence.append(connection, actor, "users.reset_password", f"user:{name}")
    return password


def change_password(platform: Platform, name: str, old: str, new: str) -> None:
    """By its owner. Ends all sessions. Raises HainaError(bad_sign_in, weak_password)."""
    with platform.database.read() as connection:
        row = queries.user_row(connection, name)
    if not passwords.matches(row.password if row else None, old):
        raise BAD_SIGN_IN("原口令不对", field="old")
    passwords.judge(name, new)
    if old == new:
        raise BAD_INPUT("新口令不能与原口令相同", field="new")
    hashed = passwords.hash_password(new)
    with platform.database.write() as connection:
        queries.update_user(connection, name, {"password": hashed, "must_change": False})
        queries.delete_sessions(connection, user=name)
        evidence.append(connection, name, "users.change_password", f"user:{name}")
    _forget_first(platform, name)
