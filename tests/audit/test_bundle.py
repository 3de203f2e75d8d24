"""The bundle, made, carried to a place without a network, installed and run there."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scripts import bundle
from tests.audit.conftest import Tell
from tests.audit.test_api import ALONE
from tests.support.processes import ROOT

_THERE = """
set -euo pipefail
cd "$1"
[ "$(tail -n +3 /proc/net/dev | wc -l)" = 1 ] || { echo "there is a network" >&2; exit 1; }
./install
./haina version --json
.venv/bin/python -m simulation --out .county/sources --divisions .county/divisions/data.sqlite \
  --persons 1000 --seed 20260801 >/dev/null
LIVE=0 scripts/demonstration .county -- ./haina up --run --exit --summary summary.json
HAINA_PORT=8123 ./haina up & up=$!
trap 'kill $up' EXIT
for _ in $(seq 120); do
  if .venv/bin/python -c 'from urllib.request import urlopen as u
assert b"<title>" in u("http://127.0.0.1:8123/").read()
assert u("http://127.0.0.1:8123/api/system/health").status == 200' 2>/dev/null; then
    echo SERVED; exit 0
  fi
  sleep 0.5
done
exit 1
"""


@pytest.mark.audit
@pytest.mark.timeout(1800)
def test_bundle(tmp_path: Path, record_property: Tell) -> None:
    """安装包在没有网络的命名空间里装好、跑完千人的示范县、打开页面。"""
    made = bundle.bundle(tmp_path)
    record_property("MB", made.stat().st_size // 2**20)
    with tarfile.open(made) as archive:
        archive.extractall(tmp_path, filter="data")
    root = tmp_path / made.name.removesuffix(".tar.gz")
    done = subprocess.run(
        [*ALONE, "bash", "-c", _THERE, "there", str(root)],
        cwd=ROOT,
        env={"PATH": f"{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/bin:/bin",
             "HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-3_000:]
    assert done.stdout.strip().endswith("SERVED")
