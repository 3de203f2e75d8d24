"""Tables of sources, loads and quarantine."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

source_table = sa.Table(
    "source",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("agency", sa.String(60), nullable=False, index=True),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("connection", Json, nullable=False),
    sa.Column("secrets", Json, nullable=False),
    sa.Column("schedule", sa.String(100)),
    sa.Column("pack", sa.String(60)),
    sa.Column("retired", sa.Boolean, nullable=False),
)

table_table = sa.Table(
    "source_table",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("source", sa.String(60), sa.ForeignKey("source.name"), nullable=False, index=True),
    sa.Column("spec", Json, nullable=False),
    sa.Column("watermark", sa.Text),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
)

load_table = sa.Table(
    "load",
    metadata,
    sa.Column("job", sa.String(20), primary_key=True),
    sa.Column("table", sa.String(60), nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("mode", sa.String(12), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("rejected", sa.BigInteger, nullable=False),
    sa.Column("source_rows", sa.BigInteger, nullable=False),
    sa.Column("source_hash", sa.String(16), nullable=False),
    sa.Column("lake_hash", sa.String(16), nullable=False),
    sa.Column("agrees", sa.Boolean, nullable=False),
    sa.Column("watermark_from", sa.Text),
    sa.Column("watermark_to", sa.Text),
    sa.Index("ix_load_table", "table", "at"),
)

quarantine_table = sa.Table(
    "quarantine",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("table", sa.String(60), nullable=False),
    sa.Column("job", sa.String(20), nullable=False, index=True),
    sa.Column("line", sa.BigInteger),
    sa.Column("column", sa.String(200)),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("key_hash", sa.String(16)),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("ix_quarantine_table", "table", "state", "id"),
)
