"""What a dataset holds (profile), and how its versions differ; only figures leave, never rows."""

from haina.compute.profiles.noting import on_version_published

__all__ = ["on_version_published"]
