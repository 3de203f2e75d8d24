"""Writes docs/reference from the code: `python -m scripts.reference`. A test keeps it true."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

_MADE = "<!-- 由 python -m scripts.reference 生成,请勿手改 -->"


def import_all() -> None:
    """Every module of the product, so that all that it declares is known."""
    import haina

    for module in pkgutil.walk_packages(haina.__path__, "haina."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def errors_page() -> str:
    """All kinds of error by code."""
    from haina.kernel.errors import kinds

    import_all()
    ours = [one for one in kinds() if not one.code.startswith("test_")]
    rows = [(f"`{one.code}`", str(one.status), one.title, one.hint) for one in ours]
    return _page("错误", ("代码", "状态", "含义", "办法"), rows)


def settings_page() -> str:
    """All settings, as Settings declares them."""
    from haina.kernel.settings import Settings

    rows = [
        (f"`HAINA_{name.upper()}`", _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    lead = "环境变量,或 `HAINA_HOME/haina.conf` 里的一行;环境变量优先。"
    return _page("设置", ("变量", "缺省", "说明"), rows, lead)


def _default(field: FieldInfo) -> str:
    value = field.default
    return f"`{value}`" if value not in ("", ()) else ""


def routes_page() -> str:
    """All routes of the platform's API and the permission that each names."""
    from haina.app.http import ROUTERS

    rows = [
        (method, f"`{route.path}`", permission_of(route), _summary(route))
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    rows.sort(key=lambda row: (row[1], row[0]))
    return _page("接口", ("方法", "地址", "权限", "说明"), rows)


def permission_of(route: APIRoute) -> str:
    """What a caller needs. Raises LookupError when the route does not say."""
    from haina.security.access.guard import Guard

    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, Guard):
            needed = dependency.call.permission
            return "登录" if needed is None else f"`{needed.value}`"
    public = (route.openapi_extra or {}).get("x-public")
    if public:
        return "公开" if public is True else str(public)
    raise LookupError(route.path)


def _summary(route: APIRoute) -> str:
    return (route.description or "").split("\n")[0]


def pack_schema() -> dict[str, Any]:
    """JSON Schema of what a pack's files may say, one definition a kind of declaration."""
    from pydantic.json_schema import models_json_schema

    from haina.packs.objects import KINDS
    from haina.packs.schema import PackSpec

    models: list[tuple[Any, Any]] = [(model, "validation") for model in (PackSpec, *KINDS.values())]
    refs, schema = models_json_schema(models, by_alias=True)
    names: dict[str, Any] = {"pack": PackSpec, **KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "海纳应用包",
        "properties": {name: refs[model, "validation"] for name, model in names.items()},
        **schema,
    }


def _page(
    title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], lead: str = ""
) -> str:
    lines = [f"# {title}", "", _MADE, ""]
    lines += [lead, ""] if lead else []
    lines += [_row(heads), _row(("---",) * len(heads)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _schema_text() -> str:
    return json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "settings.md": settings_page,
    "routes.md": routes_page,
    "pack.schema.json": _schema_text,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
