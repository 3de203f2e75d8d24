"""Tables of sources, loads, quarantine, deliveries, drift and alarms."""

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
    sa.Column("placement", sa.String(10), nullable=False),
    sa.Column("inbox", sa.Boolean, nullable=False),
    sa.Column("statements", sa.String(200)),
    sa.Column("window", sa.String(11)),
    sa.Column("rows_per_second", sa.Integer),
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
    # What columns the source had at the last load: see drift.py.
    sa.Column("shape", Json),
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
    sa.Column("mended", sa.BigInteger, nullable=False),
    sa.Column("changes", Json, nullable=False),
    sa.Column("slices", sa.Integer, nullable=False),
    sa.Column("delivery", sa.String(20)),
    sa.Column("statement", Json),
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
    sa.Column("raw_digest", sa.String(32), nullable=False),
    sa.Column("values", Json),
    sa.Column("key_hash", sa.String(16)),
    sa.Column("mended", Json),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("ix_quarantine_table", "table", "state", "id"),
)

delivery_table = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("table", sa.String(60), nullable=False),
    sa.Column("source", sa.String(60), nullable=False),
    sa.Column("number", sa.String(100), nullable=False),
    sa.Column("via", sa.String(10), nullable=False),
    sa.Column("file", sa.String(300), nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("statement", Json),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("message", sa.Text),
    sa.Column("job", sa.String(20)),
    sa.Column("rows", sa.BigInteger),
    sa.Column("rejected", sa.BigInteger),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("received_by", sa.String(200), nullable=False),
    sa.UniqueConstraint("table", "number", name="uq_delivery_number"),
    sa.Index("ix_delivery_table", "table", "received_at"),
)

push_key_table = sa.Table(
    "push_key",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("source", sa.String(60), nullable=False, index=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("created_by", sa.String(200), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
)

drift_table = sa.Table(
    "drift",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("table", sa.String(60), nullable=False),
    sa.Column("job", sa.String(20), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("change", sa.String(10), nullable=False),
    sa.Column("column", sa.String(200), nullable=False),
    sa.Column("was", sa.String(200)),
    sa.Column("now", sa.String(200)),
    sa.Column("advice", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("decided_by", sa.String(200)),
    sa.Index("ix_drift_table", "table", "id"),
)

alarm_table = sa.Table(
    "alarm",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("table", sa.String(60), nullable=False),
    sa.Column("agency", sa.String(60), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("raised_at", UtcTime, nullable=False),
    sa.Column("cleared_at", UtcTime),
    sa.Column("seen_by", sa.String(200)),
    sa.Index("ix_alarm_open", "cleared_at", "raised_at"),
)

# What is typed while a source is being connected: sealed, of one person, gone after a day.
connect_draft_table = sa.Table(
    "connect_draft",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("person", sa.String(200), nullable=False, index=True),
    sa.Column("way", sa.String(12), nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("connection", Json, nullable=False),
    sa.Column("secrets", Json, nullable=False),
    sa.Column("upload", Json),
    sa.Column("found", Json),
    sa.Column("made", Json),
    sa.Column("created_at", UtcTime, nullable=False, index=True),
)
