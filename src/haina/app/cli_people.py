"""`haina users`, `haina keys`: who may come in, people and applications."""

from typing import Annotated

import typer

from haina.app import screen
from haina.app.cli_common import Json, actor, opened

users_app = typer.Typer(help="用户:列出、新增、改动、停用、启用、重置口令", no_args_is_help=True)
keys_app = typer.Typer(help="应用密钥:列出、新增、停用", no_args_is_help=True)


@users_app.command("list")
def users_list(as_json: Json = False) -> None:
    """全部用户。"""
    from haina.security.access import list_users

    _, platform = opened()
    with platform.database.read() as connection:
        found = list_users(connection)
    screen.show_rows(
        ["用户", "姓名", "角色", "部门", "停用", "须改口令", "最近登录"],
        [
            [
                one.name,
                one.title,
                ",".join(one.roles),
                one.agency,
                one.disabled,
                one.must_change,
                one.last_seen_at,
            ]
            for one in found
        ],
        as_json=as_json,
        keys=["name", "title", "roles", "agency", "disabled", "must_change", "last_seen_at"],
    )


@users_app.command("add")
def users_add(
    name: str,
    title: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[list[str], typer.Option(help="角色(可多次)")],
    agency: Annotated[str | None, typer.Option(help="部门代号")] = None,
    as_json: Json = False,
) -> None:
    """新增用户,显示其初始口令。"""
    from haina.app.people import add_person

    _, platform = opened()
    password = add_person(platform, actor(), name, title, role, agency)
    screen.show({"name": name, "password": password}, as_json=as_json)


@users_app.command("change")
def users_change(
    name: str,
    title: Annotated[str | None, typer.Option(help="姓名")] = None,
    role: Annotated[list[str] | None, typer.Option(help="角色(可多次);写了就代替原来的")] = None,
    agency: Annotated[str | None, typer.Option(help="部门代号;写空文字则不属于部门")] = None,
    as_json: Json = False,
) -> None:
    """改姓名、角色、部门;没写的不变。其登录立即失效。"""
    from haina.app.people import change_person
    from haina.security.access import get_user

    _, platform = opened()
    with platform.database.read() as connection:
        user = get_user(connection, name)
    kept = user.agency if agency is None else agency or None
    change_person(platform, actor(), name, title or user.title, role or user.roles, kept)
    screen.show({"changed": name}, as_json=as_json)


@users_app.command("disable")
def users_disable(name: str, as_json: Json = False) -> None:
    """停用账号,其登录立即失效。"""
    from haina.security.access import disable_user

    _, platform = opened()
    disable_user(platform, actor(), name)
    screen.show({"disabled": name}, as_json=as_json)


@users_app.command("enable")
def users_enable(name: str, as_json: Json = False) -> None:
    """重新启用账号。"""
    from haina.security.access import disable_user

    _, platform = opened()
    disable_user(platform, actor(), name, disabled=False)
    screen.show({"enabled": name}, as_json=as_json)


@users_app.command("reset")
def users_reset(name: str, as_json: Json = False) -> None:
    """重置口令,显示新的初始口令。"""
    from haina.security.access import reset_password

    _, platform = opened()
    screen.show(
        {"name": name, "password": reset_password(platform, actor(), name)}, as_json=as_json
    )


@keys_app.command("list")
def keys_list(as_json: Json = False) -> None:
    """全部应用密钥(不含密钥本身)。"""
    from haina.services import gateway

    _, platform = opened()
    with platform.database.read() as connection:
        found = gateway.list_keys(connection)
    screen.show_rows(
        ["编号", "名称", "服务", "建立", "停用", "最近调用"],
        [
            [
                one.id,
                one.title,
                ",".join(one.services),
                one.created_at,
                one.disabled,
                one.last_used_at,
            ]
            for one in found
        ],
        as_json=as_json,
        keys=["id", "title", "services", "created_at", "disabled", "last_used_at"],
    )


@keys_app.command("add")
def keys_add(
    title: Annotated[str, typer.Argument(help="给谁用")],
    service: Annotated[list[str], typer.Option(help="可调用的数据服务(可多次)")],
    as_json: Json = False,
) -> None:
    """新增应用密钥,只显示这一次。"""
    from haina.services import gateway

    settings, platform = opened()
    key_id, key = gateway.add_key(platform, actor(), title, service)
    site = f"http://{settings.host}:{settings.port}"
    with platform.database.read() as connection:
        spec = gateway.find_service(connection, service[0]).spec
    found = {"id": key_id, "key": key, "call": gateway.curl_of(spec, key, site)}
    screen.show(found, as_json=as_json)


@keys_app.command("disable")
def keys_disable(key_id: str, as_json: Json = False) -> None:
    """停用应用密钥。"""
    from haina.services import gateway

    _, platform = opened()
    gateway.disable_key(platform, actor(), key_id)
    screen.show({"disabled": key_id}, as_json=as_json)
