"""causes of jobs

Migrations import nothing of ours and may be run again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_cause",
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("by_job", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_cause_job_id")),
        sa.PrimaryKeyConstraint("job_id", "n", name=op.f("pk_job_cause")),
    )
    with op.batch_alter_table("job_cause", schema=None) as batch_op:
        batch_op.create_index("ix_job_cause_by", ["by_job", "job_id"], unique=False)

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_created", ["created_at", "state"], unique=False)
        batch_op.create_index("ix_job_ended", ["ended_at"], unique=False)
        batch_op.create_index("ix_job_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_job_state", ["state", "id"], unique=False)

    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
