"""In which ways agencies bring their data, and by which kinds of source."""

import importlib.util
from dataclasses import dataclass
from typing import Literal

from haina.resources.collect import kinds
from haina.resources.collect.connecting.fields import ConnectionField, fields_of
from haina.resources.collect.kinds.databases.drivers.errors import missing
from haina.resources.collect.kinds.databases.drivers.kind import DriverKind
from haina.resources.collect.kinds.files.formats import FileKind

Way = Literal["database", "upload", "folder", "api", "push"]

# Where a file lies is the way's business: it is handed in, or its folder is asked for.
_OF_PLACE = ("path", "pattern", "table")


@dataclass(frozen=True)
class ConnectKind:
    """A kind of source that may be connected. `driver`: the package that is not installed here,
    `driver_hint` how it is brought in. `suffixes`: of files."""

    name: str
    title: str
    way: Way
    fields: tuple[ConnectionField, ...]
    suffixes: tuple[str, ...] = ()
    driver: str | None = None
    driver_hint: str | None = None


def connect_kinds() -> list[ConnectKind]:
    """By way; a file format is both handed in and read out of a folder."""
    return [
        _kind(name, way)
        for way in ("database", "upload", "folder", "api", "push")
        for name in kinds.names()
        if way in ways_of(name)
    ]


def ways_of(kind: str) -> tuple[Way, ...]:
    """The ways that a kind of source can be brought."""
    if isinstance(kinds.get(kind), FileKind):
        return ("upload", "folder")
    known: dict[str, Way] = {"sftp": "folder", "http": "api", "push": "push"}
    return (known.get(kind, "database"),)


def kind_of_file(name: str) -> str | None:
    """The kind that reads a file of this name; None when no kind does."""
    lower = name.lower()
    for one in kinds.names():
        kind = kinds.get(one)
        if isinstance(kind, FileKind) and one != "fixed_width" and lower.endswith(kind.suffixes):
            return one
    return None


def _kind(name: str, way: Way) -> ConnectKind:
    kind = kinds.get(name)
    fields = fields_of(kind.connection)
    if way in ("upload", "folder") and isinstance(kind, FileKind):
        hidden = _OF_PLACE if way == "upload" else _OF_PLACE[1:]
        fields = tuple(one for one in fields if one.name not in hidden)
    package, hint = _missing(kind)
    suffixes = kind.suffixes if isinstance(kind, FileKind) else ()
    return ConnectKind(name, kind.title, way, fields, suffixes, package, hint)


def _missing(kind: kinds.Kind) -> tuple[str | None, str | None]:
    """The driver that is not there, and the way to bring it; nothing is imported to find out."""
    if not isinstance(kind, DriverKind) or importlib.util.find_spec(kind.module) is not None:
        return None, None
    return kind.package, missing(kind.title, kind.package).hint
