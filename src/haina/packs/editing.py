"""A change on screen of what a pack declared: in force at once, kept apart from the folder's word
until the next apply merges the two."""

from typing import Any

from sqlalchemy.engine import Connection

from haina.kernel.errors import NOT_FOUND
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.applying import carry_out, seal_changed
from haina.packs.checked import checked
from haina.packs.planning import Change, Plan, world_of
from haina.packs.schema import Pack, PackSpec
from haina.security import evidence


def definition(platform: Platform, name: str) -> dict[str, Any]:
    """What is in force under a name (`source:…`, `model:…`). Raises HainaError(not_found)."""
    with platform.database.read() as connection:
        rows = queries.definitions(connection)
    if name not in rows:
        raise NOT_FOUND(f"没有定义 {name}", field="name")
    current: dict[str, Any] = rows[name].current
    return current


def edit(platform: Platform, name: str, plain: dict[str, Any], actor: str) -> None:
    """Put another declaration in force. Raises HainaError(not_found, bad_input, bad_pack)."""
    new = checked(name, plain)
    with platform.database.read() as connection:
        sealed = seal_changed(platform, _plan(connection, name, new))
    with platform.database.write() as connection:
        made = _plan(connection, name, new)
        carry_out(connection, made, sealed, changed_by=actor)
        evidence.append(connection, actor, "definition.edit", name)


def _plan(connection: Connection, name: str, new: dict[str, Any]) -> Plan:
    """A plan in which this one object changes and everything else of its pack stays."""
    rows = queries.definitions(connection)
    if name not in rows:
        raise NOT_FOUND(f"没有定义 {name}", field="name")
    pack_name = rows[name].pack
    mine = {key: row for key, row in rows.items() if row.pack == pack_name}
    changes = tuple(
        Change(
            key,
            "change" if key == name and new != row.current else "same",
            row.current,
            new if key == name else row.current,
        )
        for key, row in mine.items()
    )
    spec = next(row for row in queries.packs(connection) if row.name == pack_name)
    pack = Pack(
        PackSpec(
            name=spec.name,
            title=spec.title,
            version=spec.version,
            summary=spec.summary,
            place=spec.place,
        )
    )
    world = world_of(rows, changes, pack)
    world.check()
    return Plan(pack, changes, (), {key: row.applied for key, row in mine.items()}, world)
