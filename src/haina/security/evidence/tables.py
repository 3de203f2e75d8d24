"""The table of the evidence chain."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

evidence_table = sa.Table(
    "evidence",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("act", sa.String(80), nullable=False),
    sa.Column("object", sa.String(300), nullable=False),
    sa.Column("details", Json, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
