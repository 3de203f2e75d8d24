"""What a MySQL or MariaDB server says of its tables, out of information_schema."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from haina.resources.collect.kinds.databases.drivers.dialect import Declared, Found, Statement
from haina.resources.collect.kinds.databases.mysql.select import value
from haina.resources.collect.kinds.databases.mysql.types import SHAPES

# The key comes from `statistics`: accounts with no right but SELECT do not see constraints.
_COLUMNS_SQL = """
select t.table_name, t.engine, t.table_rows,
       case when t.table_type = 'VIEW' then '' else t.table_comment end,
       c.column_name, c.column_type, c.data_type, c.numeric_precision, c.numeric_scale,
       c.character_set_name, c.collation_name, c.is_nullable, c.column_comment, k.seq_in_index
from information_schema.tables t
join information_schema.columns c
  on c.table_schema = t.table_schema and c.table_name = t.table_name
left join information_schema.statistics k
  on k.table_schema = c.table_schema and k.table_name = c.table_name
 and k.column_name = c.column_name and k.index_name = 'PRIMARY'
where t.table_schema = database(){only}
order by t.table_name, c.ordinal_position
"""
# MariaDB keeps JSON as text under a check of the column's own.
_JSON_SQL = """
select table_name, constraint_name from information_schema.check_constraints
where constraint_schema = database() and level = 'Column' and check_clause like 'json\\_valid(%'
"""
_SNAPSHOTS = ("innodb", "rocksdb", "tokudb", "ndbcluster", "ndb")

Row = tuple[str | None, ...]


def columns(table: str | None) -> Statement:
    """One row a column of the database, of one table when it is named."""
    made = Statement()
    only = f" and t.table_name = {value(table, made)}" if table is not None else ""
    made.sql = _COLUMNS_SQL.format(only=only)
    return made


def json_columns() -> Statement:
    """Columns that MariaDB declared as JSON: table, column."""
    return Statement(_JSON_SQL)


def tables(rows: Iterable[Row], json: Iterable[Row]) -> list[Found]:
    """Tables out of the rows of `columns`, by name. `json` is what `json_columns` found."""
    known = set(json)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[0] or ""].append(row)
    return [_table(name, found, known) for name, found in sorted(grouped.items())]


def _table(name: str, rows: list[Row], json: set[Row]) -> Found:
    _, engine, estimate, comment, *_ = rows[0]
    found = [_column(row) for row in rows]
    kept = [replace(one, base="json") if (name, one.name) in json else one for one in found]
    # A view may stand on any engine, and has none of its own.
    steady = (engine or "").lower() in _SNAPSHOTS
    return Found(name, tuple(kept), comment or None, _number(estimate), steady)


def _column(row: Row) -> Declared:
    name, declared, base, precision, scale, charset, collation, nullable, comment, place = row[4:]
    return Declared(
        name or "",
        declared or "",
        _base(base or ""),
        _number(precision),
        _number(scale),
        charset or "",
        collation or "",
        nullable == "YES",
        comment or None,
        _number(place) or 0,
    )


def _base(name: str) -> str:
    return "geometry" if name.lower() in SHAPES else name.lower()


def _number(text: str | None) -> int | None:
    return int(text) if text is not None else None
