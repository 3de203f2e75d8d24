"""Kinds whose source is a database."""
