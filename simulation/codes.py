"""Code sets with their standard values, and how agencies write them instead.

Sets that name a standard follow it; those marked 自定 are the
county's own, as most sets of real systems are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CodeSet:
    name: str
    title: str
    standard: str
    values: tuple[tuple[str, str], ...]

    @property
    def weights(self) -> tuple[float, ...]:
        """Earlier values are commoner, as in the order that standards list them."""
        raw = [1 / (rank + 1) for rank in range(len(self.values))]
        return tuple(weight / sum(raw) for weight in raw)


def _parse(name: str, entry: dict[str, str]) -> CodeSet:
    pairs = (pair.strip().partition(" ") for pair in entry["values"].split(","))
    values = tuple((code, label) for code, _, label in pairs)
    return CodeSet(name, entry["title"], entry["standard"], values)


_DECLARED = tomllib.loads(Path(__file__).with_name("codes.toml").read_text("utf-8"))
CODE_SETS: Mapping[str, CodeSet] = {name: _parse(name, entry) for name, entry in _DECLARED.items()}

_SEX_LETTERS = {"1": "M", "2": "F", "0": "U", "9": "N"}


def _spelling(codeset: CodeSet, style: str, rank: int) -> str:
    code, label = codeset.values[rank]
    if style == "label":
        return label
    if style == "ordinal":
        return str(rank + 1)
    if style == "letter":
        return chr(ord("A") + rank) if rank < 26 else f"Z{rank}"
    return code


def spellings(name: str, style: str) -> tuple[str, ...]:
    """What an agency of the given style writes, in the order of the set's values."""
    codeset = CODE_SETS[name]
    if name == "sex" and style == "letter":
        return tuple(_SEX_LETTERS[code] for code, _ in codeset.values)
    return tuple(_spelling(codeset, style, rank) for rank in range(len(codeset.values)))


def aliases(name: str, style: str) -> dict[str, str]:
    """Agency's spelling → standard value; empty where the agency writes the standard."""
    written = spellings(name, style)
    standard = [code for code, _ in CODE_SETS[name].values]
    pairs = zip(written, standard, strict=True)
    return {} if list(written) == standard else dict(pairs)
