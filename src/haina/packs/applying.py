"""Apply: the plan carried out in one transaction; twice is the same as once."""

from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import EntrySpec, put_entry, retire_entry
from haina.catalogue.lineage import put_lineage
from haina.compute import lake
from haina.coordination.organizations import put_organization, remove_organization
from haina.kernel.jobs import ScheduleInput, put_schedule, remove_schedule
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.checking import World, items_of
from haina.packs.merge import Side
from haina.packs.objects import KINDS, load
from haina.packs.planning import Change, Plan, plan, plan_pack, refuse_conflicts
from haina.resources import collect, libraries
from haina.resources.specs import ModelSpec, SourceSpec, TableSpec
from haina.security import evidence
from haina.services import gateway, insight
from haina.standards.elements import (
    put_code_set,
    put_element,
    remove_code_set,
    remove_element,
)

Sealed = dict[str, tuple[dict[str, Any], dict[str, str]]]


def apply(platform: Platform, folder: Path, actor: str, take: Side | None = None) -> Plan:
    """Carry out a pack. Raises HainaError(bad_pack, pack_conflict, owned_by_other_pack)."""
    first = plan(platform, folder, take)
    refuse_conflicts(first)
    sealed = seal_changed(platform, first)
    insight.keep_maps(platform, folder, first.pack.cockpits)
    with platform.database.write() as connection:
        # What was planned may have changed since: plan again under the lock.
        final = plan_pack(connection, first.pack, take)
        refuse_conflicts(final)
        carry_out(connection, final, sealed)
        if not final.quiet:
            evidence.append(
                connection,
                actor,
                "pack.apply",
                f"pack:{final.pack.spec.name}",
                {"version": final.pack.spec.version, "changes": _counts(final)},
            )
    return final


def seal_changed(platform: Platform, made: Plan) -> Sealed:
    return {
        source.name: collect.seal_connection(platform, source.name, source.kind, source.connection)
        for source in made.world.sources.values()
        if any(
            change.name == f"source:{source.name}" and change.action in ("create", "change")
            for change in made.changes
        )
    }


def carry_out(
    connection: Connection, made: Plan, sealed: Sealed, changed_by: str | None = None
) -> None:
    """Make a plan so, in the caller's transaction."""
    _Applying(connection, made, sealed, changed_by).run()


def _counts(made: Plan) -> dict[str, int]:
    found: dict[str, int] = {}
    for change in made.changes:
        found[change.action] = found.get(change.action, 0) + 1
    return found


