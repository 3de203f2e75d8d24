"""The harbour: a small installation with one CSV source, served as people are served."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from haina import packs
from haina.kernel.platform import Platform
from haina.security.access import change_password, reset_password
from haina.security.access.users import first_users
from tests.support.installation import new_platform
from tests.support.packs import people, write_csv
from tests.support.processes import environment, kill_group, start, wait_until
from tests.support.running import run_all

PACK = Path(__file__).with_name("pack")
PASSWORD = "Right-horse-7-battery"
PEOPLE = 60
# Pages built elsewhere than web/dist; read before the settings of whoever runs the tests are put
# aside.
_BUILT = {name: os.environ[name] for name in ("HAINA_WEB",) if name in os.environ}
TOWNS = ("东港镇", "西港镇", "南港镇", "北港街道")


@dataclass(frozen=True)
class Site:
    """An installation that is being served. `platform` sees the same one from the test."""

    url: str
    platform: Platform
    first_password: str


def write_source(folder: Path, count: int = PEOPLE) -> None:
    """Good rows; one number whose check digit is wrong; one line with a field too many."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [[*row, TOWNS[at % len(TOWNS)]] for at, row in enumerate(people(count))]
    right = rows[2][1][-1]
    rows[2][1] = rows[2][1][:-1] + ("1" if right != "1" else "2")
    rows.append([*rows[0][:5], TOWNS[0], "多出的一列"])
    rows[-1][0] = "9001"
    write_csv(folder / "huji.csv", ("XH", "SFZH", "XM", "XB", "CSRQ", "XZ"), rows)


def make(home: Path, template: Path, *, filled: bool) -> Platform:
    """An installation with its first users; `filled`: the pack applied and run to its end."""
    platform = new_platform(home, template=template)
    first_users(platform)
    for name in ("operator", "leader", "security_admin"):
        change_password(platform, name, reset_password(platform, "test", name), PASSWORD)
    if filled:
        write_source(home / "files")
        packs.apply(platform, PACK, "test")
        done = run_all(platform)
        assert {job.state for job in done} == {"done"}, [job.error for job in done]
    return platform


def chromium() -> str | None:
    """Where the browser of this machine is; none: it has none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@contextmanager
def browser_open() -> Iterator[Browser]:
    """The browser of this machine, without a window, until the block ends."""
    found = chromium()
    if found is None:
        raise SystemExit("这台机器上没有 Chromium:scripts/machine 会装")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def sign_in(page: Page, url: str, name: str = "operator", password: str = PASSWORD) -> None:
    """The session of `name` in the cookies of this page's context."""
    data = {"name": name, "password": password}
    answer = page.request.post(f"{url}/api/session", data=data)
    assert answer.ok, answer.text()


@contextmanager
def served(home: Path, platform: Platform) -> Iterator[Site]:
    port = _free_port()
    first = reset_password(platform, "test", "officer")
    log = home / "server.log"
    process = start("haina.app.server", {**environment(home, port=port), **_BUILT}, log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(url), 30, "the server")
        yield Site(url, platform, first)
    finally:
        kill_group(process)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/api/system/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
