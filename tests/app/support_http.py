"""A prepared installation (made once a run, copied where a test changes it) and clients of it."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from haina import packs
from haina.app.http import create_app
from haina.compute import Engine
from haina.kernel.platform import Platform
from haina.security.access import Role, add_user, change_password, sign_in
from haina.security.access.guard import COOKIE
from haina.services.gateway import add_key
from tests.services.pack import write_rich_pack
from tests.support.installation import new_platform
from tests.support.running import engine_of, run_all

PEOPLE = 60
PASSWORD = "Right-horse-7-battery"


@dataclass(frozen=True)
class Prepared:
    """`tokens`: role → session; `new_token`: one who has yet to change the password.
    `keys`: of an application that may call everything, and of one that may call only `person`."""

    home: str
    pack: str
    tokens: dict[str, str]
    new_token: str
    key: str
    narrow_key: str

    def copy(self, home: Path) -> Platform:
        """An installation of the test's own, in the same state."""
        shutil.copytree(self.home, home)
        return new_platform(home)


def prepare(factory: pytest.TempPathFactory, template: Path) -> Prepared:
    """The rich pack, run to its end; people and keys made. Once a run."""
    base = factory.getbasetemp() / "prepared"
    note = base / "prepared.json"
    if not note.exists():
        base.mkdir()
        note.write_text(json.dumps(asdict(_made(base, template))))
    return Prepared(**json.loads(note.read_text()))


def _made(base: Path, template: Path) -> Prepared:
    platform = new_platform(base / "home", template=template)
    folder = write_rich_pack(base / "pack", platform.settings.home / "files", PEOPLE)
    packs.apply(platform, folder, "test")
    done = run_all(platform)
    assert {job.state for job in done} == {"done"}, [job.error for job in done]
    tokens = {role.value: _signed_in(platform, role) for role in Role}
    first = add_user(platform, "test", "newcomer", "新人", (Role.OPERATOR,))
    new_token, _ = sign_in(platform, "newcomer", first)
    services = ["person", "person_card", "people", "person_match"]
    services += ["grants", "grant_bounds", "grant_probe", "rare"]
    _, key = add_key(platform, "test", "全部", services)
    _, narrow = add_key(platform, "test", "只查人口", ["person"])
    platform.database.checkpoint()
    platform.close()
    return Prepared(str(base / "home"), str(base / "pack"), tokens, new_token, key, narrow)


def _signed_in(platform: Platform, role: Role) -> str:
    name = f"a_{role.value}"
    first = add_user(platform, "test", name, role.label, (role,), _agency(role))
    change_password(platform, name, first, PASSWORD)
    token, _ = sign_in(platform, name, PASSWORD)
    return token


def _agency(role: Role) -> str | None:
    return "gongan" if role is Role.STEWARD else None


class Web:
    """A browser without a window: keeps its cookie, asks one thing after the other."""

    def __init__(self, app: Any, runner: "asyncio.Runner", cookies: dict[str, str]) -> None:
        self._runner = runner
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://testserver",
            cookies=cookies,
            trust_env=False,
        )

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


@dataclass(frozen=True)
class Site:
    """An application over an installation, with a browser for whoever asks."""

    platform: Platform
    engine: Engine
    app: Any
    prepared: Prepared
    runner: "asyncio.Runner"

    def web(self, who: str | None = None) -> Web:
        """Signed in as a role, as `newcomer`, or (None) not at all."""
        cookies = {}
        if who is not None:
            token = self.prepared.new_token if who == "newcomer" else self.prepared.tokens[who]
            cookies[COOKIE] = token
        return Web(self.app, self.runner, cookies)


@contextmanager
def site_over(platform: Platform, prepared: Prepared, web: Path | None = None) -> Iterator[Site]:
    with engine_of(platform) as engine, asyncio.Runner() as runner:
        yield Site(platform, engine, create_app(platform, engine, web), prepared, runner)
