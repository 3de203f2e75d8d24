"""The table of standards."""

import sqlalchemy as sa

from haina.kernel.database import Json, metadata

standard_table = sa.Table(
    "standard",
    metadata,
    sa.Column("kind", sa.String(12), primary_key=True),
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("spec", Json, nullable=False),
)
