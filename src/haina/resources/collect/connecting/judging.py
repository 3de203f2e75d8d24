"""Rows that are only looked at, judged by the elements that their columns are to be bound to: by
the very rules that will check them in `std`. Runs where the source is asked, never in the server.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from haina.kernel.sql import quote_identifier
from haina.standards.elements import CodeSetSpec, ElementSpec, Standards
from haina.standards.quality import Binding, Rule, helped_stages, rules_of, typed_stages

if TYPE_CHECKING:
    import pyarrow as pa

_EXAMPLES = 3
_LONGEST = 40


def standards_of(bound: Mapping[str, str], known: Standards) -> list[dict[str, Any]]:
    """What a probe must know to judge: [{column, element, code_set}], as JSON. Columns bound to
    an element that is not there are left out."""
    found = ((column, known.elements.get(name)) for column, name in bound.items())
    return [
        {
            "column": column,
            "element": element.model_dump(mode="json", exclude_defaults=True),
            "code_set": None if codes is None else codes.model_dump(mode="json"),
        }
        for column, element in found
        if element is not None
        for codes in [known.code_set_of(element)]
    ]


def judged(rows: "pa.Table", bound: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Verdicts on the columns that are bound, as JSON: {column, element, title, rows, failed,
    reasons: {title: rows}, examples}. `bound` as `standards_of` gives it."""
    known = set(rows.column_names)
    bindings = [_binding(one, place) for place, one in enumerate(bound) if one["column"] in known]
    if not bindings or not rows.num_rows:
        return []
    rules = [rule for rule in rules_of(bindings, ()) if rule.item is not None]
    flags = _flags(rows, bindings, rules)
    return [
        _verdict(rows, binding, [at for at, one in enumerate(rules) if one.item == binding.item],
                 rules, flags)
        for binding in bindings
    ]  # fmt: skip


def _binding(said: Mapping[str, Any], place: int) -> Binding:
    codes = said["code_set"]
    code_set = CodeSetSpec.model_validate(codes) if codes else None
    element = ElementSpec.model_validate(said["element"])
    return Binding(said["column"], f"i{place}", "", element, code_set)


def _flags(
    rows: "pa.Table", bindings: Sequence[Binding], rules: Sequence[Rule]
) -> list[tuple[bool, ...]]:
    """Which rules each row fails."""
    if not rules:
        return [() for _ in range(rows.num_rows)]
    import duckdb
    import pyarrow as pa

    numbered = rows.append_column("_seq", pa.array(range(rows.num_rows), pa.int64()))
    with duckdb.connect(config={"threads": 1, "enable_external_access": False}) as engine:
        engine.register("seen", numbered)
        return engine.execute(_sql(bindings, rules)).fetchall()


def _sql(bindings: Sequence[Binding], rules: Sequence[Rule]) -> str:
    flags = ", ".join(
        f"coalesce({rule.failing}, false) AS {quote_identifier(f'r{place}')}"
        for place, rule in enumerate(rules)
    )
    stages = (*typed_stages(bindings, "seen", ["_seq"]), *helped_stages(bindings))
    return f"WITH {', '.join(stages)} SELECT {flags} FROM helped ORDER BY _seq"


def _verdict(
    rows: "pa.Table",
    binding: Binding,
    mine: Sequence[int],
    rules: Sequence[Rule],
    flags: Sequence[tuple[bool, ...]],
) -> dict[str, Any]:
    assert binding.element is not None
    values = rows.column(binding.column).to_pylist()
    failed = [at for at, row in enumerate(flags) if any(row[place] for place in mine)]
    reasons = {rules[place].title: sum(row[place] for row in flags) for place in mine}
    shown = dict.fromkeys(str(values[at])[:_LONGEST] for at in failed)
    return {
        "column": binding.column,
        "element": binding.element.name,
        "title": binding.element.title,
        "rows": rows.num_rows,
        "failed": len(failed),
        "reasons": {title: count for title, count in reasons.items() if count},
        "examples": list(shown)[:_EXAMPLES],
    }
