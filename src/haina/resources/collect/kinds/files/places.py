"""Where the files of a source lie: a file, a folder, or inside a zip."""

import fnmatch
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.errors import FILE_EMPTY
from haina.resources.collect.kinds.files.archives import (
    Member,
    is_junk,
    members_of,
    refuse_nested,
    unpack,
)
from haina.resources.collect.kinds.files.paths import resolve

ZIP = ".zip"


@dataclass(frozen=True)
class Place:
    """One file of a source: the name of its table, its path as people write it, and where it is.

    `member` when it lies in the zip `path`; `broken` when that zip cannot be read.
    """

    name: str
    label: str
    path: Path
    member: Member | None = None
    broken: HainaError | None = None

    @contextmanager
    def opened(self, context: ReadContext) -> Iterator[Path]:
        """The file on disk, while the block lasts. Raises HainaError(archive_…, file_broken)."""
        if self.broken is not None:
            raise self.broken
        if self.member is None:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="unpacked-", dir=context.spool) as folder:
            file = Path(folder) / f"member{PurePosixPath(self.member.name).suffix.lower()}"
            unpack(self.path, self.member, file)
            yield file


def places_of(path: str, suffixes: tuple[str, ...], context: ReadContext) -> list[Place]:
    """The files of these suffixes, by name.

    A folder is not searched below itself, but a zip in it is a folder of its own, whose tables
    are named `zip/file`. A zip that cannot be read is a place that is broken. Raises
    HainaError(file_refused, file_missing, archive_…).
    """
    real = resolve(path, context.settings)
    if real.is_file():
        if real.suffix.lower() == ZIP:
            return _in_zip(real, suffixes, "")
        return [Place(real.stem, real.name, real)]
    files = [one for one in sorted(real.iterdir()) if _is_readable(one, context)]
    ours = [one for one in files if one.suffix.lower() in suffixes]
    places = [
        Place(name, one.name, one)
        for one, name in zip(ours, _names([one.name for one in ours]), strict=True)
    ]
    for one in files:
        if one.suffix.lower() == ZIP:
            places += _in_broken_zip(one, suffixes)
    return places


def matching(places: Iterable[Place], pattern: str) -> list[Place]:
    """The places whose file name matches, in the order of their names."""
    found = [
        place for place in places if fnmatch.fnmatchcase(PurePosixPath(place.label).name, pattern)
    ]
    return sorted(found, key=lambda place: (PurePosixPath(place.label).name, place.label))


def _in_broken_zip(path: Path, suffixes: tuple[str, ...]) -> list[Place]:
    """A zip of a folder must not hide its neighbours, whatever is wrong with it."""
    try:
        return _in_zip(path, suffixes, f"{path.stem}/")
    except HainaError as broken:
        return [Place(path.stem, path.name, path, broken=broken)]


def _in_zip(path: Path, suffixes: tuple[str, ...], prefix: str) -> list[Place]:
    members = members_of(path)
    refuse_nested(members)
    ours = [one for one in members if _is_ours(one.name, suffixes)]
    if not ours and not prefix:
        raise FILE_EMPTY(f"压缩包里没有 {'、'.join(suffixes)} 文件", field="path")
    names = _names([one.name for one in ours])
    return [
        Place(prefix + name, f"{path.name}/{one.name}", path, one)
        for one, name in zip(ours, names, strict=True)
    ]


def _is_ours(name: str, suffixes: tuple[str, ...]) -> bool:
    pure = PurePosixPath(name)
    return (
        pure.suffix.lower() in suffixes
        and not pure.name.startswith((".", "~"))
        and not is_junk(name)
    )


def _names(paths: list[str]) -> list[str]:
    """Paths without suffix, or whole where two would be alike."""
    stems = [str(PurePosixPath(path).with_suffix("")) for path in paths]
    counts = Counter(stems)
    return [stem if counts[stem] == 1 else path for stem, path in zip(stems, paths, strict=True)]


def _is_readable(path: Path, context: ReadContext) -> bool:
    """Visible plain files; a link that leads out of the roots is none of ours."""
    if path.name.startswith((".", "~")):
        return False
    try:
        return resolve(str(path), context.settings).is_file()
    except HainaError:
        return False
