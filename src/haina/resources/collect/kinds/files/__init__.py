"""Kinds whose source is files."""
