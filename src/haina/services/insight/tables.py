"""The table of cockpits."""

import sqlalchemy as sa

from haina.kernel.database import Json, metadata

cockpit_table = sa.Table(
    "cockpit",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("spec", Json, nullable=False),
    sa.Column("pack", sa.String(60)),
)
