"""Tables of the job queue."""

import sqlalchemy as sa

from haina.kernel.database import Json, UtcTime, metadata

job_table = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("subject", sa.String(200)),
    sa.Column("batch", sa.String(20)),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("max_attempts", sa.Integer, nullable=False),
    sa.Column("lock_key", sa.String(200)),
    sa.Column("dedupe_key", sa.String(200)),
    sa.Column("owner", sa.String(20)),
    sa.Column("lease_until", UtcTime),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("progress", sa.Float),
    sa.Column("message", sa.Text),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("started_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("result", Json),
    sa.Column("error", Json),
    sa.Index("ix_job_claim", "state", "priority", "due_at", "id"),
    sa.Index("ix_job_subject", "subject", "id"),
    sa.Index("ix_job_batch", "batch", "id"),
    # Of lists, of counts since midnight, and of a window of time.
    sa.Index("ix_job_state", "state", "id"),
    sa.Index("ix_job_kind", "kind", "id"),
    sa.Index("ix_job_created", "created_at", "state"),
    sa.Index("ix_job_ended", "ended_at"),
    # The walls behind `lock` and `dedupe`: the database itself refuses a second one.
    sa.Index(
        "uq_job_lock",
        "lock_key",
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    ),
    sa.Index(
        "uq_job_dedupe",
        "dedupe_key",
        unique=True,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    ),
)

cause_table = sa.Table(
    "job_cause",
    metadata,
    sa.Column("job_id", sa.String(20), sa.ForeignKey("job.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("object", sa.String(200)),
    sa.Column("version", sa.BigInteger),
    sa.Column("before", sa.BigInteger),
    sa.Column("by_job", sa.String(20)),
    sa.Index("ix_job_cause_by", "by_job", "job_id"),
)

run_table = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("job_id", sa.String(20), sa.ForeignKey("job.id"), nullable=False, index=True),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("worker", sa.String(20), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("error", Json),
    sa.Column("peak_mb", sa.Float),
)

step_table = sa.Table(
    "step",
    metadata,
    sa.Column("job_id", sa.String(20), sa.ForeignKey("job.id"), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("rows_in", sa.BigInteger),
    sa.Column("rows_out", sa.BigInteger),
    sa.Column("output", Json),
    # A later attempt adopts this step when it is done, and does not repeat it.
    sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()),
)

log_table = sa.Table(
    "run_log",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("job_id", sa.String(20), sa.ForeignKey("job.id"), nullable=False),
    sa.Column("run_id", sa.String(20), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("level", sa.String(8), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_run_log_job", "job_id", "seq"),
)

worker_table = sa.Table(
    "worker",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("host", sa.String(200), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("slots", sa.Integer, nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("memory_mb", sa.Float),
)

schedule_table = sa.Table(
    "schedule",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("rule", sa.String(100), nullable=False),
    sa.Column("lock_key", sa.String(200)),
    sa.Column("subject", sa.String(200)),
    sa.Column("next_at", UtcTime, nullable=False, index=True),
    sa.Column("last_at", UtcTime),
)
