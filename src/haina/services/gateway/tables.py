"""Tables of services, application keys, serving copies and calls."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

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

key_table = sa.Table(
    "service_key",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("agency", sa.String(60)),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("services", Json, nullable=False),
    sa.Column("created_by", sa.String(200), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
)

# A place where personal data lie besides the lake: each row is a file under HAINA_HOME/serving.
copy_table = sa.Table(
    "serving_copy",
    metadata,
    sa.Column("service", sa.String(60), primary_key=True),
    sa.Column("dataset", sa.String(80), nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("recipe", sa.String(64), nullable=False),
    sa.Column("file", sa.String(200), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

call_table = sa.Table(
    "service_call",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("service", sa.String(60), nullable=False),
    sa.Column("caller", sa.String(200), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("microseconds", sa.Integer, nullable=False),
    sa.Index("ix_service_call", "service", "at"),
)
