"""Errors that people read: a code, a status, the field, a sentence in Chinese and a way out.

A module declares its kinds once (`NOT_FOUND = kind("not_found", 404, "找不到", "…")`) and raises
them by calling (`raise NOT_FOUND(f"没有数据集 {name}", field="dataset")`). Declared kinds are the
content of docs/reference/errors.md, which a test keeps true.
"""

from dataclasses import dataclass
from typing import Any

_KINDS: dict[str, "ErrorKind"] = {}


class HainaError(Exception):
    """What went wrong, for people and for programs alike."""

    def __init__(
        self,
        kind: "ErrorKind",
        message: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field
        self.hint = hint or kind.hint
        self.details = details or {}

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def status(self) -> int:
        return self.kind.status

    def as_dict(self) -> dict[str, Any]:
        """The one JSON shape of an error, at every door."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "hint": self.hint,
            "details": self.details,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (self.code, self.message, self.field, self.hint, self.details)


@dataclass(frozen=True)
class ErrorKind:
    """One kind of error: `code` for programs, `status` for HTTP, title and default way out."""

    code: str
    status: int
    title: str
    hint: str

    def __call__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        hint: str | None = None,
        **details: Any,
    ) -> HainaError:
        return HainaError(self, message or self.title, field=field, hint=hint, details=details)


def kind(code: str, status: int, title: str, hint: str) -> ErrorKind:
    """Declare a kind. Raises ValueError when the code is already taken by another kind."""
    new = ErrorKind(code, status, title, hint)
    if _KINDS.setdefault(code, new) != new:
        raise ValueError(f"error code declared twice: {code}")
    return new


def kinds() -> list[ErrorKind]:
    """All kinds declared by the modules imported so far, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def _revive(
    code: str, message: str, field: str | None, hint: str | None, details: dict[str, Any]
) -> HainaError:
    return HainaError(_KINDS[code], message, field=field, hint=hint, details=details)


NOT_FOUND = kind(
    "not_found", 404, "找不到所要的对象", "请核对名称;用目录或 haina status 查看有哪些。"
)
BAD_INPUT = kind("bad_input", 422, "输入不符合要求", "请按提示修改所指字段后重试。")
CONFLICT = kind("conflict", 409, "与现有内容冲突", "请刷新后重试。")
FORBIDDEN = kind("forbidden", 403, "没有权限", "请向安全管理员申请相应权限。")
UNAUTHENTICATED = kind("unauthenticated", 401, "尚未登录或登录已失效", "请重新登录。")
TOO_MANY = kind("too_many_requests", 429, "请求过于频繁", "请稍后再试。")
UNAVAILABLE = kind("unavailable", 503, "服务暂不可用", "请稍后再试;若持续,请运行 haina doctor。")
INTERNAL = kind("internal", 500, "平台内部出错", "请把错误编号告诉平台管理员。")
