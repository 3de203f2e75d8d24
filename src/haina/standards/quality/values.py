"""From raw text to a typed value, as SQL of DuckDB. NULL means: it cannot be one."""

from haina.kernel.sql import literal
from haina.standards.elements import Format, ItemType
from haina.standards.quality.bindings import Binding

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " "
_WIDE_SIGN = r"[\x{ff01}-\x{ff5e}\x{3000}]"
_BLANKS = " \t\r\n\u3000\u00a0"
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
    """Text without blanks at its ends; NULL when nothing is left."""
    text = f"CAST({binding.raw} AS VARCHAR)"
    return f"nullif(trim({text}, {literal(_BLANKS)}), '')"


def cleaned(binding: Binding) -> tuple[str, str]:
    """SQL of the cleaned text, and of whether it held full-width signs.

    `translate` builds its table for every row, so it is kept for the few rows that need it; ASCII
    text (as many bytes as characters) is not even searched.
    """
    text = trimmed(binding)
    if not binding.ascii:
        return text, "false"
    wide = (
        f"CASE WHEN strlen({text}) = length({text}) THEN false "
        f"ELSE regexp_matches({text}, {literal(_WIDE_SIGN)}) END"
    )
    narrow = (
        f"CASE WHEN {wide} THEN translate({text}, {literal(_WIDE)}, {literal(_NARROW)}) "
        f"ELSE {text} END"
    )
    if binding.format in _UPPER:
        narrow = f"upper({narrow})"
    return narrow, f"coalesce({wide}, false)"


def item_value(binding: Binding) -> str:
    """SQL of the typed value over cleaned text."""
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
    listed = ", ".join(literal(one) for one in formats)
    return f"try_strptime({binding.clean}, [{listed}])"


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
    terms = " + ".join(
        f"({digits} // {10 ** (16 - place)} % 10) * {weight}"
        for place, weight in enumerate(weights)
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
