"""The SQL that makes `std` out of `ods`: cleaned, valued, judged, in one pass over the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from haina.compute import ISSUES
from haina.compute.masks import masked
from haina.kernel.errors import BAD_INPUT
from haina.kernel.sql import check_expression, literal, quote_identifier, quote_name
from haina.resources.libraries.checks import ISSUE_SEPARATOR, issues_sql, scan_sql
from haina.resources.specs import ColumnSpec, TableSpec
from haina.security.access import Mask
from haina.standards.elements import Standards
from haina.standards.quality import Binding, Rule, helped_stages, rules_of, typed_stages

_CLEAR_GRADE = 2


@dataclass(frozen=True)
class ConformRecipe:
    """`rules` in the order of the flags. `aside`: (name, SQL) of what all rows are held against:
    keys that stand twice, values that are referred to. A session keeps them first, for a WITH that
    is read twice would hold every row of the table in memory. `judged` is the chain of WITH that
    ends in the relation of that name."""

    spec: TableSpec
    bindings: tuple[Binding, ...]
    rules: tuple[Rule, ...]
    inputs: tuple[str, ...]
    aside: tuple[tuple[str, str], ...]
    judged: str
    key_text: str

    @property
    def whole(self) -> str:
        """The recipe as one statement, for who keeps nothing aside."""
        return f"{self._alone} {self._rows('judged')}"

    @property
    def _alone(self) -> str:
        aside = "".join(f"{name} AS ({sql}), " for name, sql in self.aside)
        return f"WITH {aside}{self.judged}"

    @property
    def judge_sql(self) -> str:
        """Judge every row once and keep the verdicts for the session. What a row fails is kept as
        text: to look at hundreds of flags again takes the engine longer to plan than to do."""
        columns = [f"{self._item(one)} AS {_kept(one)}" for one in self.bindings]
        columns += [quote_identifier(f"k_{item}") for item in self.spec.key_items]
        columns += [f"({self._stays}) AS _stays", f"{self._issues} AS {ISSUES}"]
        return f"WITH {self.judged} SELECT _seq, {', '.join(columns)} FROM judged"

    def check_sql(self, *, kept: bool) -> str:
        """All rules in one scan. `kept`: `judge_sql` was run in this session."""
        if kept:
            return issues_sql(self.key_text, "verdicts")
        return f"WITH {self.judged} {scan_sql(self.rules, self.key_text, 'judged')}"

    def rows_sql(self, *, kept: bool) -> str:
        """The rows of `std`: unusable values emptied, each row with the rules it fails; of rows
        with one key the last one."""
        if not kept:
            return f"WITH {self.judged} {self._rows('judged')}"
        return f"SELECT {self._items(_kept)}, {ISSUES}, _seq FROM verdicts WHERE _stays"

    def _rows(self, relation: str) -> str:
        return (
            f"SELECT {self._items(self._item)}, {self._issues} AS {ISSUES}, _seq "
            f"FROM {relation} WHERE {self._stays}"
        )

    def _items(self, value: Callable[[Binding], str]) -> str:
        return ", ".join(f"{value(one)} AS {quote_identifier(one.item)}" for one in self.bindings)

    @property
    def _issues(self) -> str:
        names = ", ".join(
            f"CASE WHEN r{place} THEN {literal(rule.name)} END"
            for place, rule in enumerate(self.rules)
        )
        return f"nullif(concat_ws('{ISSUE_SEPARATOR}', {names}), '')"

    @property
    def _stays(self) -> str:
        keys = " AND ".join(
            f"{self._binding(item).value} IS NOT NULL" for item in self.spec.key_items
        )
        return f"{keys} AND (_keep IS NULL OR _keep = _seq)"

    def _item(self, binding: Binding) -> str:
        """The value, emptied where it is unusable."""
        voids = [
            f"r{place}"
            for place, rule in enumerate(self.rules)
            if rule.voids and rule.item == binding.item
        ]
        if not voids:
            return binding.value
        return f"CASE WHEN {' OR '.join(voids)} THEN NULL ELSE {binding.value} END"

    def _binding(self, item: str) -> Binding:
        return next(binding for binding in self.bindings if binding.item == item)

    def failing_keys_sql(self, rule: str, key_text: str) -> str:
        """All keys that fail a rule (for tests and repair; unmasked)."""
        place = next(n for n, one in enumerate(self.rules) if one.name == rule)
        return f"{self._alone} SELECT {key_text} FROM judged WHERE r{place}"

    def raw_key_text(self) -> str:
        return key_text(self.spec, None)


def _kept(binding: Binding) -> str:
    return quote_identifier(f"i_{binding.item}")


def bindings_of(spec: TableSpec, standards: Standards) -> tuple[Binding, ...]:
    """The columns of a table with their standards at hand."""
    return tuple(_binding(spec, name, column, standards) for name, column in spec.columns.items())


def _binding(spec: TableSpec, name: str, column: ColumnSpec, standards: Standards) -> Binding:
    element = standards.elements[column.element] if column.element else None
    refers = tuple(column.refers.rsplit(".", 1)) if column.refers else None
    return Binding(
        name,
        column.item,
        column.title,
        element,
        standards.code_set_of(element) if element else None,
        column.codes,
        column.required or name in spec.key,
        spec.columns[column.same_as].item if column.same_as else None,
        (refers[0], refers[1]) if refers else None,
        column.date_format,
    )


def key_text(spec: TableSpec, standards: Standards | None) -> str:
    """SQL of a row's key as text, as the source writes it; masked when standards are given."""
    parts = []
    for name in spec.key:
        column = spec.columns[name]
        mask = _key_mask(column, standards) if standards else Mask.NONE
        text = masked(f"k_{column.item}", mask)
        parts.append(f"CAST({text} AS VARCHAR)")
    return f"concat_ws('|', {', '.join(parts)})"


