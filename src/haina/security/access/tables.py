"""Tables of people, sessions and the register of objects."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

user_table = sa.Table(
    "user_account",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("agency", sa.String(60)),
    sa.Column("password", sa.String(200), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcTime),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("last_seen_at", UtcTime),
)

session_table = sa.Table(
    "session",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column(
        "user_name", sa.String(60), sa.ForeignKey("user_account.name"), nullable=False, index=True
    ),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
)

object_table = sa.Table(
    "object",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("owner", sa.String(60), nullable=False),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("items", Json, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
)
