"""Everything that an installation needs without any network, in one archive: `make bundle`.

    python -m scripts.bundle [--no-wheels] [OUT]

The archive holds the platform, the built pages, the wheels of requirements.lock for this machine's
kind and Python, the register of divisions that the demonstration stands on, every licence, an SBOM
(CycloneDX 1.6), checksums, and `install`, which uses nothing else.
"""

import argparse
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Any

import haina

ROOT = Path(__file__).parents[1]
TAKEN = ("src", "packs", "simulation", "scripts", "docs", "README.md", "LICENSE", "pyproject.toml",
         "requirements.lock")  # fmt: skip
_LEGAL = re.compile(r"(^|/)(licen[cs]es?|notice|copying|authors)[^/]*$", re.I)
_PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.I | re.M)
_SUMS = "SHA256SUMS"


class BundleError(Exception):
    """Why no bundle can be made, in words for the reader."""


def bundle(out: Path, *, wheels: bool = True) -> Path:
    """The archive, made in `out`. `wheels`: without them it is of use to tests alone."""
    name = f"haina-{haina.__version__}-{sys.platform}-{platform.machine()}-py{_python()}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        root = Path(folder) / name
        lay_out(root, wheels=wheels)
        draft = Path(folder) / f"{name}.tar.gz"
        with tarfile.open(draft, "w:gz", compresslevel=3) as archive:
            archive.add(root, name)
        return draft.replace(out / draft.name)


def lay_out(root: Path, *, wheels: bool) -> None:
    """The content of the archive as a folder."""
    root.mkdir()
    _platform(root)
    _pages(root)
    if wheels:
        _wheels(root / "wheels")
        _divisions(root / ".county" / "divisions")
    parts = [*_python_parts(root), *_page_parts(root)]
    (root / "sbom.json").write_text(json.dumps(sbom(parts), ensure_ascii=False, indent=1) + "\n")
    shutil.copy(ROOT / "scripts" / "install_bundle", root / "install")
    (root / "MADE").write_text(f"python={_python()}\nmachine={platform.machine()}\n")
    files = sorted(one for one in root.rglob("*") if one.is_file())
    lines = [f"{_digest(one)}  {one.relative_to(root)}\n" for one in files]
    (root / _SUMS).write_text("".join(lines), encoding="utf-8")


def _platform(root: Path) -> None:
    listed = _run("git", "ls-files", "-z", "--", *TAKEN)
    for name in filter(None, listed.split("\0")):
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


def _pages(root: Path) -> None:
    built = ROOT / "web" / "dist"
    if not (built / "index.html").is_file():
        raise BundleError("页面还没有构建:先运行 make web/dist/index.html")
    shutil.copytree(built, root / "web" / "dist")


def _wheels(folder: Path) -> None:
    """Checked against the hashes of the lock as they come."""
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    chosen = ("--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements.lock"))
    _run(*pip, "download", *chosen, "-d", str(folder))


def _divisions(folder: Path) -> None:
    _run(sys.executable, "-m", "simulation.divisions", "--out", str(folder))


def _python_parts(root: Path) -> Iterator[dict[str, Any]]:
    """Each package of the lock that is installed here, with its licence texts laid out."""
    from importlib.metadata import PackageNotFoundError, distribution

    digests = {_wheel_name(one): _digest(one) for one in (root / "wheels").glob("*.whl")}
    for name, version in _PINNED.findall((ROOT / "requirements.lock").read_text("utf-8")):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform
        texts = {str(one): found.locate_file(one) for one in found.files or ()}
        legal = {one: Path(str(path)) for one, path in texts.items() if _LEGAL.search(one)}
        _keep_legal(root / "licences" / "python" / name, legal)
        meta = message_from_string(str(found.read_text("METADATA") or ""))
        digest = digests.get(name.lower().replace("-", "_").replace(".", "_"))
        yield _part(f"pkg:pypi/{name.lower()}@{version}", name, version, _licence(meta), digest)


def _licence(meta: Any) -> str:
    classes = [one.rsplit(" :: ", 1)[-1] for one in meta.get_all("Classifier") or ()
               if one.startswith("License ::")]  # fmt: skip
    told = meta.get("License-Expression") or meta.get("License") or ""
    return (told.splitlines() or [""])[0][:80] or ", ".join(classes)


def _page_parts(root: Path) -> Iterator[dict[str, Any]]:
    """What the pages are built of."""
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    for place, one in lock["packages"].items():
        folder = ROOT / "web" / place
        if not place or one.get("dev") or not folder.is_dir():
            continue
        name = place.rpartition("node_modules/")[2]
        legal = {path.name: path for path in folder.iterdir() if _LEGAL.search(path.name)}
        _keep_legal(root / "licences" / "npm" / name, legal)
        version = one["version"]
        yield _part(f"pkg:npm/{name}@{version}", name, version, str(one.get("license", "")), None)


def _keep_legal(folder: Path, texts: dict[str, Path]) -> None:
    for name, path in texts.items():
        if path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name.replace("/", "_"))


def _part(url: str, name: str, version: str, licence: str, sha256: str | None) -> dict[str, Any]:
    part: dict[str, Any] = {
        "type": "library", "bom-ref": url, "name": name, "version": version, "purl": url,
        "licenses": [{"license": {"name": licence or "unknown"}}],
    }  # fmt: skip
    if sha256:
        part["hashes"] = [{"alg": "SHA-256", "content": sha256}]
    return part


def sbom(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts as a CycloneDX 1.6 document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "haina", "version": haina.__version__}
        },
        "components": sorted(parts, key=lambda one: str(one["bom-ref"])),
    }


def _wheel_name(path: Path) -> str:
    with zipfile.ZipFile(path):  # a wheel that is no archive is no wheel
        return path.name.split("-", 1)[0].lower()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if done.returncode != 0:
        raise BundleError(f"{' '.join(command[:4])} 没有成功:{done.stderr.strip()[-500:]}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description="不需要任何网络的安装包")
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "dist")
    parser.add_argument("--no-wheels", action="store_true", help="不带依赖(只供测试)")
    given = parser.parse_args()
    try:
        made = bundle(given.out, wheels=not given.no_wheels)
    except BundleError as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write(f"{made}({made.stat().st_size / 2**20:.0f} MB)\n")


if __name__ == "__main__":
    main()
