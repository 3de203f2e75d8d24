"""Elements and code sets as a pack declares them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from haina.kernel.declaration import Declaration, Name, Title
from haina.security.access import Mask


class ItemType(StrEnum):
    """The type of an item in `std` and above."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"


class Format(StrEnum):
    """A form with a rule of its own; the expressions are in standards.quality.

    id_number: 公民身份号码 GB 11643, 18 or valid old 15 digits; uscc: 统一社会信用代码 GB 32100;
    place_code: 区划代码 of 2, 4, 6, 9 or 12 digits; phone: mobile or fixed line; plate: 机动车号牌.
    """

    ID_NUMBER = "id_number"
    USCC = "uscc"
    PLACE_CODE = "place_code"
    PHONE = "phone"
    MOBILE = "mobile"
    PLATE = "plate"


class CodeSetSpec(Declaration):
    """A code set. `aliases`: what agencies write instead of a code → the code."""

    name: Name
    title: Title
    source: str = ""
    codes: dict[str, str] = Field(min_length=1)
    aliases: dict[str, str] = {}

    @model_validator(mode="after")
    def _aliases_lead_to_codes(self) -> "CodeSetSpec":
        lost = sorted(set(self.aliases.values()) - set(self.codes))
        if lost:
            raise ValueError(f"别名指向代码集中没有的代码:{'、'.join(lost)}")
        return self


class ElementSpec(Declaration):
    """A data element. Lengths are in characters after cleaning; `grade` is 1 (public) to 4."""

    name: Name
    title: Title
    type: ItemType = ItemType.TEXT
    source: str = ""
    format: Format | None = None
    code_set: Name | None = None
    lengths: tuple[Annotated[int, Field(ge=1)], ...] = ()
    max_length: Annotated[int, Field(ge=1)] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    scale: Annotated[int, Field(ge=0, le=9)] = 2
    future: bool = False
    grade: Annotated[int, Field(ge=1, le=4)] = 1
    mask: Mask = Mask.NONE
    summary: str = ""
