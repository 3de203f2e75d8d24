"""Tables of applied packs and of what is in force."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

pack_table = sa.Table(
    "pack",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("version", sa.String(20), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("place", sa.String(12)),
    sa.Column("applied_at", UtcTime, nullable=False),
)

definition_table = sa.Table(
    "definition",
    metadata,
    sa.Column("name", sa.String(160), primary_key=True),
    sa.Column("pack", sa.String(60), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("applied", Json, nullable=False),
    sa.Column("current", Json, nullable=False),
    sa.Column("changed_by", sa.String(200)),
    sa.Column("changed_at", UtcTime, nullable=False),
)
