"""The table of organizations."""

import sqlalchemy as sa

from haina.kernel.database import metadata

organization_table = sa.Table(
    "organization",
    metadata,
    sa.Column("code", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("short", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("parent", sa.String(60)),
    sa.Column("place", sa.String(12)),
    sa.Column("contact", sa.String(100), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
)
