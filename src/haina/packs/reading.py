"""Reads a pack's folder. Every complaint names the file, and the line where YAML or SQL has one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from haina.coordination.organizations import OrganizationSpec
from haina.kernel.errors import HainaError
from haina.packs.errors import BAD_PACK
from haina.packs.schema import Pack, PackSpec
from haina.resources.specs import ModelSpec, SourceSpec
from haina.services.gateway.contracts import ServiceSpec
from haina.services.insight import CockpitSpec
from haina.standards.elements import CodeSetSpec, ElementSpec

Spec = TypeVar("Spec", bound=BaseModel)

_MODEL_ZONES = ("base", "theme", "topic")
_FOLDERS = {
    "sources",
    "standards",
    "models",
    "services",
    "resources",
    "forms",
    "flows",
    "reports",
    "pages",
    "ledgers",
    "maps",
    "fixtures",
    "tests",
}


class _Yaml(yaml.SafeLoader):
    """YAML as its readers expect it: only true and false are booleans, 12:30 and 2026-01-01 are
    text. (YAML 1.1 makes `no` false and 12:30 the number 750.)"""


_Yaml.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rsplit(":", 1)[-1] not in ("bool", "timestamp", "int")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Yaml.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^[-+]?(0|[1-9][0-9]*)$"), list("-+0123456789")
)


class _Reader:
    """Collects declarations and remembers the file of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[str, str] = {}

    def list_of(self, kind: str, spec: type[Spec], paths: list[Path], key: str) -> tuple[Spec, ...]:
        found: list[Spec] = []
        for path in paths:
            content = self._yaml(path)
            for raw in content if isinstance(content, list) else [content]:
                one = self.check(spec, raw, path)
                self.note(f"{kind}:{getattr(one, key)}", path)
                found.append(one)
        return tuple(found)

    def note(self, name: str, path: Path) -> None:
        shown = str(path.relative_to(self.folder))
        if name in self.places:
            raise BAD_PACK(f"{shown}:{name} 声明了两次(另见 {self.places[name]})", field=shown)
        self.places[name] = shown

    def check(self, spec: type[Spec], raw: Any, path: Path) -> Spec:
        try:
            return spec.model_validate(raw)
        except ValidationError as broken:
            raise _complaint(broken, str(path.relative_to(self.folder))) from None

    def _yaml(self, path: Path) -> Any:
        try:
            return yaml.load(path.read_text(encoding="utf-8"), _Yaml) or []  # noqa: S506 — a safe loader
        except yaml.MarkedYAMLError as broken:
            line = broken.problem_mark.line + 1 if broken.problem_mark else 0
            shown = path.relative_to(self.folder)
            raise BAD_PACK(
                f"{shown} 第 {line} 行:不是合法的 YAML({broken.problem})", field=str(shown)
            ) from None
        except UnicodeDecodeError:
            raise BAD_PACK(f"{path.relative_to(self.folder)} 不是 UTF-8 编码") from None

    def one(self, spec: type[Spec], path: Path) -> Spec:
        return self.check(spec, self._yaml(path), path)

    def models(self) -> Iterator[ModelSpec]:
        for path in sorted((self.folder / "models").glob("*/*.sql")):
            model = self._model(path)
            self.note(f"model:{model.dataset}", path)
            yield model

    def _model(self, path: Path) -> ModelSpec:
        shown = path.relative_to(self.folder)
        zone = path.parent.name
        if zone not in _MODEL_ZONES:
            raise BAD_PACK(f"{shown}:模型只能放在 {'、'.join(_MODEL_ZONES)} 下", field=str(shown))
        text = path.read_text(encoding="utf-8")
        front, sql, first = _split(text, str(shown))
        values = {**front, "dataset": f"{zone}.{path.stem}", "sql": sql, "first_line": first}
        return self.check(ModelSpec, values, path)


def _split(text: str, shown: str) -> tuple[dict[str, Any], str, int]:
    """Front matter, SQL, and the line on which the SQL begins."""
    start, end = text.find("/*"), text.find("*/")
    if start != 0 or end < 0:
        raise BAD_PACK(f"{shown}:开头须有 /* … */ 写明标题、责任单位等", field=shown)
    try:
        front = yaml.load(text[2:end], _Yaml) or {}  # noqa: S506 — a safe loader
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 0
        raise BAD_PACK(
            f"{shown} 第 {line} 行:头部不是合法的 YAML({broken.problem})", field=shown
        ) from None
    if not isinstance(front, dict):
        raise BAD_PACK(f"{shown}:头部应是「名: 值」的列表", field=shown)
    rest = text[end + 2 :]
    body = rest.lstrip()
    return front, body, text[: len(text) - len(body)].count("\n") + 1


def _complaint(broken: ValidationError, shown: str) -> HainaError:
    # A misspelt key is both unknown and missing: the unknown word is what helps.
    first = min(broken.errors(), key=lambda one: one["type"] != "extra_forbidden")
    place = ".".join(str(part) for part in first["loc"])
    words = {"missing": "缺少", "extra_forbidden": "不认识的字段"}
    what = words.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = len(broken.errors()) - 1
    tail = f"(另有 {more} 处)" if more else ""
    return BAD_PACK(f"{shown}:{place or '内容'} {what}{tail}", field=f"{shown}:{place}")


def read_pack(folder: Path) -> Pack:
    """Read and check a folder by itself. Raises HainaError(bad_pack)."""
    folder = folder.resolve()
    if not (folder / "pack.yaml").is_file():
        raise BAD_PACK(f"{folder} 不是应用包:没有 pack.yaml", field="pack.yaml")
    unknown = sorted(
        path.name
        for path in folder.iterdir()
        if path.is_dir() and path.name not in _FOLDERS and path.name[0] != "."
    )
    if unknown:
        raise BAD_PACK(f"不认识的文件夹:{'、'.join(unknown)}", field=unknown[0])
    reader = _Reader(folder)

    def files(pattern: str) -> list[Path]:
        return sorted(folder.glob(pattern))

    return Pack(
        spec=reader.one(PackSpec, folder / "pack.yaml"),
        organizations=reader.list_of(
            "organization", OrganizationSpec, files("organizations.yaml"), "code"
        ),
        code_sets=reader.list_of("code_set", CodeSetSpec, files("standards/codes*.yaml"), "name"),
        elements=reader.list_of("element", ElementSpec, files("standards/elements*.yaml"), "name"),
        sources=reader.list_of("source", SourceSpec, files("sources/*.yaml"), "name"),
        models=tuple(reader.models()),
        services=reader.list_of("service", ServiceSpec, files("services/*.yaml"), "name"),
        cockpits=reader.list_of("cockpit", CockpitSpec, files("pages/cockpit*.yaml"), "name"),
        places=reader.places,
    )
