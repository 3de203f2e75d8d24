"""A page in CSV: written to a file of our own and read by the format of CSV files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import ReadContext, SourceColumn
from haina.resources.collect.kinds.errors import ANSWER_BROKEN, ANSWER_TOO_LARGE
from haina.resources.collect.kinds.files.csv.format import CsvFormat, CsvOptions
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.http.answers import Answer, refuse_web_page
from haina.resources.collect.kinds.rows.rejecting import Reject
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

_OPTIONS = CsvOptions(path="-")


def csv_columns(answer: Answer, context: ReadContext) -> tuple[SourceColumn, ...]:
    """The columns of a page. Raises HainaError(source_answer_broken, source_answer_too_large)."""
    with _as_file(answer, context) as file, _translated(answer):
        return _columns(file, answer, context)


def csv_rows(
    answer: Answer, selection: Selection, context: ReadContext
) -> tuple[list[str], list[TypedRows], list[Reject]]:
    """Names of the columns, good rows in lake types and bad rows; their lines are of the page."""
    whole = Selection(selection.all, selection.key, selection.all)
    with _as_file(answer, context) as file, _translated(answer):
        names = [column.name for column in _columns(file, answer, context)]
        if any(column.name not in names for column in selection.all):
            return names, [], []
        with CsvFormat().open(file, "", whole, None, context, _OPTIONS) as reading:
            good = [TypedRows(batch, None) for batch in reading.batches()]
            return names, good, list(reading.rejects)


@contextmanager
def _as_file(answer: Answer, context: ReadContext) -> Iterator[Path]:
    refuse_web_page(answer)
    with NamedTemporaryFile(dir=context.spool, prefix="page-", suffix=".csv") as file:
        file.write(answer.body)
        file.flush()
        yield Path(file.name)


@contextmanager
def _translated(answer: Answer) -> Iterator[None]:
    """What is wrong with a page is the server's fault, not that of a file of ours."""
    try:
        yield
    except HainaError as broken:
        if not broken.code.startswith(("file_", "wrong_encoding")):
            raise
        raise ANSWER_BROKEN(f"{answer.what}不是合格的 CSV:{broken.message}", field="path") from None


def _columns(file: Path, answer: Answer, context: ReadContext) -> tuple[SourceColumn, ...]:
    columns = CsvFormat().parts(file, _OPTIONS, context)[0].columns
    if len(columns) > limits.LIMITS.columns:
        most = limits.LIMITS.columns
        raise ANSWER_TOO_LARGE(f"{answer.what}的字段超过 {most:,} 个,不像是一张表", field="columns")
    return columns
