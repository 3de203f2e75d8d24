"""The stages from raw rows to rows that rules can judge, as a chain of WITH.

An engine computes an expression as often as it is written, so what is used more than once gets a
name in a stage of its own before it is used.
"""

from collections.abc import Sequence

from haina.standards.elements import Format
from haina.standards.quality import rules, values
from haina.standards.quality.bindings import Binding


def typed_stages(
    bindings: Sequence[Binding], source: str, along: Sequence[str] = ()
) -> tuple[str, ...]:
    """To `typed`, which has the cleaned text and the typed value of each item. `along`: further
    columns of `source`, with their names, that go along."""
    said = [*along, *(f"{values.trimmed(one)} AS {one.text}" for one in bindings)]
    folded = [f"{values.wide(one)} AS {one.wide}" for one in bindings if one.ascii]
    clean = [f"{values.narrowed(one)} AS {one.clean}" for one in bindings]
    typed = [f"{values.item_value(one)} AS {one.value}" for one in bindings]
    return (
        f"said AS (SELECT {', '.join(said)} FROM {source})",
        _stage("folded", folded, "said"),
        _stage("clean", clean, "folded"),
        _stage("typed", typed, "clean"),
    )


def helped_stages(bindings: Sequence[Binding]) -> tuple[str, ...]:
    """From `typed` to `helped`, over which rules stand: of numbers that carry a check also what is
    read out of them, whether they are well formed, and whether the check is right."""
    ids = [one for one in bindings if one.format is Format.ID_NUMBER]
    checked = [one for one in bindings if one.format in rules.CHECKED]
    read = [f"{values.id_birth(one.clean)} AS {one.birth}" for one in ids]
    read += [f"{values.id_digits(one.clean)} AS {one.digits}" for one in ids]
    formed = [f"coalesce({rules.well_formed(one)}, false) AS {one.formed}" for one in checked]
    verified = [
        f"coalesce({one.formed} AND NOT ({rules.check_fails(one)}), false) AS {one.verified}"
        for one in checked
    ]
    return (
        _stage("parsed", read, "typed"),
        _stage("formed", formed, "parsed"),
        _stage("helped", verified, "formed"),
    )


def _stage(name: str, columns: Sequence[str], before: str) -> str:
    return f"{name} AS (SELECT {', '.join(['*', *columns])} FROM {before})"
