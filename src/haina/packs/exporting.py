"""Export: write back into the folder what people changed, and made, on screen."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import Row

from haina.kernel.errors import NOT_FOUND
from haina.kernel.platform import Platform
from haina.packs import queries
from haina.packs.errors import BAD_PACK
from haina.packs.objects import dump
from haina.packs.own import OWN
from haina.packs.planning import plan
from haina.packs.reading import read_pack


def export(platform: Platform, folder: Path) -> list[str]:
    """Rewrite the files whose objects differ from what is in force; their paths.

    A file keeps its place; comments of a rewritten YAML file are lost, as the CLI says. A source
    that was made on screen becomes a file of its own; a folder that is not there yet, or empty,
    becomes the pack of all such sources.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        _begin(platform, folder)
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
    made_here = [row for name, row in rows.items() if name not in pack.places and not row.applied]
    return sorted([*files, *(_add(folder, row) for row in made_here)])


def _begin(platform: Platform, folder: Path) -> None:
    """The folder of the installation's own pack. Raises HainaError(not_found) without one."""
    with platform.database.read() as connection:
        known = {row.name for row in queries.packs(connection)}
    if OWN.name not in known:
        raise NOT_FOUND(
            "还没有在界面上接入过数据源,没有可写的", field="folder",
            hint="要写回某个应用包上的修改,请给出那个应用包的文件夹。",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(_yaml(dump(OWN)), encoding="utf-8")


def _add(folder: Path, row: Row[Any]) -> str:
    """The file of an object that no folder has said yet."""
    kind, name = row.name.split(":", 1)
    place = f"{kind}s/{name}.yaml"
    path = folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(_yaml(row.current), encoding="utf-8")
    return place


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
