"""Workbooks: each sheet is a table."""
