"""docs/how-to/first-hour.md, walked as it is written."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "first-hour.md"

MINE = """\
编号,姓名,电话,数量
A1,张三,13800000001,5
A2,李四,13800000002,8
A3,王五,13800000003,
"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def blocks(mark: str) -> list[str]:
    """The shell blocks that stand under a mark."""
    return re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


def shown_answer() -> Any:
    return json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Checkout:
    """A folder that looks like one, and its installation."""

    folder: Path
    environment: dict[str, str]
    address: str

    def sh(self, script: str) -> str:
        """Run a block of the document; what it printed."""
        haina = f"{sys.executable} -m haina"
        text = script.replace(".venv/bin/haina", haina)
        text = text.replace("http://127.0.0.1:8000", self.address)
        done = subprocess.run(
            ["sh", "-ec", text], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAINA_")}
    environment = {
        **kept,
        "HAINA_HOME": ".haina",
        "HAINA_PORT": str(port),
        "PYTHONPATH": str(ROOT / "src"),
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "no_proxy": "127.0.0.1",
    }
    made = Checkout(tmp_path, environment, f"http://127.0.0.1:{port}")
    (tmp_path / "my.csv").write_text(MINE, encoding="utf-8")
    with running(made):
        yield made


@contextmanager
def running(checkout: Checkout) -> Iterator[None]:
    """`haina up`, as `make run` leaves it."""
    log = (checkout.folder / "up.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "haina", "up"],
        cwd=checkout.folder, env=checkout.environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        await_ready(checkout, process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()


def await_ready(checkout: Checkout, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, (checkout.folder / "up.log").read_text()
        try:
            with urllib.request.urlopen(f"{checkout.address}/api/system/health", timeout=2):
                return
        except OSError:
            assert time.monotonic() < end, (checkout.folder / "up.log").read_text()
            time.sleep(0.2)


def call(checkout: Checkout, block: str, key: str) -> Any:
    """The call as the document writes it; by hand where there is no curl."""
    if shutil.which("curl"):
        checkout.environment["KEY"] = key
        return json.loads(checkout.sh(block.replace("curl ", "curl -sS --noproxy '*' ")))
    [address] = re.findall(r'"http://127\.0\.0\.1:8000([^"]*)"', block)
    request = urllib.request.Request(checkout.address + address)
    request.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_page_has_what_is_walked() -> None:
    assert len(blocks("walk")) == 4
    assert len(blocks("call")) == 1
    assert list(shown_answer()) == ["rows"]


def test_the_first_hour_leads_where_it_says(checkout: Checkout) -> None:
    said = "".join(checkout.sh(block) for block in blocks("walk"))
    assert "李四" in said  # the query of step 4
    [key] = set(re.findall(r"hk_[\w-]+", said))  # by itself, and in the call to copy
    [block] = blocks("call")
    assert call(checkout, block, key) == shown_answer()


def test_the_draft_has_the_files_that_the_page_names(checkout: Checkout) -> None:
    for block in blocks("walk")[:2]:
        checkout.sh(block)
    found = {
        str(path.relative_to(checkout.folder / "my-pack"))
        for path in (checkout.folder / "my-pack").rglob("*")
        if path.is_file()
    }
    assert found == {
        "pack.yaml", "organizations.yaml", "sources/my_pack.yaml", "services/my_pack_my.yaml",
    }  # fmt: skip
    assert all(f"`{name}`" in PAGE.read_text() for name in found)
