"""Tables of services."""

import sqlalchemy as sa

from haina.kernel.database import Json, metadata

service_table = sa.Table(
    "service",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("dataset", sa.String(80), nullable=False, index=True),
    sa.Column("spec", Json, nullable=False),
    sa.Column("pack", sa.String(60)),
    sa.Column("retired", sa.Boolean, nullable=False),
)
