"""A declaration that came from a screen, checked by itself."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from haina.kernel.complaints import words_of
from haina.kernel.errors import BAD_INPUT
from haina.packs.objects import dump, load


def checked(name: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration without its defaults. Raises HainaError(bad_input) naming the field."""
    try:
        return dump(load(name, dict(plain)))
    except KeyError:
        raise BAD_INPUT(f"不认识的定义 {name}", field="name") from None
    except ValidationError as broken:
        # A misspelt key is both unknown and missing: the unknown word is what helps.
        first = min(broken.errors(), key=lambda one: one["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"])
        said = f"{field} {words_of(first)}" if field else words_of(first)
        raise BAD_INPUT(f"定义 {name} 不合格:{said}", field=field or name) from None
