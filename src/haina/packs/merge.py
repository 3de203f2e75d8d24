"""Three-way merge of declarations: last applied, as changed on screen, as the folder says."""

from dataclasses import dataclass
from typing import Any, Literal

Side = Literal["folder", "screen"]

_ABSENT: Any = object()


@dataclass(frozen=True)
class Conflict:
    """Both sides changed the same place in different ways."""

    path: str
    applied: Any
    screen: Any
    folder: Any


def merge(
    applied: dict[str, Any],
    screen: dict[str, Any],
    folder: dict[str, Any],
    take: Side | None = None,
    path: str = "",
) -> tuple[dict[str, Any], list[Conflict]]:
    """The merged declaration and what could not be merged. Mappings merge key by key; anything
    else as a whole. With `take`, that side wins and there are no conflicts."""
    merged: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in [*folder, *(key for key in screen if key not in folder)]:
        three = tuple(side.get(key, _ABSENT) for side in (applied, screen, folder))
        value, found = _value(three, take, f"{path}.{key}" if path else key)
        conflicts += found
        if value is not _ABSENT:
            merged[key] = value
    return merged, conflicts


def _value(three: tuple[Any, ...], take: Side | None, path: str) -> tuple[Any, list[Conflict]]:
    applied, screen, folder = three
    if screen in (folder, applied):
        return folder, []
    if folder == applied:
        return screen, []
    if isinstance(screen, dict) and isinstance(folder, dict):
        return merge(applied if isinstance(applied, dict) else {}, screen, folder, take, path)
    if take is not None:
        return (folder if take == "folder" else screen), []
    shown = [None if side is _ABSENT else side for side in three]
    return folder, [Conflict(path, *shown)]
