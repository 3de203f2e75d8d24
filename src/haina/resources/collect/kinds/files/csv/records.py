"""Where the records of a CSV block begin and end, and which of them are bad.

A quote opens a field only as its first character, and closes it only before a delimiter or a line
end. Read under that rule a block has one parse; it is found for all clean stretches at once from
the positions of quotes, delimiters and line ends. Where the rule is broken the record is looked at
by itself. When a quote was never closed, only the first line of its record is bad: reading resumes
on the next line, so that the neighbours are not swallowed.
"""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_RECORD = 4 * 1024 * 1024
_LF, _CR = 10, 13


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart: one ASCII character each; `quote` may be ''. Number of fields."""

    delimiter: str
    quote: str
    width: int


@dataclass(frozen=True)
class BadRecord:
    """A record of a block that is set aside: byte span, line (0-based in the block), reason."""

    start: int
    end: int
    line: int
    reason: str


@dataclass
class Scan:
    """Records of one block: spans and lines of the good ones; bad ones by themselves.

    `consumed` bytes and `lines` line ends are done with; the rest belongs to the next block.
    """

    starts: "NDArray[np.int64]"
    ends: "NDArray[np.int64]"
    lines: "NDArray[np.int64]"
    bad: list[BadRecord]
    consumed: int
    line_count: int


def scan(block: bytes, dialect: Dialect, *, final: bool) -> Scan:
    """Find the records of a block that begins at a record.

    Such a block ends neither inside a character nor with CR; one that is `final` ends with a line
    end.
    """
    return _Scanner(block, dialect, final=final).run()


def first_record(block: bytes, dialect: Dialect) -> tuple[int, int, int] | None:
    """Start, end and line (0-based) of the first record that is not blank; None without one.

    The width of `dialect` does not matter. Raises ValueError when its quotes do not match.
    """
    scanner = _Scanner(block, dialect, final=True)
    start = 0
    for line, eol in enumerate(scanner.eols.tolist()):
        if block[start:eol].strip(b"\r"):
            seen = scanner.follow(start)
            if not isinstance(seen, _Seen):
                raise ValueError("quotes do not match")
            return start, seen.end, line
        start = eol + 1
    return None


@dataclass
class _Found:
    """Spans found so far, in pieces, with their number of fields."""

    starts: list[Any] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)
    counts: list[Any] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)


class _Scanner:
    def __init__(self, block: bytes, dialect: Dialect, *, final: bool) -> None:
        import numpy as np

        self.block, self.dialect, self.final = block, dialect, final
        self.data = np.frombuffer(block, dtype=np.uint8)
        self.eols = _line_ends(self.data)
        self.delimiters = np.flatnonzero(self.data == ord(dialect.delimiter))
        self.quotes = (
            np.flatnonzero(self.data == ord(dialect.quote)) if dialect.quote else self.eols[:0]
        )
        self.breaks = self._rule_breaks()
        self.eols_by_parity = _by_parity(self.eols, self.quotes)
        self.delimiters_by_parity = _by_parity(self.delimiters, self.quotes)
        self.one_field = _field_pattern(dialect)
        self.quoted = re.compile(_quoted_pattern(dialect).encode())
        self.found = _Found()
        # Lines where a quote that was opened on an earlier line, now set aside, came to its end.
        self.tails: set[int] = set()

    def run(self) -> Scan:
        position = 0
        while position < len(self.block):
            start = self._clean_stretch(position)
            if start is None:
                position = len(self.block)
                break
            resumed = self._one_record(start)
            if resumed is None:
                position = start
                break
            position = resumed
        return self._result(position)

    def _rule_breaks(self) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        """Ordinals of quotes that break the rule when the first quote has an even (odd) ordinal."""
        import numpy as np

        ordinals = np.arange(len(self.quotes))
        opens, closes = self._may_open(), self._may_close()
        even = ordinals % 2 == 0
        return (
            ordinals[np.where(even, ~opens, ~closes)],
            ordinals[np.where(even, ~closes, ~opens)],
        )

    def _may_open(self) -> Any:
        import numpy as np

        before = self.data[np.maximum(self.quotes - 1, 0)]
        return (self.quotes == 0) | np.isin(before, self._edges())

    def _may_close(self) -> Any:
        import numpy as np

        after = self.data[np.minimum(self.quotes + 1, len(self.data) - 1)]
        return (self.quotes == len(self.data) - 1) | np.isin(after, self._edges())

    def _edges(self) -> list[int]:
        """What may stand beside a quote: a delimiter, a line end, its other half when doubled."""
        return [ord(self.dialect.delimiter), ord(self.dialect.quote or "\n"), _LF, _CR]

    def _clean_stretch(self, start: int) -> int | None:
        """Take records from `start` on while the rule holds.

        Returns where a record begins that must be looked at by itself or is not complete yet;
        None when all is taken.
        """
        import numpy as np

        first_quote = int(np.searchsorted(self.quotes, start))
        parity = first_quote % 2
        limit = self._next_break(first_quote, parity)
        eols = _between(self.eols_by_parity[parity], start, limit)
        if not len(eols):
            return start
        starts = np.concatenate(([start], eols[:-1] + 1))
        ends = eols + 1
        counts = _count(self.delimiters_by_parity[parity], starts, ends) + 1
        taken = self._before_swallowing(starts, ends, counts)
        self._take(starts[:taken], ends[:taken], counts[:taken])
        if taken < len(starts):
            return int(starts[taken])
        return int(ends[-1]) if ends[-1] < len(self.block) else None

    def _next_break(self, first_quote: int, parity: int) -> int:
        import numpy as np

        breaks = self.breaks[parity]
        place = int(np.searchsorted(breaks, first_quote))
        return int(self.quotes[breaks[place]]) if place < len(breaks) else len(self.block)

    def _before_swallowing(self, starts: Any, ends: Any, counts: Any) -> int:
        """How many records come before one of several lines with a wrong number of fields."""
        import numpy as np

        wrong = np.flatnonzero(counts != self.dialect.width)
        many = wrong[_count(self.eols, starts[wrong], ends[wrong]) > 1]
        return int(many[0]) if len(many) else len(starts)

    def _take(self, starts: Any, ends: Any, counts: Any) -> None:
        self.found.starts.append(starts)
        self.found.ends.append(ends)
        self.found.counts.append(counts)

    def _one_record(self, start: int) -> int | None:
        """Look at the record at `start` by itself. Returns where to go on; None: needs more."""
        seen = self.follow(start)
        if isinstance(seen, _Incomplete):
            return None
        line_end = self._line_end(start)
        if isinstance(seen, str):
            return self._set_aside(start, line_end, seen)
        if start in self.tails and not self._is_strict(start, line_end):
            return self._set_aside(start, line_end, "bad_quote")
        if seen.fields != self.dialect.width and self._swallows(line_end, seen.end):
            return self._set_aside(start, line_end, "unclosed_quote")
        self._take([start], [seen.end], [seen.fields])
        return seen.end

    def follow(self, start: int) -> "_Seen | _Incomplete | str":
        """Read field by field. A text is the reason why the record is broken."""
        position, fields = start, 0
        while found := self.one_field.match(self.block, position):
            fields += 1
            position = found.end()
            if found["edge"] != self.dialect.delimiter.encode():
                return _Seen(position, fields)
        return self._stuck(start, position)

    def _stuck(self, start: int, position: int) -> "_Incomplete | str":
        """Why the field at `position` does not end."""
        line_end = self._line_end(start)
        if line_end < 0:
            return _Incomplete()
        closed = self.quoted.match(self.block, position) if self._opens(position) else None
        if closed and closed.end() < len(self.block):
            if closed.end() <= line_end:
                return "bad_quote"
            self.tails.add(self._line_start(closed.end() - 1))
            return "unclosed_quote"
        hopeless = self.final or len(self.block) - start > LONGEST_RECORD
        return "unclosed_quote" if hopeless else _Incomplete()

    def _opens(self, position: int) -> bool:
        quote = self.dialect.quote.encode()
        return bool(quote) and self.block.startswith(quote, position)

    def _line_end(self, start: int) -> int:
        """Just after the physical line at `start`; -1 when the block ends before it does."""
        import numpy as np

        place = int(np.searchsorted(self.eols, start))
        return int(self.eols[place]) + 1 if place < len(self.eols) else -1

    def _swallows(self, line_end: int, end: int) -> bool:
        """Whether a later line of a record makes a whole record by itself."""
        position = line_end
        while 0 < position < end:
            following = self._line_end(position)
            seen = self.follow(position)
            whole = isinstance(seen, _Seen) and seen == _Seen(following, self.dialect.width)
            if whole and self._is_strict(position, following):
                return True
            position = following
        return False

    def _line_start(self, position: int) -> int:
        import numpy as np

        place = int(np.searchsorted(self.eols, position))
        return int(self.eols[place - 1]) + 1 if place else 0

    def _is_strict(self, start: int, end: int) -> bool:
        """Whether a line that reads as a record has no quote in the midst of a plain field."""
        plain = self.quoted.sub(b"", self.block[start:end]) if self.dialect.quote else b""
        return self.dialect.quote.encode() not in plain if plain else True

    def _set_aside(self, start: int, end: int, reason: str) -> int:
        self.found.bad.append(BadRecord(start, end, 0, reason))
        return end

    def _result(self, consumed: int) -> Scan:
        import numpy as np

        starts, ends, counts = (
            np.concatenate([np.asarray(part, dtype=np.int64) for part in (*parts, [])])
            for parts in (self.found.starts, self.found.ends, self.found.counts)
        )
        filled = self._filled(starts, ends)
        starts, ends, counts = starts[filled], ends[filled], counts[filled]
        flaws = self._flaws(starts, ends, counts)
        bad = self.found.bad + [
            BadRecord(int(starts[at]), int(ends[at]), 0, reason) for at, reason in flaws.items()
        ]
        keep = np.ones(len(starts), dtype=bool)
        keep[list(flaws)] = False
        starts, ends = starts[keep], ends[keep]
        lines = np.searchsorted(self.eols, starts)
        line_count = int(np.searchsorted(self.eols, consumed))
        return Scan(starts, ends, lines, self._with_lines(bad), consumed, line_count)

    def _filled(self, starts: Any, ends: Any) -> Any:
        """Not the blank lines: they are no records."""
        lengths = ends - starts
        crlf = (lengths == 2) & (self.data[starts] == _CR) if len(starts) else lengths == 0
        return (lengths > 1) & ~crlf

    def _flaws(self, starts: Any, ends: Any, counts: Any) -> dict[int, str]:
        """Bad records by place. Bytes come first: a damaged one may have eaten a delimiter."""
        import numpy as np

        flaws = dict.fromkeys(np.flatnonzero(counts != self.dialect.width).tolist(), "field_count")
        for positions, reason in (
            (np.flatnonzero(self.data == 0), "nul"),
            (self._marks(), "encoding"),
        ):
            places = np.searchsorted(starts, positions, side="right") - 1
            inside = places[(places >= 0) & (positions < ends[places])] if len(starts) else []
            flaws.update(dict.fromkeys(np.unique(inside).tolist(), reason))
        return flaws

    def _marks(self) -> Any:
        """Positions of marks of undecodable bytes: ED followed by A0 or more (see csv_text)."""
        import numpy as np

        candidates = np.flatnonzero(self.data[:-1] == 0xED)
        return candidates[self.data[candidates + 1] >= 0xA0]

    def _with_lines(self, bad: list[BadRecord]) -> list[BadRecord]:
        import numpy as np

        ordered = sorted(bad, key=lambda one: one.start)
        lines = np.searchsorted(self.eols, [one.start for one in ordered])
        return [replace(one, line=int(line)) for one, line in zip(ordered, lines, strict=True)]


@dataclass(frozen=True)
class _Seen:
    """A record read by itself: where it ends, and its number of fields."""

    end: int
    fields: int


class _Incomplete:
    """The block ends before the record does."""


def _quoted_pattern(dialect: Dialect) -> str:
    quote = re.escape(dialect.quote)
    return rf"{quote}(?:[^{quote}]++|{quote}{quote})*+{quote}" if quote else ""


def _field_pattern(dialect: Dialect) -> re.Pattern[bytes]:
    """One field and the edge behind it."""
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    edge = rf"(?P<edge>{delimiter}|\r\n|\n|\r)"
    if not quote:
        return re.compile(rf"[^{delimiter}\r\n]*+{edge}".encode())
    quoted = _quoted_pattern(dialect)
    plain = rf"(?:[^{quote}{delimiter}\r\n][^{delimiter}\r\n]*+)?"
    return re.compile(rf"(?:{quoted}|{plain}){edge}".encode())


def _line_ends(data: Any) -> Any:
    """Positions of the last byte of each line end: LF, CR LF, or CR alone."""
    import numpy as np

    feeds = np.flatnonzero(data == _LF)
    returns = np.flatnonzero(data == _CR)
    if not len(returns):
        return feeds
    alone = returns[
        (returns == len(data) - 1) | (data[np.minimum(returns + 1, len(data) - 1)] != _LF)
    ]
    return np.union1d(feeds, alone) if len(alone) else feeds


def _by_parity(positions: Any, quotes: Any) -> tuple[Any, Any]:
    """Positions outside quotes when the first quote has an even (odd) ordinal."""
    import numpy as np

    if not len(quotes):
        return positions, positions
    # Where each quote falls among the positions, not the reverse: there are far fewer quotes.
    turns = np.bincount(np.searchsorted(positions, quotes), minlength=len(positions) + 1)
    odd = np.cumsum(turns[:-1]) % 2 == 1
    return positions[~odd], positions[odd]


def _between(positions: Any, start: int, end: int) -> Any:
    import numpy as np

    first, last = np.searchsorted(positions, (start, end))
    return positions[first:last]


def _count(positions: Any, starts: Any, ends: Any) -> Any:
    """How many of the positions lie in each span."""
    import numpy as np

    return np.searchsorted(positions, ends) - np.searchsorted(positions, starts)
