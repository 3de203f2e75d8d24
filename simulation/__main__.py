"""python -m simulation --out DIR --divisions data.sqlite"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from simulation import VERSION
from simulation.county import County
from simulation.topics import write_topics
from simulation.world.world import World, make_world

MANIFEST = "manifest.json"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulation", description="生成虚拟武清区的部门数据")
    parser.add_argument("--out", type=Path, required=True, help="输出目录")
    parser.add_argument("--persons", type=int, default=120_000, help="人口数")
    parser.add_argument("--seed", type=int, default=20260801, help="随机种子")
    parser.add_argument("--divisions", type=Path, required=True, help="全国行政区划 data.sqlite")
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 22), help="基准日")
    return parser.parse_args()


def identity(persons: int, seed: int, day: date) -> dict[str, Any]:
    """What a county is made of: the same identity means the same files."""
    return {"version": VERSION, "persons": persons, "seed": seed, "day": day.isoformat()}


def finished(out: Path, wanted: dict[str, Any]) -> bool:
    try:
        found = json.loads((out / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return all(found.get(name) == value for name, value in wanted.items())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(county: County, wanted: dict[str, Any]) -> None:
    out = county.out
    files = sorted(path for path in out.rglob("*") if path.is_file())
    manifest = {
        **wanted,
        "rows": county.counts,
        "truth": county.truth.totals(),
        "files": {path.relative_to(out).as_posix(): _digest(path) for path in files},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (out / MANIFEST).write_text(text + "\n", "utf-8")


def write_county(world: World, out: Path, wanted: dict[str, Any]) -> None:
    county = County(world, out)
    county.write()
    county.truth.write(out / "truth.parquet")
    write_topics(world, out / "topics.parquet")
    write_manifest(county, wanted)


def generate(out: Path, divisions: Path, persons: int, seed: int, day: date) -> bool:
    """Whether anything had to be made. A broken run leaves `out` as it was."""
    wanted = identity(persons, seed, day)
    if finished(out, wanted):
        return False
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise SystemExit(f"错误:{out} 不为空,也不是本程序生成的目录;请换一个目录。")
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        write_county(make_world(divisions, persons, seed, day), folder, wanted)
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def main() -> int:
    args = arguments()
    if not args.divisions.exists():
        hint = "请先运行 python -m simulation.divisions --out 目录"
        print(f"错误:找不到行政区划文件 {args.divisions}。{hint}", file=sys.stderr)
        return 1
    made = generate(args.out, args.divisions, args.persons, args.seed, args.day)
    print(f"已生成:{args.out}" if made else f"无需重做:{args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
