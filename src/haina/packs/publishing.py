"""A data service that is published on screen: it belongs to the installation's own pack, as a
source that is connected on screen does, and becomes a file of it with `haina export`."""

from collections.abc import Mapping
from typing import Any

from haina.kernel.errors import CONFLICT
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.applying import carry_out
from haina.packs.checked import checked
from haina.packs.own import plan_of_one
from haina.security import evidence
from haina.services.gateway import request_copies

_TAKEN = ("keys", "new")  # pages of these names


def publish_service(platform: Platform, said: Mapping[str, Any], actor: str) -> str:
    """Put a new service in force, and have its copy made; its name.

    Raises HainaError(bad_input, conflict).
    """
    full = f"service:{said.get('name', '')}"
    new = checked(full, said)
    with platform.database.write() as connection:
        if new["name"] in _TAKEN or full in queries.definitions(connection):
            raise CONFLICT(
                f"服务的代号 {new['name']} 已经用过", field="name", hint="请换一个代号。"
            )
        carry_out(connection, plan_of_one(connection, full, new), {}, changed_by=actor)
        evidence.append(
            connection, actor, "service.create", full,
            {"dataset": new["dataset"], "kind": new["kind"]},
        )  # fmt: skip
    request_copies(platform, {new["dataset"]})
    return str(new["name"])