def _key_mask(column: ColumnSpec, standards: Standards) -> Mask:
    grade, mask = column.guard(standards.elements.get(column.element or ""))
    if grade <= _CLEAR_GRADE:
        return Mask.NONE
    return mask if mask is not Mask.NONE else Mask.HIDE


def conform_recipe(
    spec: TableSpec, standards: Standards, plain: frozenset[str] = frozenset()
) -> ConformRecipe:
    """The recipe of a table. `plain`: source columns whose type in `ods` is not text and that
    no element binds: they pass as they are."""
    bindings = tuple(
        replace(one, passes=one.element is None and one.column in plain)
        for one in bindings_of(spec, standards)
    )
    rules = (*rules_of(bindings, spec.key_items), *_by_hand(spec))
    refers = {binding.refers[0] for binding in bindings if binding.refers}
    return ConformRecipe(
        spec,
        bindings,
        rules,
        (spec.ods, *sorted(refers - {spec.std})),
        _aside(spec, bindings),
        _judged(spec, bindings, rules),
        key_text(spec, standards),
    )


def _by_hand(spec: TableSpec) -> list[Rule]:
    """Rules that a pack writes over items; they see the typed values."""
    items = [column.item for column in spec.columns.values()]
    return [
        Rule(
            f"row.{rule.name}",
            rule.title,
            rule.dimension,
            None,
            f"coalesce(NOT ({_over_values(rule.expr, items)}), false)",
            strong=rule.strong,
        )
        for rule in spec.rules
    ]


def _over_values(expr: str, items: Sequence[str]) -> str:
    return check_expression(expr, items).renamed({item: f"v_{item}" for item in items})


def _aside(spec: TableSpec, bindings: Sequence[Binding]) -> tuple[tuple[str, str], ...]:
    """Each from the items that it asks for alone: to plan the others takes the engine as long as
    to compute a small table."""

    def typed(items: Sequence[str]) -> str:
        asked = [one for one in bindings if one.item in items]
        return f"WITH {', '.join(_typed(spec, asked))}"

    known = (
        (f"known_{one.item}", f"{typed([one.item, one.refers[1]])} {_known(one, spec)}")
        for one in bindings
        if one.refers
    )
    return (("doubled", f"{typed(spec.key_items)} {_duplicates(spec, bindings)}"), *known)


def _judged(spec: TableSpec, bindings: Sequence[Binding], rules: Sequence[Rule]) -> str:
    """One row a row of `ods`, with its flags r0, r1… and `_keep`."""
    flags = ", ".join(f"({rule.failing}) AS r{place}" for place, rule in enumerate(rules))
    ctes = [
        *_typed(spec, bindings),
        *helped_stages(bindings),
        (
            "marked AS (SELECT helped.*, doubled._keep, doubled._keep IS NOT NULL AS _duplicate "
            f"FROM helped LEFT JOIN doubled ON {_same_key(spec, bindings)})"
        ),
        f"judged AS (SELECT *, {flags} FROM marked)",
    ]
    return ", ".join(ctes)


def _typed(spec: TableSpec, bindings: Sequence[Binding]) -> tuple[str, ...]:
    keys = [binding for binding in bindings if binding.column in spec.key]
    names = [quote_identifier(f"k_{binding.item}") for binding in keys]
    raw = [f"CAST({one.raw} AS VARCHAR) AS {name}" for one, name in zip(keys, names, strict=True)]
    return typed_stages(bindings, quote_name(spec.ods), ["_seq", *raw])


def _known(binding: Binding, spec: TableSpec) -> str:
    """The values that are found in what is referred to: asked for ours only, so that a small
    table is not slowed by a large register."""
    assert binding.refers is not None
    dataset, item = binding.refers
    if dataset == spec.std:
        if item not in {column.item for column in spec.columns.values()}:
            raise BAD_INPUT(f"refers 所指的 {dataset}.{item} 不在本表中", field="refers")
        return (
            f"SELECT DISTINCT CAST({quote_identifier('v_' + item)} AS VARCHAR) AS known FROM typed"
        )
    column = f"CAST({quote_identifier(item)} AS VARCHAR)"
    return (
        f"SELECT DISTINCT {column} AS known FROM {quote_name(dataset)} "
        f"WHERE {column} IN (SELECT DISTINCT CAST({binding.value} AS VARCHAR) FROM typed)"
    )


def _duplicates(spec: TableSpec, bindings: Sequence[Binding]) -> str:
    """Keys that stand on more than one row, and which of these rows is the last."""
    keys = [binding.value for binding in bindings if binding.item in spec.key_items]
    listed = ", ".join(keys)
    present = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    return (
        f"SELECT {listed}, max(_seq) AS _keep FROM typed WHERE {present} "
        f"GROUP BY {listed} HAVING count(*) > 1"
    )


def _same_key(spec: TableSpec, bindings: Sequence[Binding]) -> str:
    keys = [binding.value for binding in bindings if binding.item in spec.key_items]
    return " AND ".join(f"helped.{key} = doubled.{key}" for key in keys)
