"""Tables of datasets and versions."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

dataset_table = sa.Table(
    "dataset",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("zone", sa.String(10), nullable=False, index=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("owner", sa.String(60), nullable=False),
    sa.Column("made_by", sa.String(20), nullable=False),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("theme", sa.String(60), nullable=False),
    sa.Column("key", Json, nullable=False),
    sa.Column("items", Json, nullable=False),
    sa.Column("pack", sa.String(60)),
    sa.Column("current_version", sa.BigInteger),
    # The version whose rows the current one holds: they differ after a compaction.
    sa.Column("content_version", sa.BigInteger),
    sa.Column("rows", sa.BigInteger),
    sa.Column("bytes", sa.BigInteger),
    sa.Column("updated_at", UtcTime),
    sa.Column("retired", sa.Boolean, nullable=False),
)

version_table = sa.Table(
    "version",
    metadata,
    sa.Column("dataset", sa.String(80), sa.ForeignKey("dataset.name"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("job", sa.String(20)),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("inputs", Json, nullable=False),
    sa.Column("schema", Json, nullable=False),
    sa.Column("checks", Json, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("swept", sa.Boolean, nullable=False, default=False),
)
