"""Tables of recipes (what makes a dataset) and of check results."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

recipe_table = sa.Table(
    "recipe",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("spec", Json, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
)

check_table = sa.Table(
    "check_result",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("rule", sa.String(200), primary_key=True),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("dimension", sa.String(20), nullable=False),
    sa.Column("item", sa.String(60)),
    sa.Column("strong", sa.Boolean, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("failed", sa.BigInteger, nullable=False),
    sa.Column("sample", Json, nullable=False),
)

summary_table = sa.Table(
    "check_summary",
    metadata,
    sa.Column("dataset", sa.String(80), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("job", sa.String(20), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("failed_rows", sa.BigInteger, nullable=False),
    sa.Column("rules", sa.Integer, nullable=False),
    sa.Column("rules_failed", sa.Integer, nullable=False),
)
