"""算力设施: the lake, the engines that compute on it, and the one door to data."""

from haina.compute.door import ISSUES, Engine

__all__ = ["ISSUES", "Engine"]
