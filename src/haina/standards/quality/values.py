"""From raw text to a typed value, as SQL of DuckDB. NULL means: it cannot be one."""

from itertools import pairwise

from haina.kernel.sql import literal
from haina.standards.elements import Format, ItemType
from haina.standards.quality.bindings import Binding

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " "
_WIDE_SIGN = r"[\x{ff01}-\x{ff5e}\x{3000}]"
_WIDE_BLANKS = "\u3000\u00a0"
_BLANKS = f" \t\r\n{_WIDE_BLANKS}"
_UPPER = {Format.ID_NUMBER, Format.USCC, Format.PLATE}
_DATES = [
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%Y.%m.%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
]
# Databases say the zone of a time; a time of ours is the wall clock of the session's zone.
_ZONED = ["%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"]
_MOMENTS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y/%m/%d",
]


def trimmed(binding: Binding) -> str:
    """SQL of the raw text without blanks at its ends; NULL when nothing is left.

    `trim` with a list of signs costs ten times what it costs to see that there is nothing to trim.
    """
    if binding.passes:
        return binding.raw
    text = f"CAST({binding.raw} AS VARCHAR)"
    ends = f"contains({literal(_BLANKS)}, ({text})[-1])"
    starts = [f"starts_with({text}, {literal(blank)})" for blank in _WIDE_BLANKS]
    # Nothing sorts before '!' but blanks, control signs, and what is empty.
    blank = " OR ".join([f"{text} < '!'", *starts, ends])
    return f"CASE WHEN {blank} THEN nullif(trim({text}, {literal(_BLANKS)}), '') ELSE {text} END"


def wide(binding: Binding) -> str:
    """SQL of whether the trimmed text holds full-width signs. ASCII text (as many bytes as
    characters) is not even searched."""
    text = binding.text
    return (
        f"coalesce(CASE WHEN strlen({text}) = length({text}) THEN false "
        f"ELSE regexp_matches({text}, {literal(_WIDE_SIGN)}) END, false)"
    )


def narrowed(binding: Binding) -> str:
    """SQL of the cleaned text: where it should be ASCII, full-width signs are folded. `translate`
    builds its table for every row, so it is kept for the few rows that need it."""
    if not binding.ascii:
        return binding.text
    folded = f"translate({binding.text}, {literal(_WIDE)}, {literal(_NARROW)})"
    narrow = f"CASE WHEN {binding.wide} THEN {folded} ELSE {binding.text} END"
    return f"upper({narrow})" if binding.format in _UPPER else narrow


def item_value(binding: Binding) -> str:
    """SQL of the typed value over cleaned text."""
    if binding.passes:
        return binding.clean
    if binding.code_set is not None:
        return _code(binding)
    if binding.type is ItemType.TEXT:
        return id18(binding.clean) if binding.format is Format.ID_NUMBER else binding.clean
    return _typed(binding)


def _typed(binding: Binding) -> str:
    text, element = binding.clean, binding.element
    assert element is not None
    match binding.type:
        case ItemType.DATE:
            return f"CAST({_moment(binding, _DATES)} AS DATE)"
        case ItemType.TIMESTAMP:
            return _timestamp(binding)
        case ItemType.INTEGER:
            return f"TRY_CAST({text} AS BIGINT)"
        case ItemType.DECIMAL:
            return f"TRY_CAST({text} AS DECIMAL(18,{element.scale}))"
        case _:
            yes, no = "('1','true','t','y','yes','是')", "('0','false','f','n','no','否')"
            return (
                f"CASE WHEN lower({text}) IN {yes} THEN true "
                f"WHEN lower({text}) IN {no} THEN false END"
            )


