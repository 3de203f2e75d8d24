"""Export: write back into the folder what people changed on screen."""

from pathlib import Path
from typing import Any

import yaml

from haina.kernel.errors import NOT_FOUND
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.errors import BAD_PACK
from haina.packs.planning import plan
from haina.packs.reading import read_pack


def export(platform: Platform, folder: Path) -> list[str]:
    """Rewrite the files whose objects differ from what is in force; their paths.

    A file keeps its place; comments of a rewritten YAML file are lost, as the CLI says.
    """
    pack = read_pack(folder)
    with platform.database.read() as connection:
        rows = queries.definitions(connection, pack.spec.name)
    if not rows:
        raise NOT_FOUND(f"应用包 {pack.spec.name} 尚未应用", field="pack")
    made = plan(platform, folder, "screen")
    by_file: dict[str, list[str]] = {}
    for name, place in pack.places.items():
        by_file.setdefault(place, []).append(name)
    changed = {
        change.name
        for change in made.changes
        if change.name in made.folder and change.new != made.folder[change.name]
    }
    wanted = {change.name: change.new for change in made.changes if change.new is not None}
    files = [place for place, names in by_file.items() if changed & set(names)]
    for place in files:
        _write(folder / place, [wanted[name] for name in by_file[place]])
    return sorted(files)


def _write(path: Path, specs: list[dict[str, Any]]) -> None:
    if path.suffix == ".sql":
        path.write_text(_model_text(specs[0]), encoding="utf-8")
        return
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    content: Any = specs if isinstance(whole, list) else specs[0]
    if not isinstance(whole, list) and len(specs) != 1:
        raise BAD_PACK(f"{path.name} 只能写一个声明")
    path.write_text(_yaml(content), encoding="utf-8")


def _model_text(spec: dict[str, Any]) -> str:
    front = {key: value for key, value in spec.items() if key not in ("dataset", "sql")}
    return f"/*\n{_yaml(front)}*/\n{spec['sql'].rstrip()}\n"


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
