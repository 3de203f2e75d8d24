"""SQL written by people: read, checked against an allow-list, traced to its columns.

The dialect is DuckDB's. What is run is only ever the text made from the checked tree.
"""

from haina.kernel.sql.errors import SQL_REFUSED, SQL_UNKNOWN, place
from haina.kernel.sql.expression import Expression, check_expression
from haina.kernel.sql.lineage import Lineage, OutputColumn, lineage
from haina.kernel.sql.query import Query, parse_query
from haina.kernel.sql.quote import literal, quote_identifier, quote_name

__all__ = [
    "SQL_REFUSED",
    "SQL_UNKNOWN",
    "Expression",
    "Lineage",
    "OutputColumn",
    "Query",
    "check_expression",
    "lineage",
    "literal",
    "parse_query",
    "place",
    "quote_identifier",
    "quote_name",
]
