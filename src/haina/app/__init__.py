"""Wiring only: HTTP, command line, worker, supervisor, bootstrap."""
