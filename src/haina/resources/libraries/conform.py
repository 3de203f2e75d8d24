"""The job that makes `std.<table>` out of `ods.<table>` by its bindings."""

import hashlib
import json
from typing import Any

from sqlalchemy.engine import Connection

from haina.catalogue.lineage import put_lineage, remove_lineage
from haina.compute import ISSUES, Engine, lake
from haina.compute.engines import Session
from haina.compute.lake import Pinned
from haina.compute.system import read_as_system
from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs import JobContext
from haina.kernel.jobs.context import StepHandle
from haina.resources.libraries import checks, queries
from haina.resources.libraries.recipe import ConformRecipe, bindings_of, conform_recipe
from haina.resources.specs import TableSpec
from haina.standards.elements import Standards, load_standards
from haina.standards.quality import Binding

CONFORM = "libraries.conform"

# Verdicts on more rows than this are computed twice rather than kept in memory.
_KEEP_ROWS = 3_000_000


def declare_conform(
    connection: Connection, spec: TableSpec, standards: Standards, owner: str, pack: str | None
) -> None:
    """Declare `ods` and `std` of a table, their lineage and the recipe between them."""
    bindings = bindings_of(spec, standards)
    items = tuple(_item(binding, spec) for binding in bindings)
    grade = max([spec.grade, *(item.grade for item in items)])
    raw = tuple(
        lake.ItemSpec(b.column, b.title, "text", i.element, i.grade, i.mask)
        for b, i in zip(bindings, items, strict=True)
    )
    common: dict[str, Any] = {
        "title": spec.title,
        "owner": owner,
        "grade": grade,
        "summary": spec.summary,
        "theme": spec.theme,
        "pack": pack,
    }
    lake.declare(
        connection, lake.DatasetSpec(spec.ods, made_by="collect", key=spec.key, items=raw, **common)
    )
    lake.declare(
        connection,
        lake.DatasetSpec(
            spec.std,
            made_by="conform",
            key=spec.key_items,
            items=std_items(spec, standards),
            **common,
        ),
    )
    _put_recipe(connection, spec, standards)


def std_items(spec: TableSpec, standards: Standards) -> tuple[lake.ItemSpec, ...]:
    """The items of `std.<table>` as its bindings make them."""
    items = (_item(binding, spec) for binding in bindings_of(spec, standards))
    return (*items, lake.ItemSpec(ISSUES, "质量问题"))


def _item(binding: Binding, spec: TableSpec) -> lake.ItemSpec:
    element = binding.element
    grade, mask = spec.columns[binding.column].guard(element)
    return lake.ItemSpec(
        binding.item,
        binding.title,
        binding.type.value,
        element.name if element else None,
        grade,
        mask.value,
    )


def _put_recipe(connection: Connection, spec: TableSpec, standards: Standards) -> None:
    recipe = conform_recipe(spec, standards)
    items = {binding.item: [(spec.ods, binding.column)] for binding in recipe.bindings}
    put_lineage(connection, spec.std, recipe.inputs, items)
    queries.put_recipe(
        connection,
        spec.std,
        {
            "kind": "conform",
            "title": spec.title,
            "retired": False,
            "spec": spec.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "digest": digest_of(recipe.whole),
        },
    )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def retire_conform(connection: Connection, name: str) -> None:
    """The table is no longer collected; its datasets are retired, their files stay."""
    for dataset in (f"std.{name}", f"ods.{name}"):
        lake.retire(connection, dataset)
    queries.retire_recipe(connection, f"std.{name}")
    remove_lineage(connection, f"std.{name}")


def conform(engine: Engine, context: JobContext) -> dict[str, Any]:
    """The job: payload {dataset, inputs}. Its result counts rows in and out and rows that fail."""
    with context.platform.database.read() as connection:
        row = queries.recipe(connection, context.payload["dataset"])
        if row is None:
            raise NOT_FOUND(f"没有 {context.payload['dataset']} 的标准化定义")
        standards = load_standards(connection)
        spec = TableSpec.model_validate(row.spec)
        plain = _plain_columns(connection, spec.ods)
        recipe = conform_recipe(spec, standards, plain)
        pinned = lake.current(context.platform, connection, recipe.inputs)
        rows = lake.find_dataset(connection, spec.ods).rows or 0
    with (
        read_as_system(engine, f"标准化 {spec.std}", pinned) as session,
        context.stopping(session.cancel),
    ):
        return _Conform(context, recipe, pinned, row.digest, session, rows <= _KEEP_ROWS).run()


def _plain_columns(connection: Connection, ods: str) -> frozenset[str]:
    newest = lake.versions(connection, ods, limit=1)
    if not newest:
        return frozenset()
    return frozenset(name for name, kind in newest[0].schema if kind != "string")


class _Conform:
    def __init__(
        self,
        context: JobContext,
        recipe: ConformRecipe,
        pinned: list[Pinned],
        digest: str,
        session: Session,
        kept: bool,
    ) -> None:
        self.context = context
        self.recipe = recipe
        self.pinned = pinned
        self.digest = digest
        self.session = session
        self.kept = kept

    def run(self) -> dict[str, Any]:
        with self.context.step("check") as handle:
            found = self._check(handle)
        with self.context.step("write") as handle:
            handle.rows_in = found.total
            version = lake.write(self.context, "write", handle, self._draft(found))
        self.context.log(
            f"{found.total:,} 行中 {found.failed_rows:,} 行有质量问题;写入 {version.rows:,} 行"
        )
        return {
            "version": version.version,
            "rows_in": found.total,
            "rows_out": version.rows,
            "failed_rows": found.failed_rows,
        }

    def _check(self, handle: StepHandle) -> checks.Found:
        rules = self.recipe.rules
        for name, sql in self.recipe.aside:
            self.session.keep(name, sql)
        if self.kept:
            self.session.keep("verdicts", self.recipe.judge_sql)
        page = self.session.rows(self.recipe.check_sql(kept=self.kept))
        found = (checks.found_of_issues if self.kept else checks.found_of)(page, rules)
        checks.refuse_strong(found)
        handle.rows_in = found.total
        handle.output = {
            "failed_rows": found.failed_rows,
            "rules": len(rules),
            "peak_mb": round(self.session.peak_mb),
        }
        return found

    def _draft(self, found: checks.Found) -> lake.Draft:
        ods = self.pinned[0]

        def publish(connection: Connection, _version: lake.Version) -> None:
            checks.keep(connection, self.recipe.spec.ods, ods.version, self.context.job.id, found)

        return lake.Draft(
            self.recipe.spec.std,
            lake.WriteMode.REPLACE,
            lambda: self.session.batches(self.recipe.rows_sql(kept=self.kept)).reader(),
            inputs=[(one.dataset, one.version) for one in self.pinned],
            check=lambda _written: {"recipe": self.digest},
            publish=publish,
        )


def digest_json(value: Any) -> str:
    return digest_of(json.dumps(value, ensure_ascii=False, sort_keys=True))
