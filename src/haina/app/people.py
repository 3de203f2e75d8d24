"""People and the agencies they are of: security knows no agencies, so the two meet here."""

from collections.abc import Iterable
from difflib import get_close_matches

from haina.coordination.organizations import list_organizations
from haina.kernel.errors import BAD_INPUT
from haina.kernel.platform import Platform
from haina.security.access import Role, add_user, change_user


def add_person(
    platform: Platform, actor: str, name: str, title: str, roles: Iterable[str], agency: str | None
) -> str:
    """Make an account; its first password. Raises HainaError(bad_input, user_exists)."""
    return add_user(platform, actor, name, *_checked(platform, title, roles, agency))


def change_person(
    platform: Platform, actor: str, name: str, title: str, roles: Iterable[str], agency: str | None
) -> None:
    """Raises HainaError(bad_input, not_found, last_administrator)."""
    change_user(platform, actor, name, *_checked(platform, title, roles, agency))


def _checked(
    platform: Platform, title: str, roles: Iterable[str], agency: str | None
) -> tuple[str, tuple[Role, ...], str | None]:
    if not title.strip():
        raise BAD_INPUT("姓名不能是空的", field="title", hint="请填写真实姓名,存证里要认得出人。")
    known = _known_roles(roles)
    if agency is not None:
        _check_agency(platform, agency)
    elif Role.STEWARD in known:
        raise BAD_INPUT(
            "部门数据专员须属于一个部门", field="agency", hint="没有部门的专员没有可管的数据。"
        )
    return title.strip(), known, agency


def _known_roles(roles: Iterable[str]) -> tuple[Role, ...]:
    wanted = list(dict.fromkeys(roles))
    known = [role.value for role in Role]
    if strange := sorted(set(wanted) - set(known)):
        raise BAD_INPUT(
            f"没有角色 {'、'.join(strange)}", field="roles", hint=f"可用的有:{'、'.join(known)}。"
        )
    return tuple(Role(one) for one in wanted)


def _check_agency(platform: Platform, agency: str) -> None:
    """Raises HainaError(bad_input) with the nearest names: who is of no agency sees nothing."""
    with platform.database.read() as connection:
        known = {one.code: one for one in list_organizations(connection)}
    if agency in known:
        return
    named = {name: one.code for one in known.values() for name in (one.code, one.short, one.title)}
    near = [named[name] for name in get_close_matches(agency, named, n=3, cutoff=0.5)]
    near += [code for name, code in named.items() if agency and agency in name]
    listed = "、".join(f"{code}({known[code].title})" for code in dict.fromkeys(near))
    raise BAD_INPUT(
        f"没有登记部门 {agency}",
        field="agency",
        hint=f"相近的有:{listed}。" if listed else "部门在应用包的 organizations.yaml 里登记。",
    )
