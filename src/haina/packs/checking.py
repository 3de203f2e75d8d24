"""What refers to what: everything a pack names must exist, and its models must make sense."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from haina.compute.lake import ItemSpec
from haina.coordination.organizations import OrganizationSpec
from haina.kernel.errors import HainaError
from haina.kernel.jobs import check_schedule
from haina.kernel.sql import Lineage, lineage, parse_query
from haina.packs.errors import BAD_PACK
from haina.resources.collect import kinds
from haina.resources.libraries.conform import std_items
from haina.resources.libraries.models import model_rules
from haina.resources.libraries.recipe import conform_recipe
from haina.resources.specs import ModelSpec, SourceSpec, TableSpec
from haina.services.gateway.contracts import ServiceSpec
from haina.services.insight import CockpitSpec
from haina.standards.elements import CodeSetSpec, ElementSpec, Standards

Result = TypeVar("Result")


@dataclass
class World:
    """All declarations in force once the pack is applied; filled and checked in this order."""

    organizations: dict[str, OrganizationSpec] = field(default_factory=dict)
    standards: Standards = field(default_factory=lambda: Standards({}, {}))
    sources: dict[str, SourceSpec] = field(default_factory=dict)
    models: dict[str, ModelSpec] = field(default_factory=dict)
    services: dict[str, ServiceSpec] = field(default_factory=dict)
    cockpits: dict[str, CockpitSpec] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    schemas: dict[str, list[str]] = field(default_factory=dict)
    traced: dict[str, Lineage] = field(default_factory=dict)
    model_order: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Raises HainaError(bad_pack) that names the file and the place in it."""
        self._check_standards()
        for source in self.sources.values():
            self._check_source(source)
        for table in self.tables():
            self.schemas[table.std] = [c.item for c in table.columns.values()] + ["_issues"]
            self.schemas[table.ods] = list(table.columns)
        self._trace_models()
        for table in self.tables():
            self._check_references(table)
        for service in self.services.values():
            self._check_service(service)
        for cockpit in self.cockpits.values():
            self._check_cockpit(cockpit)

    def tables(self) -> Iterable[TableSpec]:
        for source in self.sources.values():
            yield from source.tables

    def _place(self, name: str) -> str:
        return self.places.get(name, name)

    def _refuse(self, name: str, what: str, hint: str | None = None) -> HainaError:
        return BAD_PACK(
            f"{self._place(name)}:{what}", field=self._place(name), object=name, hint=hint
        )

    def _check_standards(self) -> None:
        for element in self.standards.elements.values():
            if element.code_set and element.code_set not in self.standards.code_sets:
                raise self._refuse(f"element:{element.name}", f"没有代码集 {element.code_set}")

    def _check_source(self, source: SourceSpec) -> None:
        name = f"source:{source.name}"
        if source.agency not in self.organizations:
            raise self._refuse(name, f"没有机构 {source.agency}")
        if source.kind not in kinds.names():
            raise self._refuse(
                name, f"不认识的数据源种类 {source.kind}", f"可用的有:{'、'.join(kinds.names())}"
            )
        if source.schedule:
            self._guarded(name, lambda: check_schedule(source.schedule or ""))
        for table in source.tables:
            self._check_table(name, table)

    def _check_table(self, name: str, table: TableSpec) -> None:
        others = [one for one in self.tables() if one.name == table.name]
        if len(others) > 1:
            raise self._refuse(name, f"表名 {table.name} 用了两次")
        for column in table.columns.values():
            if column.element and column.element not in self.standards.elements:
                raise self._refuse(name, f"表 {table.name}:没有数据元 {column.element}")
        self._guarded(
            f"{name} 表 {table.name}", lambda: conform_recipe(table, self.standards), place=name
        )

    def _guarded(self, label: str, act: Callable[[], object], place: str | None = None) -> None:
        try:
            act()
        except HainaError as error:
            raise self._refuse(place or label, f"{label}:{error.message}", error.hint) from None

    def _check_references(self, table: TableSpec) -> None:
        source = next(s for s in self.sources.values() if table in s.tables)
        for column in table.columns.values():
            if column.refers is None:
                continue
            dataset, item = column.refers.rsplit(".", 1)
            if item not in self.schemas.get(dataset, []):
                raise self._refuse(
                    f"source:{source.name}", f"表 {table.name} 引用的 {column.refers} 不存在"
                )

    def _trace_models(self) -> None:
        """In dependency order, so that each sees the columns of those before it."""
        self.model_order = self._ordered()
        for name in self.model_order:
            model = self.models[name]
            if model.owner not in self.organizations:
                raise self._refuse(f"model:{name}", f"没有机构 {model.owner}")
            traced = self._trace(model)
            self.traced[name] = traced
            self.schemas[name] = [column.name for column in traced.columns]
            self._check_model(model, self.schemas[name])

    def _ordered(self) -> list[str]:
        inputs = {name: self._inputs(model) for name, model in self.models.items()}
        # References of collected tables tie `std` to models (a register of places), so that a
        # cycle may run through both.
        for table in self.tables():
            inputs[table.std] = {
                c.refers.rsplit(".", 1)[0] for c in table.columns.values() if c.refers
            } - {table.std}
        done: list[str] = []
        self._visit(sorted(inputs), inputs, done, ())
        return [name for name in done if name in self.models]

    def _visit(
        self,
        names: Sequence[str],
        inputs: dict[str, set[str]],
        done: list[str],
        path: tuple[str, ...],
    ) -> None:
        for name in names:
            if name in path:
                circle = " → ".join([*path[path.index(name) :], name])
                raise self._refuse(f"model:{name}", f"加工依赖成环:{circle}")
            if name not in done:
                self._visit(sorted(inputs.get(name, ())), inputs, done, (*path, name))
                done.append(name)

    def _inputs(self, model: ModelSpec) -> set[str]:
        return set(self._in_sql(model, lambda: parse_query(model.sql)).tables)

    def _trace(self, model: ModelSpec) -> Lineage:
        query = self._in_sql(model, lambda: parse_query(model.sql))
        return self._in_sql(model, lambda: lineage(query, self.schemas))

    def _in_sql(self, model: ModelSpec, act: Callable[[], Result]) -> Result:
        """Turn a line of the SQL into a line of the file."""
        try:
            return act()
        except HainaError as error:
            line = error.details.get("line")
            where = f" 第 {int(line) + model.first_line - 1} 行" if line else ""
            place = self._place(f"model:{model.dataset}")
            raise BAD_PACK(
                f"{place}{where}:{error.message}", field=f"model:{model.dataset}", hint=error.hint
            ) from None

    def _check_model(self, model: ModelSpec, columns: list[str]) -> None:
        name = f"model:{model.dataset}"
        lost = sorted((set(model.key) | set(model.items)) - set(columns))
        if lost:
            raise self._refuse(name, f"SQL 没有给出列 {'、'.join(lost)}")
        if model.schedule:
            self._guarded(name, lambda: check_schedule(model.schedule or ""))
        for item in model.items.values():
            if item.element and item.element not in self.standards.elements:
                raise self._refuse(name, f"没有数据元 {item.element}")
        self._guarded(name, lambda: model_rules(model, columns))

    def _check_service(self, service: ServiceSpec) -> None:
        named = [
            *service.by,
            *service.returns,
            *service.filters,
            *service.compare,
            *service.group_by,
            *(f.item for f in service.figures.values() if f.item),
        ]
        self._check_items(f"service:{service.name}", service.dataset, named)

    def _check_cockpit(self, cockpit: CockpitSpec) -> None:
        name = f"cockpit:{cockpit.name}"
        for figure in cockpit.figures:
            self._check_items(name, figure.dataset, [figure.item] if figure.item else [])
        if cockpit.places is not None:
            places = cockpit.places
            self._check_items(name, places.dataset, [places.code, places.name, *places.figures])

    def _check_items(self, name: str, dataset: str, items: Sequence[str]) -> None:
        columns = self.schemas.get(dataset)
        if columns is None:
            raise self._refuse(name, f"没有数据集 {dataset}")
        lost = sorted(set(items) - set(columns))
        if lost:
            raise self._refuse(name, f"数据集 {dataset} 没有信息项 {'、'.join(lost)}")


def items_of(table: TableSpec, standards: Standards) -> dict[tuple[str, str], ItemSpec]:
    """The items of `std.<table>`, for models that inherit from them."""
    return {(table.std, item.name): item for item in std_items(table, standards)}


def world_specs(code_sets: Iterable[CodeSetSpec], elements: Iterable[ElementSpec]) -> Standards:
    return Standards({one.name: one for one in elements}, {one.name: one for one in code_sets})
