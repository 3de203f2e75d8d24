"""Records of a DBF file as Arrow batches."""

from collections.abc import Generator
from typing import Any, BinaryIO

from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.errors import FILE_BROKEN
from haina.resources.collect.kinds.files.csv.text import MARK
from haina.resources.collect.kinds.files.dbf.fields import texts_of
from haina.resources.collect.kinds.files.dbf.header import Header
from haina.resources.collect.kinds.files.dbf.memo import Memos
from haina.resources.collect.kinds.files.texts import FileReading, typed_rows
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

_BLOCK = 8 * 1024 * 1024
_LIVE, _DELETED = 0x20, 0x2A


class DbfReading(FileReading):
    """A `Reading` over one open file. `deleted` counts the records left out so far."""

    def __init__(
        self,
        file: BinaryIO,
        header: Header,
        memos: Memos | None,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(file, selection, since, context)
        self._header = header
        self._memos = memos
        self.deleted = 0

    @property
    def remarks(self) -> list[str]:
        return [f"略过 {self.deleted:,} 条有删除标记的记录"] if self.deleted else []

    def _typed(self) -> Generator[TypedRows, None, None]:
        for first, records in blocks(self._file, self._header):
            live, numbers = self._live(records, first)
            if len(live):
                yield self._rows(live, numbers)

    def _rows(self, records: Any, numbers: Any) -> TypedRows:
        fields = {field.name: field for field in self._header.fields}
        texts, flaws = {}, {}
        for column in self._selection.all:
            field = fields[column.name]
            texts[column.name], flaws[column.name] = texts_of(
                field, records, self._header, self._memos
            )
        return typed_rows(self._selection, texts, (records, texts), numbers, flaws)

    def _live(self, records: Any, first: int) -> tuple[Any, Any]:
        """Records that are not deleted, and their numbers; bad flags go to the bin."""
        import numpy as np

        flags = records[:, 0]
        self.deleted += int((flags == _DELETED).sum())
        for place in np.flatnonzero((flags != _LIVE) & (flags != _DELETED)).tolist():
            self._bin.add("bad_flag", self._raw(records[place]), line=first + place)
        live = flags == _LIVE
        return records[live], np.flatnonzero(live) + first

    def _show(self, rows: TypedRows, place: int) -> Shown:
        records, texts = rows.source
        values = {name: one[place].as_py() for name, one in texts.items()}
        return Shown(self._raw(records[place]), values)

    def _raw(self, record: Any) -> str:
        found: str = record[1:].tobytes().decode(self._header.codec, MARK)
        return found


def blocks(file: BinaryIO, header: Header) -> Generator[tuple[int, Any], None, None]:
    """Records as arrays of shape (records, length), with the number (from 1) of the first."""
    import numpy as np

    file.seek(header.start)
    step = max(1, _BLOCK // header.length)
    for first in range(0, header.records, step):
        wanted = min(step, header.records - first) * header.length
        data = file.read(wanted)
        if len(data) < wanted:
            raise FILE_BROKEN("DBF 文件在读取过程中变短了")
        yield first + 1, np.frombuffer(data, dtype=np.uint8).reshape(-1, header.length)


def deleted_in(file: BinaryIO, header: Header) -> int:
    """How many records are marked as deleted."""
    return sum(int((records[:, 0] == _DELETED).sum()) for _, records in blocks(file, header))
