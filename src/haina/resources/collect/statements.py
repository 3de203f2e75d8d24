"""对账单: what the agency itself says of a batch — its number, rows and control sums."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from haina.kernel.errors import BAD_INPUT, kind
from haina.kernel.sql import quote_identifier
from haina.resources.specs import TableSpec

if TYPE_CHECKING:
    import pyarrow as pa

NOT_AS_STATED = kind(
    "not_as_stated",
    409,
    "到的数与部门的对账单不符",
    "请部门核对后重送这一批;此前的数据不受影响。",
)


@dataclass(frozen=True)
class Statement:
    """`sums`: column → the sum of its values, as text in exact decimals."""

    number: str | None = None
    rows: int | None = None
    sums: dict[str, str] = field(default_factory=dict)


def statement_of(block: Mapping[str, Any] | None, spec: TableSpec) -> Statement | None:
    """Read one from JSON. Raises HainaError(bad_input) that names the field."""
    if not block:
        return None
    rows, sums = block.get("rows"), block.get("sums") or {}
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 0):
        raise BAD_INPUT("对账单的行数须为非负整数", field="statement.rows")
    if not isinstance(sums, Mapping):
        raise BAD_INPUT("对账单的合计须为「列名: 数」", field="statement.sums")
    for name, total in sums.items():
        if name not in spec.columns:
            raise BAD_INPUT(f"对账单里的列“{name}”不在表中", field=f"statement.sums.{name}")
        if _number(total) is None:
            raise BAD_INPUT(f"对账单里“{name}”的合计不是数", field=f"statement.sums.{name}")
    number = block.get("number")
    return Statement(
        None if number is None else str(number),
        rows,
        {str(name): str(total) for name, total in sums.items()},
    )


class Sums:
    """Sums of columns as the rows go by, good rows only."""

    def __init__(self, statement: Statement | None) -> None:
        self.found: dict[str, Decimal] = dict.fromkeys(
            statement.sums if statement else (), Decimal(0)
        )

    def add(self, batch: "pa.RecordBatch") -> None:
        if not self.found or not batch.num_rows:
            return
        import duckdb
        import pyarrow as pa

        names = [name for name in self.found if name in batch.schema.names]
        if not names:
            return
        # What is no number counts nothing here; the rules of the standard layer will say so.
        picks = ", ".join(
            f"sum(try_cast({quote_identifier(name)} AS DECIMAL(38,10)))" for name in names
        )
        with duckdb.connect(config={"threads": 1, "enable_external_access": False}) as engine:
            engine.register("rows", pa.Table.from_batches([batch]).select(names))
            totals = engine.execute(f"SELECT {picks} FROM rows").fetchone() or ()
        for name, total in zip(names, totals, strict=True):
            self.found[name] += total or Decimal(0)


def compare(
    statement: Statement | None, source_rows: int, rejected: int, sums: Mapping[str, str]
) -> dict[str, Any] | None:
    """What was stated beside what was found. Sums cannot agree while rows are in quarantine: then
    they are told, and decide nothing."""
    if statement is None:
        return None
    differing = [
        name
        for name, total in statement.sums.items()
        if Decimal(total) != Decimal(sums.get(name, "0"))
    ]
    rows_agree = statement.rows is None or statement.rows == source_rows
    return {
        "number": statement.number,
        "rows": statement.rows,
        "found_rows": source_rows,
        "sums": statement.sums,
        "found_sums": dict(sums),
        "differing": differing,
        "agrees": rows_agree and not differing,
        "refused": not rows_agree or (bool(differing) and not rejected),
    }


def refuse(found: Mapping[str, Any] | None) -> None:
    """Raises HainaError(not_as_stated) when a batch must not be taken."""
    if found is None or not found["refused"]:
        return
    parts = []
    if found["rows"] is not None and found["rows"] != found["found_rows"]:
        parts.append(f"对账单说 {found['rows']:,} 行,实到 {found['found_rows']:,} 行")
    sums, there = found["sums"], found["found_sums"]
    parts += [f"“{n}”合计应为 {sums[n]},实为 {there.get(n)}" for n in found["differing"]]
    raise NOT_AS_STATED(";".join(parts), field="statement", **found)


def _number(text: Any) -> Decimal | None:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
