"""The plan: what applying a pack would change, and where it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.engine import Connection, Row

from haina.coordination.organizations import OrganizationSpec
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.checking import World
from haina.packs.errors import OWNED_BY_OTHER, PACK_CONFLICT
from haina.packs.merge import Conflict, Side, merge
from haina.packs.objects import KINDS, load, objects_of
from haina.packs.reading import read_pack
from haina.packs.schema import Pack
from haina.standards.elements import Standards

Action = Literal["create", "change", "retire", "same"]


@dataclass(frozen=True)
class Change:
    """`now` is in force, `new` would be; `fields` are the top names that differ."""

    name: str
    action: Action
    now: dict[str, Any] | None
    new: dict[str, Any] | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    pack: Pack
    changes: tuple[Change, ...]
    conflicts: tuple[tuple[str, Conflict], ...]
    folder: dict[str, dict[str, Any]]
    world: World = field(repr=False)

    @property
    def quiet(self) -> bool:
        return not self.conflicts and all(change.action == "same" for change in self.changes)


def plan(platform: Platform, folder: Path, take: Side | None = None) -> Plan:
    """Read, merge and check; nothing is changed. Raises HainaError(bad_pack,
    owned_by_other_pack)."""
    pack = read_pack(folder)
    with platform.database.read() as connection:
        return plan_pack(connection, pack, take)


def plan_pack(connection: Connection, pack: Pack, take: Side | None = None) -> Plan:
    everything = queries.definitions(connection)
    folder = objects_of(pack)
    changes: list[Change] = []
    conflicts: list[tuple[str, Conflict]] = []
    for name, said in folder.items():
        change, found = _judge(name, said, everything.get(name), pack.spec.name, take)
        changes.append(change)
        conflicts += [(name, conflict) for conflict in found]
    # What no folder has ever said was made on screen: a folder without it does not retire it.
    changes += [
        Change(row.name, "retire", row.current, None)
        for row in everything.values()
        if row.pack == pack.spec.name and row.name not in folder and row.applied
    ]
    world = world_of(everything, changes, pack)
    world.check()
    return Plan(pack, tuple(changes), tuple(conflicts), folder, world)


def _judge(
    name: str, said: dict[str, Any], row: Row[Any] | None, pack: str, take: Side | None
) -> tuple[Change, list[Conflict]]:
    if row is None:
        return Change(name, "create", None, said), []
    if row.pack != pack:
        raise OWNED_BY_OTHER(f"{name} 属于应用包 {row.pack}", field=name)
    new, conflicts = merge(row.applied, row.current, said, take)
    fields = tuple(
        sorted(key for key in {*row.current, *new} if row.current.get(key) != new.get(key))
    )
    return Change(name, "change" if fields else "same", row.current, new, fields), conflicts


def world_of(everything: dict[str, Row[Any]], changes: Sequence[Change], pack: Pack) -> World:
    """What will be in force: what other packs declared, and what this one will."""
    changed = {change.name: change.new for change in changes}
    plain = {name: row.current for name, row in everything.items() if name not in changed}
    plain |= {name: new for name, new in changed.items() if new is not None}
    specs = {name: load(name, value) for name, value in plain.items()}
    world = World(places=dict(pack.places))
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for name, spec in specs.items():
        kind, short = name.split(":", 1)
        by_kind[kind][short] = spec
    world.organizations.update(
        {
            code: spec
            for code, spec in by_kind["organization"].items()
            if isinstance(spec, OrganizationSpec)
        }
    )
    world.standards = Standards(by_kind["element"], by_kind["code_set"])
    world.sources.update(by_kind["source"])
    lines = {model.dataset: model.first_line for model in pack.models}
    world.models.update(
        {
            name: spec.model_copy(update={"first_line": lines.get(name, 1)})
            for name, spec in by_kind["model"].items()
        }
    )
    world.services.update(by_kind["service"])
    world.cockpits.update(by_kind["cockpit"])
    return world


def refuse_conflicts(plan: Plan) -> None:
    """Raises HainaError(pack_conflict) when both sides changed the same place."""
    if plan.conflicts:
        name, first = plan.conflicts[0]
        raise PACK_CONFLICT(
            f"{len(plan.conflicts)} 处冲突,第一处:{name} 的 {first.path}",
            field=name,
            conflicts=[
                {
                    "object": name,
                    "path": one.path,
                    "applied": one.applied,
                    "screen": one.screen,
                    "folder": one.folder,
                }
                for name, one in plan.conflicts
            ],
        )
