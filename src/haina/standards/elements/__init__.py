"""数据元、代码集: the meaning, format and range that an item is bound to."""

from haina.standards.elements.contracts import CodeSetSpec, ElementSpec, Format, ItemType
from haina.standards.elements.registry import (
    Standards,
    load_standards,
    put_code_set,
    put_element,
    remove_code_set,
    remove_element,
)

__all__ = [
    "CodeSetSpec",
    "ElementSpec",
    "Format",
    "ItemType",
    "Standards",
    "load_standards",
    "put_code_set",
    "put_element",
    "remove_code_set",
    "remove_element",
]