def _timestamp(binding: Binding) -> str:
    plain = f"CAST({_moment(binding, _MOMENTS)} AS TIMESTAMP)"
    zoned = ", ".join(literal(one) for one in _ZONED)
    # With a zone the engine takes the 30th of February for the 2nd of March: the day is looked at.
    return (
        f"coalesce({plain}, CASE WHEN TRY_CAST(substr({binding.clean}, 1, 10) AS DATE) IS NOT NULL "
        f"THEN CAST(try_strptime({binding.clean}, [{zoned}]) AS TIMESTAMP) END)"
    )


def _moment(binding: Binding, formats: list[str]) -> str:
    if binding.date_format:
        formats = [binding.date_format, *[one for one in formats if one != binding.date_format]]
    text = binding.clean
    listed = ", ".join(literal(one) for one in formats)
    tried = f"try_strptime({text}, [{listed}])"
    if binding.date_format:
        return tried
    # Each format that does not fit costs five times the one that does: the two usual ones are told
    # by their form, which no format before them in the lists has.
    return (
        f"CASE WHEN {text} LIKE '____-__-__' THEN try_strptime({text}, '%Y-%m-%d') "
        f"WHEN strlen({text}) = 8 AND TRY_CAST({text} AS INTEGER) IS NOT NULL "
        f"THEN try_strptime({text}, '%Y%m%d') ELSE {tried} END"
    )


def _code(binding: Binding) -> str:
    """The code: itself, or what the agency writes for it."""
    assert binding.code_set is not None
    aliases = {**binding.code_set.aliases, **binding.codes}
    leads = {code: code for code in binding.code_set.codes} | aliases
    keys = ", ".join(literal(key) for key in leads)
    values = ", ".join(literal(value) for value in leads.values())
    return f"list_extract([{values}], list_position([{keys}], {binding.clean}))"


def id_digits(text: str) -> str:
    """SQL of the first 17 digits of an 18-place id number as one integer."""
    return f"TRY_CAST(substr({text}, 1, 17) AS BIGINT)"


def id_check_character(digits: str) -> str:
    """SQL of the 18th character for 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    # With q the number cut off after a digit, that digit is q − 10 × the q before: so its weight is
    # given to q less ten times the next one, and no digit is taken out, which costs the most.
    given = [one - 10 * then for one, then in pairwise((*weights, 0))]
    terms = " + ".join(
        f"{digits} // {10 ** (16 - place)} * {weight}" for place, weight in enumerate(given)
    )
    return f"substr('10X98765432', CAST(({terms}) % 11 AS INTEGER) + 1, 1)"


def id18(text: str) -> str:
    """SQL of an id number with 18 places; the valid old 15 get their century and check digit."""
    full = f"(substr({text}, 1, 6) || '19' || substr({text}, 7, 9))"
    character = id_check_character(f"TRY_CAST({full} AS BIGINT)")
    return f"CASE WHEN length({text}) = 15 THEN {full} || {character} ELSE {text} END"


def id_birth(text: str) -> str:
    """SQL of the birth date in an id number of 15 or 18 places."""
    digits = (
        f"CASE WHEN length({text}) = 15 THEN '19' || substr({text}, 7, 6) "
        f"ELSE substr({text}, 7, 8) END"
    )
    return f"CAST(try_strptime({digits}, '%Y%m%d') AS DATE)"


def id_sex(text: str) -> str:
    """SQL of the sex code (GB/T 2261.1: 1 male, 2 female) in an id number."""
    place = (
        f"CASE WHEN length({text}) = 15 THEN substr({text}, 15, 1) ELSE substr({text}, 17, 1) END"
    )
    return f"CASE WHEN TRY_CAST({place} AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END"


def uscc_check_fails(text: str) -> str:
    """SQL: the last of 18 characters is not the check character (GB 32100)."""
    signs = "'0123456789ABCDEFGHJKLMNPQRTUWXY'"
    terms = " + ".join(
        f"(strpos({signs}, substr({text}, {place + 1}, 1)) - 1) * {pow(3, place, 31)}"
        for place in range(17)
    )
    return f"(31 - ({terms}) % 31) % 31 <> strpos({signs}, substr({text}, 18, 1)) - 1"
