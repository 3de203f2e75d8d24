"""PostgreSQL and its family."""
