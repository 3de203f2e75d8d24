"""The declarations of all agencies' tables, as data."""
