"""Kinds of error of packs: each names the file."""

from haina.kernel.errors import kind

BAD_PACK = kind(
    "bad_pack", 422, "应用包有误", "请按提示修改所指文件;字段说明见 docs/reference/pack.md。"
)
PACK_CONFLICT = kind(
    "pack_conflict",
    409,
    "应用包与界面上的修改冲突",
    "用 haina plan 查看冲突;再以 haina apply --take folder 或 --take screen 决定取哪一边。",
)
OWNED_BY_OTHER = kind(
    "owned_by_other_pack", 409, "对象属于另一个应用包", "请改名,或先从那个应用包移除。"
)
