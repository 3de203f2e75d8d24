"""Reads a pack's folder. Every complaint names the file, and the line where YAML or SQL has one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from haina.coordination.organizations import OrganizationSpec
from haina.kernel.complaints import close_to, words_of
from haina.kernel.errors import HainaError
from haina.packs.errors import BAD_PACK
from haina.packs.schema import Pack, PackSpec
from haina.resources.specs import ModelSpec, SourceSpec
from haina.services.gateway.contracts import ServiceSpec
from haina.services.insight import CockpitSpec, check_maps
from haina.standards.elements import CodeSetSpec, ElementSpec

Spec = TypeVar("Spec", bound=BaseModel)
Lines = Callable[[tuple[Any, ...]], int | None]

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
            many = isinstance(content, list)
            for place, raw in enumerate(content if many else [content]):
                one = self.check(spec, raw, path, (place,) if many else ())
                self.note(f"{kind}:{getattr(one, key)}", path)
                found.append(one)
        return tuple(found)

    def note(self, name: str, path: Path) -> None:
        shown = str(path.relative_to(self.folder))
        if name in self.places:
            raise BAD_PACK(f"{shown}:{name} 声明了两次(另见 {self.places[name]})", field=shown)
        self.places[name] = shown

    def check(self, spec: type[Spec], raw: Any, path: Path, start: tuple[Any, ...] = ()) -> Spec:
        """`start` is where in the file's YAML the declaration stands."""
        try:
            return spec.model_validate(raw)
        except ValidationError as broken:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".sql":
                text = text[2 : max(text.find("*/"), 2)]
            shown = str(path.relative_to(self.folder))
            raise _complaint(broken, spec, shown, _lines_of(text, 1, start)) from None

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


def _complaint(
    broken: ValidationError, spec: type[BaseModel], shown: str, where: Lines
) -> HainaError:
    """The first thing wrong in words, the others in the details."""
    # A misspelt key is both unknown and missing: the unknown word is what helps.
    found = sorted(broken.errors(), key=lambda one: one["type"] != "extra_forbidden")
    told = [_told(one, spec, where) for one in found]
    others = f"(另有 {len(told) - 1} 处:{';'.join(told[1:4])})" if len(told) > 1 else ""
    place = ".".join(str(part) for part in found[0]["loc"])
    return BAD_PACK(
        f"{shown} {told[0]}{others}",
        field=f"{shown}:{place}",
        all=[f"{shown} {one}" for one in told],
    )


def _told(error: Any, spec: type[BaseModel], where: Lines) -> str:
    """`第 N 行:path words`, with the word that was perhaps meant."""
    loc = error["loc"]
    line = where(loc)
    place = ".".join(str(part) for part in loc) or "内容"
    like = ""
    if error["type"] == "extra_forbidden":
        like = close_to(str(loc[-1]), _fields_at(spec, loc[:-1]))
    return f"{f'第 {line} 行:' if line else ''}{place} {words_of(error)}{like}"


def _fields_at(spec: Any, loc: tuple[Any, ...]) -> list[str]:
    """The names that are known at a place of a declaration."""
    for part in loc:
        if isinstance(part, str) and _is_model(spec) and part in _names(spec):
            spec = _names(spec)[part]
        spec = _inner_model(spec)
    spec = _inner_model(spec)
    return list(_names(spec)) if _is_model(spec) else []


def _is_model(spec: Any) -> bool:
    return isinstance(spec, type) and issubclass(spec, BaseModel)


def _names(spec: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in spec.model_fields.items()}


def _inner_model(spec: Any) -> Any:
    """The declaration inside tuple[X, ...], dict[str, X] or X | None."""
    if _is_model(spec):
        return spec
    return next((found for one in get_args(spec) if _is_model(found := _inner_model(one))), spec)


def _lines_of(text: str, first: int, start: tuple[Any, ...] = ()) -> Lines:
    """Where each part of a YAML text stands; `first` is the number of its first line."""

    def line(loc: tuple[Any, ...]) -> int | None:
        try:
            node = yaml.compose(text, _Yaml)
        except yaml.YAMLError:
            return None
        found = None
        for part in (*start, *loc):
            node, at = _step(node, part)
            found = at or found
            if node is None:
                break
        return None if found is None else found + first

    return line


def _step(node: Any, part: Any) -> tuple[Any, int | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line
    return None, None


def read_pack(folder: Path) -> Pack:
    """Read and check a folder by itself. Raises HainaError(bad_pack)."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise BAD_PACK(f"没有文件夹 {folder}", field="folder", hint="请核对应用包的路径。")
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

    pack = Pack(
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
    check_maps(folder, pack.cockpits)
    return pack
