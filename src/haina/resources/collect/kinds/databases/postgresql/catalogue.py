"""What a PostgreSQL server says of its tables, out of pg_catalog."""

from collections import defaultdict
from typing import Any

from haina.resources.collect.kinds.contracts import SourceColumn, SourceTable
from haina.resources.collect.kinds.databases.postgresql.types import CatalogueType, lake_type_of

# One row a column. Domains are followed to their base type (a domain over a domain too), whose
# modifier is the one that counts. $1 is the schema, $2 a table name or ''.
COLUMNS_SQL = """
with recursive base(oid, typtype, typbasetype, typtypmod, typcategory, typname, root, modifier) as (
  select oid, typtype, typbasetype, typtypmod, typcategory, typname, oid, -1 from pg_type
  union all
  select t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typcategory, t.typname, b.root,
         case when b.modifier = -1 then b.typtypmod else b.modifier end
  from base b join pg_type t on b.typtype = 'd' and t.oid = b.typbasetype
)
select c.relname::text as table_name,
       a.attname::text as column_name,
       format_type(a.atttypid, a.atttypmod) as declared,
       b.typname::text as type_name,
       (case when a.atttypmod <> -1 then a.atttypmod else b.modifier end)::int8 as modifier,
       b.typcategory = 'A' as is_array,
       not a.attnotnull as nullable,
       col_description(c.oid, a.attnum) as comment,
       obj_description(c.oid, 'pg_class') as table_comment,
       (case when c.reltuples < 0 then null else c.reltuples end)::int8 as estimate,
       coalesce(array_position(k.conkey, a.attnum), 0)::int8 as key_place
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join base b on b.root = a.atttypid and b.typtype <> 'd'
left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
where n.nspname = $1 and (coalesce($2, '') = '' or c.relname = $2)
  and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
order by c.relname, a.attnum
"""

SCHEMA_SQL = "select count(*) from pg_namespace where nspname = $1"


def catalogue_type(row: dict[str, Any]) -> CatalogueType:
    """The base type of a row of COLUMNS_SQL."""
    return CatalogueType(row["declared"], row["type_name"], row["modifier"], row["is_array"])


def tables(rows: list[dict[str, Any]]) -> list[SourceTable]:
    """Tables out of the rows of COLUMNS_SQL, by name."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["table_name"]].append(row)
    return [_table(name, columns) for name, columns in grouped.items()]


def _table(name: str, rows: list[dict[str, Any]]) -> SourceTable:
    key = sorted((row["key_place"], row["column_name"]) for row in rows if row["key_place"])
    return SourceTable(
        name,
        tuple(_column(row) for row in rows),
        tuple(column for _, column in key),
        rows[0]["table_comment"],
        rows[0]["estimate"],
    )


def _column(row: dict[str, Any]) -> SourceColumn:
    lake_type = lake_type_of(catalogue_type(row))
    return SourceColumn(
        row["column_name"], row["declared"], lake_type, row["nullable"], row["comment"]
    )
