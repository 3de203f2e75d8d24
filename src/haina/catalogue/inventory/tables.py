"""Tables of catalogue entries, and of what upper rooms note of the data behind them."""

import sqlalchemy as sa

from haina.kernel.database import UtcTime, metadata

entry_table = sa.Table(
    "entry",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("agency", sa.String(60), nullable=False, index=True),
    sa.Column("theme", sa.String(60), nullable=False),
    sa.Column("cycle", sa.String(20), nullable=False),
    sa.Column("sharing", sa.String(20), nullable=False),
    sa.Column("sharing_basis", sa.Text, nullable=False),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
)

# Noted by whoever publishes or checks a dataset, whether or not it has an entry yet.
fact_table = sa.Table(
    "entry_fact",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("updated_at", UtcTime),
    sa.Column("checked", sa.BigInteger),
    sa.Column("failed", sa.BigInteger),
)
