"""Where in the text of a query an error stands: the engine sees another text than was written."""

import re

from haina.kernel.errors import HainaError
from haina.kernel.sql import place

# Literals and comments are passed over; a quoted name is a name.
_SKIPPED = r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/"
_LINE_NOTE = re.compile(r"\s*\(第 \d+ 行\)$")


def pointed(error: HainaError, text: str) -> HainaError:
    """The same error with the line and column (from 1) of what it names, when that is found."""
    message = _LINE_NOTE.sub("", error.message)
    start = next((at for name in _names(error) if (at := find(name, text)) is not None), None)
    if "line" in error.details:
        return error
    if start is None:
        return HainaError(
            error.kind, message, field=error.field, hint=error.hint, details=error.details
        )
    line, column = place(text, start)
    return HainaError(
        error.kind,
        message.rstrip("。") + f"(第 {line} 行第 {column} 列)。",
        field=error.field or "sql",
        hint=error.hint,
        details={**error.details, "line": line, "column": column},
    )


def _names(error: HainaError) -> list[str]:
    said = [str(name) for name in error.details.get("names", [])]
    return [part for name in said for part in (name, name.rsplit(".", 1)[-1]) if part]


def find(name: str, text: str) -> int | None:
    """The first place of a name in the text, outside of literals and comments."""
    plain = r"\s*\.\s*".join(rf'"?{re.escape(part)}"?' for part in name.split("."))
    pattern = re.compile(rf"{_SKIPPED}|(?<![\w$\"])({plain})(?![\w$])", re.I | re.S)
    for found in pattern.finditer(text):
        if found[1] is not None:
            return found.start(1)
    return None
