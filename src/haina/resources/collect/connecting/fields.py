"""The fields of a connection, for a form: read off the kind's own model, never written twice."""

import re
import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Shape = Literal[
    "text", "long", "secret", "integer", "boolean", "choice", "texts", "pairs", "group", "groups",
    "rows", "json",
]  # fmt: skip

# What people are asked for although it has a default; the rest waits under 更多.
_BASIC = frozenset(
    ("port", "schema", "service", "tables", "auth", "by", "path", "method", "records", "pages")
)


@dataclass(frozen=True)
class ConnectionField:
    """`shape`: how it is filled in. `group`: fields of its own; `groups`: named groups of them;
    `rows`: a list of them; `pairs`: name → text; `texts`: a list of texts."""

    name: str
    title: str
    help: str
    shape: Shape
    required: bool
    basic: bool
    default: Any
    choices: tuple[str, ...] = ()
    fields: "tuple[ConnectionField, ...]" = ()


def fields_of(model: type[BaseModel]) -> tuple[ConnectionField, ...]:
    """In the order in which the model declares them."""
    return tuple(
        _field(info.alias or name, info, _unwrapped(info.annotation))
        for name, info in model.model_fields.items()
    )


def _field(name: str, info: FieldInfo, type_: Any) -> ConnectionField:
    shape, choices, inner = _shape(type_, info)
    title, help_ = _words(info, name)
    required = info.is_required()
    return ConnectionField(
        name, title, help_, shape, required,
        required or shape in ("secret", "long") or name in _BASIC,
        _default(info), choices, inner,
    )  # fmt: skip


def _shape(
    type_: Any, info: FieldInfo
) -> tuple[Shape, tuple[str, ...], tuple[ConnectionField, ...]]:
    if _is(type_, SecretStr):
        return ("long" if "全文" in (info.description or "") else "secret"), (), ()
    if _is(type_, BaseModel):
        return "group", (), fields_of(type_)
    if get_origin(type_) is Literal:
        return "choice", tuple(str(one) for one in get_args(type_)), ()
    if get_origin(type_) is dict:
        return _of_dict(get_args(type_)[1])
    if get_origin(type_) is tuple:
        inner = _unwrapped(get_args(type_)[0])
        return ("rows", (), fields_of(inner)) if _is(inner, BaseModel) else ("texts", (), ())
    plain: dict[Any, Shape] = {bool: "boolean", int: "integer", str: "text"}
    return plain.get(type_, "text"), (), ()


def _of_dict(value: Any) -> tuple[Shape, tuple[str, ...], tuple[ConnectionField, ...]]:
    inner = _unwrapped(value)
    if _is(inner, BaseModel):
        return "groups", (), fields_of(inner)
    return ("json" if inner is Any else "pairs"), (), ()


def _unwrapped(type_: Any) -> Any:
    """Without Annotated and `| None`; of a union that is not one of those, text."""
    if get_origin(type_) is Annotated:
        return _unwrapped(get_args(type_)[0])
    if get_origin(type_) in (Union, types.UnionType):
        some = [one for one in get_args(type_) if one is not type(None)]
        return _unwrapped(some[0]) if len(some) == 1 else str
    return type_


def _is(type_: Any, parent: type) -> bool:
    return isinstance(type_, type) and issubclass(type_, parent)


def _words(info: FieldInfo, name: str) -> tuple[str, str]:
    """A title and what else is said; a description is `title;help` or `title,help`."""
    said = info.description or ""
    if info.title:
        return info.title, said
    found = re.fullmatch(r"([^;,:(]*)(?:\(([^)]*)\))?[;,:]?(.*)", said, re.DOTALL)
    title, aside, rest = found.groups() if found else (said, None, "")
    return title or name, ";".join(one for one in (aside, rest) if one)


def _default(info: FieldInfo) -> Any:
    found = info.get_default(call_default_factory=True, validated_data={})
    if found is PydanticUndefined or isinstance(found, (SecretStr, BaseModel)):
        return None
    return list(found) if isinstance(found, tuple) else found
