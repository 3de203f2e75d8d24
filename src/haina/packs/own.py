"""The installation's own pack: what is made on screen belongs to it. It has no folder until
`haina export` writes one; there each object is one more file.

Its last applied state is empty: no folder has ever said it. So an apply that does not name it does
not retire it, and one that does meets it as a change on screen.
"""

from typing import Any

from sqlalchemy.engine import Connection

from haina.kernel.errors import BAD_INPUT, HainaError
from haina.packs import queries
from haina.packs.errors import BAD_PACK
from haina.packs.planning import Change, Plan, world_of
from haina.packs.schema import Pack, PackSpec

OWN = PackSpec(
    name="screen",
    title="界面上接入的",
    summary="在页面上接入的数据源、发布的服务;haina export 写成文件夹。",
)


def plan_of_one(connection: Connection, full: str, new: dict[str, Any]) -> Plan:
    """A plan in which the object `full` (kind:name) is new and everything else stays.

    Raises HainaError(bad_input) where it does not fit into the world.
    """
    rows = queries.definitions(connection)
    mine = {name: row for name, row in rows.items() if row.pack == OWN.name}
    same = (Change(name, "same", row.current, row.current) for name, row in mine.items())
    changes = (*same, Change(full, "create", None, new))
    pack = Pack(OWN)
    world = world_of(rows, changes, pack)
    try:
        world.check()
    except HainaError as error:
        if error.kind is not BAD_PACK:
            raise
        raise BAD_INPUT(error.message, field=error.field, hint=error.hint) from None
    applied = {name: row.applied for name, row in mine.items()}
    return Plan(pack, changes, (), {**applied, full: {}}, world)
