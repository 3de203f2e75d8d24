"""The table of profiles: what was computed of an item of one version, so that it is done once."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

profile_table = sa.Table(
    "profile",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(200), primary_key=True),
    # Of the masks that held when it was computed: with other ones it is computed anew.
    sa.Column("masks", sa.String(64), nullable=False),
    sa.Column("found", Json, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)
