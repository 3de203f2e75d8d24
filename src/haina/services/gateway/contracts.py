"""Data services as a pack declares them, and the record of a call."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from haina.kernel.declaration import DatasetName, Declaration, Name, Title


class AggregateSpec(Declaration):
    """One figure of an aggregate service: count of rows, or a function over an item."""

    function: Literal["count", "sum", "avg", "min", "max", "count_distinct"]
    item: Name | None = None
    title: Title


class ServiceSpec(Declaration):
    """An endpoint `/data/<name>` that answers from one dataset.

    key: one row by its key (`by`); list: rows by filters (`filters`) and page; verify: yes or no
    whether given values agree (`by` finds the row, `compare` are compared; nothing else leaves);
    aggregate: figures (`figures`) by groups (`group_by`), small groups hidden.
    """

    name: Name
    title: Title
    summary: str = ""
    kind: Literal["key", "list", "verify", "aggregate"]
    dataset: DatasetName
    by: tuple[Name, ...] = ()
    returns: tuple[Name, ...] = ()
    filters: tuple[Name, ...] = ()
    compare: tuple[Name, ...] = ()
    group_by: tuple[Name, ...] = ()
    figures: dict[Name, AggregateSpec] = {}
    smallest_group: Annotated[int, Field(ge=1)] = 5
    per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 600

    @model_validator(mode="after")
    def _whole(self) -> "ServiceSpec":
        needed = {
            "key": ("by", "returns"),
            "list": ("returns",),
            "verify": ("by", "compare"),
            "aggregate": ("group_by", "figures"),
        }[self.kind]
        lost = [name for name in needed if not getattr(self, name)]
        if lost:
            raise ValueError(f"{self.kind} 类服务缺少:{'、'.join(lost)}")
        return self


class Call(NamedTuple):
    """Who asked which service, what came of it, and how long it took."""

    at: datetime
    service: str
    caller: str
    status: int
    rows: int
    microseconds: int
