"""Databases that are asked in SQL and answer in text: one reading, one dialect a database."""
