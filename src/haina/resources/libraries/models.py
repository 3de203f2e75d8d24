"""加工模型: one SELECT makes a dataset of base, theme or topic out of others."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from haina.catalogue.lineage import put_lineage, remove_lineage
from haina.compute import Engine, lake
from haina.compute.engines import Session
from haina.compute.lake import Pinned
from haina.compute.masks import masked
from haina.compute.system import read_as_system
from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs import JobContext
from haina.kernel.sql import Lineage, check_expression, parse_query, quote_identifier, quote_name
from haina.resources.libraries import checks, queries
from haina.resources.libraries.conform import digest_json
from haina.resources.specs import ModelSpec
from haina.security.access import Mask
from haina.standards.elements import Standards
from haina.standards.quality import Rule

BUILD = "libraries.build"

_CLEAR_GRADE = 2


@dataclass(frozen=True)
class Model:
    spec: ModelSpec
    inputs: tuple[str, ...]
    digest: str


def declare_model(
    connection: Connection,
    spec: ModelSpec,
    traced: Lineage,
    standards: Standards,
    known: dict[tuple[str, str], lake.ItemSpec],
    pack: str | None,
) -> tuple[lake.ItemSpec, ...]:
    """Declare a model's dataset, lineage and recipe; its items inherit title, element, grade and
    mask from the item they come from, if it is one alone. `known`: items of the inputs."""
    inputs = sorted(parse_query(spec.sql).tables)
    sources = {column.name: column.sources for column in traced.columns}
    items = tuple(_item(spec, name, found, standards, known) for name, found in sources.items())
    lake.declare(
        connection,
        lake.DatasetSpec(
            spec.dataset,
            title=spec.title,
            owner=spec.owner,
            made_by="model",
            grade=spec.grade or max([1, *(item.grade for item in items)]),
            summary=spec.summary,
            theme=spec.theme,
            key=spec.key,
            items=items,
            pack=pack,
        ),
    )
    put_lineage(
        connection, spec.dataset, inputs, {name: sorted(found) for name, found in sources.items()}
    )
    plain = spec.model_dump(mode="json", exclude_defaults=True)
    queries.put_recipe(
        connection,
        spec.dataset,
        {
            "kind": "model",
            "title": spec.title,
            "retired": False,
            "spec": {"model": plain, "inputs": inputs},
            "digest": digest_json([spec.sql, list(spec.key), plain.get("checks", [])]),
        },
    )
    return items


def _item(
    spec: ModelSpec,
    name: str,
    sources: frozenset[tuple[str, str]],
    standards: Standards,
    known: dict[tuple[str, str], lake.ItemSpec],
) -> lake.ItemSpec:
    said = spec.items.get(name)
    origins = [known[pair] for pair in sorted(sources) if pair in known]
    twin = origins[0] if origins and len({(o.title, o.element) for o in origins}) == 1 else None
    element = (said.element if said else None) or (twin.element if twin else None)
    standard = standards.elements.get(element) if element else None
    grade = (said.grade if said else None) or max([1, *(origin.grade for origin in origins)])
    mask = standard.mask.value if standard else _strictest(origins)
    title = (said.title if said else None) or (twin.title if twin else name)
    return lake.ItemSpec(name, title, "text", element, grade, mask)


def _strictest(origins: list[lake.ItemSpec]) -> str:
    masks = {origin.mask for origin in origins} - {Mask.NONE.value}
    return masks.pop() if len(masks) == 1 else Mask.NONE.value


def retire_model(connection: Connection, dataset: str) -> None:
    lake.retire(connection, dataset)
    queries.retire_recipe(connection, dataset)
    remove_lineage(connection, dataset)


def find_model(connection: Connection, dataset: str) -> Model:
    """Raises HainaError(not_found)."""
    row = queries.recipe(connection, dataset)
    if row is None or row.kind != "model":
        raise NOT_FOUND(f"没有加工模型 {dataset}", field="model")
    return _model(row)


def list_models(connection: Connection) -> list[Model]:
    return [_model(row) for row in queries.recipes(connection, "model")]


def _model(row: Row[Any]) -> Model:
    return Model(ModelSpec.model_validate(row.spec["model"]), tuple(row.spec["inputs"]), row.digest)


def build(engine: Engine, context: JobContext) -> dict[str, Any]:
    """The job: payload {dataset, inputs}. Computes in a sandbox; the worker commits."""
    with context.platform.database.read() as connection:
        model = find_model(connection, context.payload["dataset"])
        pinned = lake.current(context.platform, connection, model.inputs)
        inputs_rows = sum(lake.find_dataset(connection, name).rows or 0 for name in model.inputs)
        items = lake.find_dataset(connection, model.spec.dataset).items
    with context.step("compute") as handle, ExitStack() as stack:
        handle.rows_in = inputs_rows
        job = _Build(engine, context, model, pinned, items)
        session = stack.enter_context(read_as_system(engine, f"加工 {model.spec.dataset}", pinned))
        stack.enter_context(context.stopping(session.cancel))
        version = lake.write(context, "compute", handle, job.draft(session))
        handle.output = {"peak_mb": round(session.peak_mb)}
    context.log(f"读入 {inputs_rows:,} 行,写出 {version.rows:,} 行")
    return {"version": version.version, "rows_in": inputs_rows, "rows_out": version.rows}


class _Build:
    def __init__(
        self,
        engine: Engine,
        context: JobContext,
        model: Model,
        pinned: list[Pinned],
        items: tuple[lake.ItemSpec, ...],
    ) -> None:
        self.engine = engine
        self.context = context
        self.model = model
        self.pinned = pinned
        self.items = {item.name: item for item in items}
        self.found: checks.Found | None = None

    def draft(self, session: Session) -> lake.Draft:
        spec = self.model.spec
        return lake.Draft(
            spec.dataset,
            lake.WriteMode.REPLACE,
            lambda: session.batches(parse_query(spec.sql).sql).reader(),
            inputs=[(one.dataset, one.version) for one in self.pinned],
            check=self._check,
            publish=self._publish,
        )

    def _check(self, written: lake.Written) -> dict[str, Any]:
        """The model's own rules on the version that was just committed, before it is current."""
        rules = model_rules(self.model.spec, [name for name, _ in written.schema])
        if rules:
            name = self.model.spec.dataset
            new = Pinned(name, str(lake.path_of(self.context.platform, name)), written.version)
            with read_as_system(self.engine, f"检核 {name}", [new]) as session:
                page = session.rows(self._scan(rules))
            self.found = checks.found_of(page, rules)
            checks.refuse_strong(self.found)
        return {"recipe": self.model.digest}

    def _scan(self, rules: list[Rule]) -> str:
        spec = self.model.spec
        flags = ", ".join(f"({rule.failing}) AS r{place}" for place, rule in enumerate(rules))
        counted = f"count(*) OVER (PARTITION BY {_listed(spec.key)})" if spec.key else "1"
        return (
            f"WITH rows AS (SELECT *, {counted} > 1 AS _duplicate "
            f"FROM {quote_name(spec.dataset)}), "
            f"judged AS (SELECT *, {flags} FROM rows) "
            + checks.scan_sql(rules, self._key_text(), "judged")
        )

    def _key_text(self) -> str:
        parts = []
        for name in self.model.spec.key:
            item = self.items.get(name)
            hidden = item is not None and item.grade > _CLEAR_GRADE
            mask = Mask(item.mask) if item and hidden else Mask.NONE
            parts.append(
                f"CAST({masked(name, Mask.HIDE if hidden and mask is Mask.NONE else mask)}"
                " AS VARCHAR)"
            )
        return f"concat_ws('|', {', '.join(parts)})" if parts else "''"

    def _publish(self, connection: Connection, version: lake.Version) -> None:
        if self.found is not None:
            checks.keep(
                connection, version.dataset, version.version, self.context.job.id, self.found
            )


def model_rules(spec: ModelSpec, columns: list[str]) -> list[Rule]:
    """A declared key is present and unique, always strongly; then the model's own checks."""
    rules = []
    if spec.key:
        missing = " OR ".join(f"{quote_identifier(name)} IS NULL" for name in spec.key)
        rules.append(Rule("key.missing", "主键为空", "完整性", None, missing, strong=True))
        rules.append(Rule("key.duplicate", "主键重复", "准确性", None, "_duplicate", strong=True))
    for check in spec.checks:
        right = check_expression(check.expr, columns).sql
        rules.append(
            Rule(
                f"row.{check.name}",
                check.title,
                check.dimension,
                None,
                f"coalesce(NOT ({right}), false)",
                strong=check.strong,
            )
        )
    return rules


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(quote_identifier(name) for name in names)
