"""Short forms of what `make audit` does at length."""

import os
import random
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from haina.kernel.platform import Platform
from haina.security import evidence
from tests.app.support_http import Prepared, site_over
from tests.audit.images import attached, in_memory, new_disk, require_loop_mounts
from tests.audit.site import healthy, served
from tests.audit.test_api import fuzz
from tests.audit.test_disk import ACTS, fill, small_disk
from tests.audit.test_load import overload
from tests.audit.test_power import acknowledged, losses
from tests.audit.test_together import books, dataset
from tests.compute.lake.conftest import Lake, _declared, things
from tests.support.installation import new_platform

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("syncs", [True, False])
def test_power_cut(syncs: bool, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything acknowledged is there after a cut; without our fsync of the lake it is not, or
    this test would prove nothing."""
    require_loop_mounts()
    if not syncs:
        monkeypatch.setattr(os, "fsync", lambda _handle: None)
    found: list[str] = []
    with in_memory() as folder:
        with new_disk(folder, 128) as disk:
            platform = new_platform(disk.mount / "home", template=sqlite_template)
            thing = _declared(platform)
            disk.flush()
            cuts = []
            for number in range(3):
                _write(thing, number)
                cuts.append((folder / f"{number}.img", acknowledged(platform)))
                disk.cut(cuts[-1][0])
            platform.close()
        for image, told in cuts:
            with attached(image, folder / "after") as disk:
                platform = new_platform(disk.mount / "home")
                found += _lost(platform, told)
                platform.close()
    assert bool(found) != syncs, found


def _write(thing: Lake, number: int) -> None:
    """A version and an act, both acknowledged."""
    thing.write(things(*range(number * 1000, number * 1000 + 500)))
    with thing.platform.database.write() as connection:
        evidence.append(connection, "test", "act", f"object:{number}")


def _lost(platform: Platform, told: object) -> list[str]:
    from deltalake.exceptions import DeltaError

    try:
        return losses(platform, told)  # type: ignore[arg-type]
    except (DeltaError, OSError) as error:
        return [str(error)]


def test_full_disk(prepared: Prepared, tmp_path: Path) -> None:
    """Each write says 507 and why; nothing is half done; with room again each works."""
    with small_disk(tmp_path / "disk", 48) as disk:
        platform = prepared.copy(disk / "home")
        with site_over(platform, prepared) as site:
            web = site.web("operator")
            assert web.get("/api/services").status_code == 200
            ballast = fill(disk)
            for name, (method, path, more) in ACTS.items():
                answer = web.request(method, path, **more)
                assert (answer.status_code, answer.json()["error"]["code"]) == (507, "disk_full"), (
                    name,
                    answer.text,
                )
            assert web.get("/api/services").status_code == 200
            ballast.unlink()
            for name, (method, path, more) in ACTS.items():
                assert web.request(method, path, **more).is_success, name
        with platform.database.read() as connection:
            assert evidence.verify(connection).whole
        platform.close()


def test_books_kept_together(sqlite_template: Path, tmp_path: Path) -> None:
    """Four processes of 32 threads on one platform database: no lock reaches anybody."""
    assert sum(books(sqlite_template, tmp_path, 5, random.Random(1)).values()) > 100


def test_a_dataset_written_together(sqlite_template: Path, tmp_path: Path) -> None:
    """Append, merge, compaction and retention at once: the rows are those of the model."""
    assert dataset(sqlite_template, tmp_path, 10, random.Random(1))["追加"] > 1


def test_no_answer_is_outside_the_description(prepared: Prepared, tmp_path: Path) -> None:
    fuzz(prepared, tmp_path, "operator", 2)


def test_too_many_calls_are_told_to_come_back(prepared: Prepared, tmp_path: Path) -> None:
    assert overload(prepared, tmp_path, 5).statuses[503]


def test_open_connections_lock_nobody_out(prepared: Prepared, tmp_path: Path) -> None:
    """Each browser keeps several open that say nothing."""
    platform = prepared.copy(tmp_path / "home")
    with ExitStack() as stack:
        port = stack.enter_context(served(platform, tmp_path / "server.log"))
        for _ in range(400):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
        assert healthy(port)
    platform.close()
