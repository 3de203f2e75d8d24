"""The tiny pack from its files to its data service, on both platform databases."""

from pathlib import Path

from haina import packs
from haina.kernel.platform import Platform
from tests.conftest import MakePack
from tests.support.running import everything, run_all


def test_everything_runs_to_its_end(
    any_platform: Platform, tiny_pack: MakePack, tmp_path: Path
) -> None:
    folder = tiny_pack(tmp_path / "pack", any_platform.settings.home / "files")
    packs.apply(any_platform, folder, "test")
    done = run_all(any_platform)
    assert {job.state for job in done} == {"done"}, [job.error for job in done]
    found = everything(any_platform)
    assert {name: len(rows) for name, rows in found.items()} == {
        "ods.person": 20,
        "std.person": 20,
        "ods.aid": 10,
        "std.aid": 10,
        "base.person": 20,
        "topic.aid": 10,
    }
