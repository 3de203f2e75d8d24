"""Haina 海纳: an integrated government data platform. The map of the house is docs/map.md."""

__version__ = "0.1.0"
