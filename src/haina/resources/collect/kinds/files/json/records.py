"""Records of JSON out of a text, one at a time, exactly as written.

Python's parser is told to leave numbers as their digits, and looks at a window of the text that
slides; so a file of any size is read in bounded memory, and no digit is lost.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import (
    FILE_BROKEN,
    FILE_TOO_LARGE,
    PATH_NOT_FOUND,
)
from haina.resources.collect.kinds.files.limits import LONGEST_JSON, MEGABYTE

_BLANK = re.compile(r"[ \t\r\n]*")


class Record(NamedTuple):
    """A record: its line (1-based), its text, its keys; or the reason why it has none."""

    line: int
    raw: str
    row: dict[str, Any]
    reason: str | None = None


class Digits(str):
    """A number as written, where it must not be taken for a text."""

    __slots__ = ()


class Parser:
    """Parses one value and remembers what Python would have let pass."""

    def __init__(self, number: Callable[[str], str] = str) -> None:
        self._flaws: list[str] = []
        decoder = json.JSONDecoder(
            parse_int=number,
            parse_float=number,
            parse_constant=self._constant,
            object_pairs_hook=self._object,
        )
        self._scan: Any = decoder.scan_once  # type: ignore[attr-defined]

    def value(self, text: str, start: int) -> tuple[Any, int, str | None]:
        """A value, where it ends, and its flaw. Raises ValueError or RecursionError."""
        self._flaws.clear()
        try:
            value, end = self._scan(text, start)
        except StopIteration:
            raise ValueError("no value here") from None
        return value, end, self._flaws[0] if self._flaws else None

    def _constant(self, name: str) -> str:
        self._flaws.append("not_finite")
        return name

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._flaws.append("duplicate_key")
        return found


def line_records(blocks: Iterator[str]) -> Iterator[list[Record]]:
    """Records of JSON lines, a list for each block. Blank lines are none."""
    parser, line, carry = Parser(), 1, ""
    for block, final in _with_last(blocks):
        lines = (carry + block).split("\n")
        carry = "" if final else lines.pop()
        if len(carry) > LONGEST_JSON:
            raise FILE_TOO_LARGE(f"第 {line + len(lines)} 行超过 {LONGEST_JSON // MEGABYTE} MB")
        yield [
            _line_record(parser, raw, number)
            for number, raw in enumerate(lines, line)
            if raw and not raw.isspace()
        ]
        line += len(lines)


def _with_last(blocks: Iterator[str]) -> Iterator[tuple[str, bool]]:
    for block in blocks:
        yield block, False
    yield "", True


def _line_record(parser: Parser, raw: str, line: int) -> Record:
    try:
        start = 0 if raw[0] == "{" else _after_blank(raw, 0)
        value, end, flaw = parser.value(raw, start)
    except ValueError:
        return Record(line, raw, {}, "not_json")
    except RecursionError:
        return Record(line, raw, {}, "too_deep")
    if end != len(raw) and _after_blank(raw, end) != len(raw):
        return Record(line, raw, {}, "not_json")
    return _record(line, raw, value, flaw)


def _record(line: int, raw: str, value: Any, flaw: str | None) -> Record:
    if not isinstance(value, dict):
        return Record(line, raw, {}, flaw or "not_object")
    return Record(line, raw, value, flaw)


def _after_blank(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


class ArrayRecords:
    """The elements of an array in a JSON document; `path` are the keys that lead to it."""

    def __init__(self, blocks: Iterator[str], path: tuple[str, ...]) -> None:
        self._blocks = blocks
        self._path = path
        self._text, self._at, self._line = "", 0, 1
        self._parser = Parser()

    def __iter__(self) -> Iterator[list[Record]]:
        """Lists of records, one for each block of the file.

        Raises HainaError(file_broken, file_too_large, file_path_not_found).
        """
        self._descend()
        found: list[Record] = []
        block = self._text
        while (record := self._element()) is not None:
            found.append(record)
            if self._text is not block:
                yield found
                found, block = [], self._text
        yield found
        self._climb()

    def _descend(self) -> None:
        for key in self._path:
            self._open_object(key)
            while (name := self._key()) != key:
                if name is None:
                    raise PATH_NOT_FOUND(
                        f"文件里没有“{'.'.join(self._path)}”", field="path_in_file"
                    )
                self._value()
        if self._peek() != "[":
            raise PATH_NOT_FOUND(
                "所指的位置不是数组" if self._path else "最外层不是数组",
                field="path_in_file",
                hint="请用 path_in_file 写明数组的位置,如 data.rows;一行一个对象的文件请用 jsonl。",
            )
        self._at += 1

    def _open_object(self, key: str) -> None:
        if self._peek() != "{":
            raise PATH_NOT_FOUND(f"“{key}”之上不是对象", field="path_in_file")
        self._at += 1

    def _climb(self) -> None:
        """Read on to the end: a file that is cut off, or says its rows twice, is refused."""
        for key in reversed(self._path):
            while (name := self._key()) is not None:
                if name == key:
                    raise self._broken(f"“{key}”出现了两次")
                self._value()
        if self._peek():
            raise self._broken("结尾之后还有内容")

    def _key(self) -> str | None:
        """The next key of an object, its colon taken; None at its end, which is taken too."""
        mark = self._peek()
        if mark == ",":
            self._at += 1
            mark = self._peek()
        if mark == "}":
            self._at += 1
            return None
        if mark != '"':
            raise self._broken()
        name, _, _ = self._value()
        if self._peek() != ":":
            raise self._broken()
        self._at += 1
        return str(name)

    def _element(self) -> Record | None:
        mark = self._peek()
        if mark == ",":
            self._at += 1
            mark = self._peek()
        if mark == "]":
            self._at += 1
            return None
        line = self._line
        value, raw, flaw = self._value()
        if self._peek() not in (",", "]"):
            raise self._broken()
        return _record(line, raw, value, flaw)

    def _peek(self) -> str:
        """The next character that is not blank; '' at the end."""
        while True:
            end = _after_blank(self._text, self._at)
            self._line += self._text.count("\n", self._at, end)
            self._at = end
            if end < len(self._text):
                return self._text[end]
            if not self._more():
                return ""

    def _value(self) -> tuple[Any, str, str | None]:
        """A value, its text, its flaw; more of the file is taken until it is whole."""
        self._peek()
        while True:
            try:
                value, end, flaw = self._parser.value(self._text, self._at)
            except RecursionError:
                raise self._broken("嵌套太深") from None
            except ValueError:
                end = len(self._text)
            else:
                if end < len(self._text) or not self._bare():
                    return value, self._taken(end), flaw
            if len(self._text) - self._at > LONGEST_JSON:
                raise FILE_TOO_LARGE(
                    f"第 {self._line} 行的一个值超过 {LONGEST_JSON // MEGABYTE} MB"
                )
            if not self._more():
                raise self._broken()

    def _bare(self) -> bool:
        """Whether what lies here may go on in the next block: a number or a word."""
        return self._text[self._at] not in '"[{'

    def _taken(self, end: int) -> str:
        raw = self._text[self._at : end]
        self._line += raw.count("\n")
        self._at = end
        return raw

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self._text = self._text[self._at :] + block
        self._at = 0
        return True

    def _broken(self, why: str = "不是合法的 JSON,或文件不完整") -> HainaError:
        return FILE_BROKEN(f"第 {self._line} 行附近:{why}")