class _Applying:
    def __init__(
        self, connection: Connection, made: Plan, sealed: Sealed, changed_by: str | None
    ) -> None:
        self.connection = connection
        self.plan = made
        self.world: World = made.world
        self.sealed = sealed
        self.changed_by = changed_by
        self.pack = made.pack.spec.name
        self.changes = {change.name: change for change in made.changes}
        self.standards_changed = any(
            change.action != "same" and change.name.split(":")[0] in ("element", "code_set")
            for change in made.changes
        )

    def run(self) -> None:
        spec = self.plan.pack.spec
        queries.put_pack(
            self.connection,
            spec.name,
            {
                "title": spec.title,
                "version": spec.version,
                "summary": spec.summary,
                "place": spec.place,
            },
        )
        for change in self.plan.changes:
            if change.action == "retire":
                self._retire(change)
        for kind in KINDS:
            self._apply_kind(kind)
        self._write_definitions()

    def _apply_kind(self, kind: str) -> None:
        names = [name for name in self.changes if name.split(":")[0] == kind]
        if kind == "model":  # models inherit titles from those they read
            order = {f"model:{name}": n for n, name in enumerate(self.world.model_order)}
            names.sort(key=lambda name: order.get(name, 0))
        for place, name in enumerate(names):
            change = self.changes[name]
            touched = change.action in ("create", "change") or (
                change.action == "same" and kind in ("source", "model") and self._upset()
            )
            if touched and change.new is not None:
                self._put(kind, load(name, change.new), place)

    def _upset(self) -> bool:
        """Standards or other makers changed: what inherits from them is declared anew."""
        return self.standards_changed or any(
            change.action != "same" and change.name.split(":")[0] in ("source", "model")
            for change in self.plan.changes
        )

    def _put(self, kind: str, spec: Any, place: int) -> None:
        match kind:
            case "organization":
                put_organization(self.connection, spec, place)
            case "code_set":
                put_code_set(self.connection, spec)
            case "element":
                put_element(self.connection, spec)
            case "source":
                self._put_source(spec)
            case "model":
                self._put_model(self.world.models[spec.dataset])
            case "service":
                gateway.put_service(self.connection, spec, self.pack)
            case _:
                insight.put_cockpit(self.connection, spec, self.pack)

    def _put_source(self, spec: SourceSpec) -> None:
        old = {table.name for table in collect.list_tables(self.connection, spec.name)}
        if spec.name in self.sealed:
            plain, sealed = self.sealed[spec.name]
            collect.put_source(self.connection, spec, plain, sealed, self.pack)
        for table in spec.tables:
            self._put_table(spec, table)
        for name in old - {table.name for table in spec.tables}:
            self._retire_table(name)
        _schedule(
            self.connection,
            f"source:{spec.name}",
            collect.LOAD_SOURCE,
            f"采集 {spec.title}",
            {"source": spec.name},
            spec.schedule,
        )

    def _put_table(self, source: SourceSpec, table: TableSpec) -> None:
        standards = self.world.standards
        libraries.declare_conform(self.connection, table, standards, source.agency, self.pack)
        put_lineage(
            self.connection,
            table.ods,
            [f"source:{source.name}"],
            {
                column: [(f"source:{source.name}", f"{table.from_}.{column}")]
                for column in table.columns
            },
        )
        put_entry(
            self.connection,
            EntrySpec(
                table.std,
                table.title,
                source.agency,
                table.summary,
                table.theme,
                table.cycle,
                table.sharing,
                table.sharing_basis,
                table.grade,
                tuple(column.title for column in table.columns.values()),
            ),
        )

    def _put_model(self, spec: ModelSpec) -> None:
        inputs = {
            source
            for column in self.world.traced[spec.dataset].columns
            for source, _ in column.sources
        }
        known: dict[tuple[str, str], lake.ItemSpec] = {}
        for table in self.world.tables():
            if table.std in inputs:
                known |= items_of(table, self.world.standards)
        for name in inputs & set(self.world.models):
            dataset = lake.find_dataset(self.connection, name)
            known |= {(name, item.name): item for item in dataset.items}
        items = libraries.declare_model(
            self.connection,
            spec,
            self.world.traced[spec.dataset],
            self.world.standards,
            known,
            self.pack,
        )
        put_entry(
            self.connection,
            EntrySpec(
                spec.dataset,
                spec.title,
                spec.owner,
                spec.summary,
                spec.theme,
                "irregular",
                spec.sharing,
                spec.sharing_basis,
                spec.grade or 2,
                tuple(item.title for item in items),
            ),
        )
        _schedule(
            self.connection,
            f"model:{spec.dataset}",
            libraries.BUILD,
            f"加工 {spec.title}",
            {"dataset": spec.dataset},
            spec.schedule,
        )

    def _retire(self, change: Change) -> None:
        kind, name = change.name.split(":", 1)
        match kind:
            case "organization":
                remove_organization(self.connection, name)
            case "code_set":
                remove_code_set(self.connection, name)
            case "element":
                remove_element(self.connection, name)
            case "source":
                for table in collect.list_tables(self.connection, name):
                    self._retire_table(table.name)
                collect.retire_source(self.connection, name)
            case "model":
                libraries.retire_model(self.connection, name)
                retire_entry(self.connection, name)
            case "service":
                gateway.retire_service(self.connection, name)
            case _:
                insight.retire_cockpit(self.connection, name)
        remove_schedule(self.connection, change.name)
        queries.drop_definition(self.connection, change.name)

    def _retire_table(self, name: str) -> None:
        libraries.retire_conform(self.connection, name)
        retire_entry(self.connection, f"std.{name}")

    def _write_definitions(self) -> None:
        """What the folder said, and what is in force: where they differ, a person changed it."""
        for place, (name, said) in enumerate(self.plan.folder.items()):
            change = self.changes[name]
            values = {"pack": self.pack, "position": place, "applied": said, "current": change.new}
            if change.action != "same":
                values["changed_by"] = self.changed_by
            queries.put_definition(self.connection, name, values)


def _schedule(
    connection: Connection,
    name: str,
    kind: str,
    title: str,
    payload: dict[str, Any],
    rule: str | None,
) -> None:
    if rule is None:
        remove_schedule(connection, name)
    else:
        put_schedule(connection, ScheduleInput(name, kind, title, rule, payload))
