"""Tables of lineage and use."""

import sqlalchemy as sa

from haina.kernel.database import metadata

edge_table = sa.Table(
    "lineage_edge",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("dataset", sa.String(80), nullable=False, index=True),
    sa.Column("item", sa.String(200)),
    sa.Column("from_dataset", sa.String(200), nullable=False, index=True),
    sa.Column("from_item", sa.String(200)),
)

use_table = sa.Table(
    "lineage_use",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("user", sa.String(200), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
)
