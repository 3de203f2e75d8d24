"""Serving copies: made anew with the data, the declaration and the masks; swapped whole."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from haina import packs
from haina.kernel.jobs import NewJob, enqueue
from haina.kernel.platform import Platform
from haina.services.gateway import build_copy, queries, request_copies, serving
from haina.services.gateway.tables import copy_table
from tests.app.support_http import Prepared, Site
from tests.services.calling import Client
from tests.support.packs import PERSON_HEADER, id_number, people, write_csv
from tests.support.running import run_all


@pytest.fixture
def folder(prepared: Prepared, tmp_path: Path) -> Path:
    """A copy of the pack to be changed."""
    import shutil

    return Path(shutil.copytree(prepared.pack, tmp_path / "changed"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def apply(site: Site, folder: Path) -> None:
    packs.apply(site.platform, folder, "test")


def copies(platform: Platform) -> dict[str, Any]:
    with platform.database.read() as connection:
        return {row.service: row for row in connection.execute(sa.select(copy_table))}


def looked_again(client: Client) -> None:
    """Pass the second after which the server looks for newer copies."""
    client.services._looked = time.monotonic() - 2


def test_only_point_reads_have_copies(site: Site) -> None:
    assert set(copies(site.platform)) == {"person", "person_card", "person_match", "rare"}


def test_the_register_names_files_that_are_there(site: Site) -> None:
    place = serving.folder_of(site.platform)
    assert {row.file for row in copies(site.platform).values()} == {
        one.name for one in place.iterdir()
    }
    assert place.stat().st_mode & 0o077 == 0


def test_copies_hold_no_unmasked_sensitive_items(site: Site) -> None:
    row = copies(site.platform)["person_card"]
    with sqlite3.connect(serving.folder_of(site.platform) / row.file) as file:
        answers = " ".join(text for (text,) in file.execute("SELECT v FROM answer"))
    file.close()
    assert id_number(12) not in answers
    assert "张12" not in answers


def test_nothing_is_made_anew_while_nothing_changed(own_site: Site) -> None:
    assert request_copies(own_site.platform) == 0


def test_a_copy_that_another_job_made_is_not_made_again(own_site: Site) -> None:
    folder = serving.folder_of(own_site.platform)
    before = {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}
    job = NewJob(serving.SERVE, "again", {"service": "person_match"}, cause="test")
    with own_site.platform.database.write() as connection:
        assert enqueue(connection, job) is not None
    rows = copies(own_site.platform)["person_match"].rows
    assert run_all(own_site.platform, load=False)[-1].result == {"rows": rows, "version": 1}
    assert before == {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}


def test_new_data_are_answered_from_a_new_copy(own_site: Site, own_client: Client) -> None:
    files = own_site.platform.settings.home / "files"
    rows = [[*row[:2], "王五", *row[3:]] for row in people(60)]
    write_csv(files / "hj.csv", PERSON_HEADER, rows)
    before = copies(own_site.platform)["person_match"]
    run_all(own_site.platform)
    after = copies(own_site.platform)["person_match"]
    assert after.version > before.version
    looked_again(own_client)
    asked = {"id_number": id_number(3), "sex": "1"}
    assert own_client.get("person_match", name="王五", **asked).body == {"agrees": True}
    assert own_client.get("person_match", name="张3", **asked).body == {"agrees": False}


def test_older_files_are_removed(own_site: Site) -> None:
    write_csv(own_site.platform.settings.home / "files" / "hj.csv", PERSON_HEADER, people(59))
    run_all(own_site.platform)
    test_the_register_names_files_that_are_there(own_site)


def test_another_declaration_makes_another_copy(
    own_site: Site, own_client: Client, folder: Path
) -> None:
    change(folder / "services/person.yaml", "[name, sex]", "[sex]")
    apply(own_site, folder)
    run_all(own_site.platform, load=False)
    looked_again(own_client)
    assert own_client.get("person", id_number=id_number(1)).rows == [{"sex": "1"}]


def test_a_stricter_grade_masks_what_was_shown(
    own_site: Site, own_client: Client, folder: Path
) -> None:
    assert own_client.get("person", id_number=id_number(1)).rows[0]["sex"] == "1"
    change(folder / "standards/elements.yaml", "code_set: sex}", "code_set: sex, grade: 3}")
    apply(own_site, folder)
    run_all(own_site.platform, load=False)
    looked_again(own_client)
    assert own_client.get("person", id_number=id_number(1)).rows[0]["sex"] == "***"


def test_until_the_new_copy_is_whole_the_old_one_answers(
    own_site: Site, own_client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("killed just before the swap")

    change(folder / "services/person.yaml", "[name, sex]", "[sex]")
    apply(own_site, folder)
    monkeypatch.setattr(queries, "put_copy", fails)
    # The job is put off to be tried again; what matters here is that it did not swap.
    monkeypatch.setattr("haina.kernel.jobs.contracts.NewJob.max_attempts", 1)
    own_client.get("person", id_number=id_number(1))
    request_copies(own_site.platform)
    _run_once(own_site)
    looked_again(own_client)
    assert own_client.get("person", id_number=id_number(1)).rows == [{"name": "张*", "sex": "1"}]


def _run_once(site: Site) -> None:
    from haina.app.bootstrap import job_kinds
    from haina.kernel.jobs import Runner

    assert Runner(site.platform, job_kinds(site.engine), slots=1).run_next()


def test_a_service_without_its_copy_says_so(
    own_site: Site, own_client: Client, folder: Path
) -> None:
    text = (folder / "services/person.yaml").read_text().replace("name: person\n", "name: young\n")
    (folder / "services/young.yaml").write_text(text)
    apply(own_site, folder)
    from haina.services.gateway import add_key

    _, own_client.key = add_key(own_site.platform, "test", "新", ["young"])
    answer = own_client.get("young", id_number=id_number(1))
    assert (answer.status, answer.code) == (503, "service_not_ready")
    assert answer.headers["retry-after"]


def test_a_retired_service_is_gone(own_site: Site, own_client: Client, folder: Path) -> None:
    (folder / "services/person.yaml").unlink()
    apply(own_site, folder)
    assert own_client.get("person", id_number=id_number(1)).status == 404


def test_a_copy_is_queued_once(own_site: Site, folder: Path) -> None:
    change(folder / "services/person.yaml", "[name, sex]", "[sex]")
    apply(own_site, folder)
    assert request_copies(own_site.platform) == 1
    assert request_copies(own_site.platform) == 0


def test_a_copy_waits_until_its_items_are_there(own_site: Site, folder: Path) -> None:
    """An item was renamed: the old data lack it, and a copy of them could only fail."""
    before = copies(own_site.platform)["person_card"]
    change(folder / "sources/hj.yaml", "XH: {item: no,", "XH: {item: number,")
    change(folder / "services/more.yaml", "[no, ", "[number, ")
    change(folder / "services/more.yaml", "sex, no, id_number]", "sex, number, id_number]")
    apply(own_site, folder)
    assert request_copies(own_site.platform, {"std.person"}) == 0
    done = run_all(own_site.platform)
    assert {job.state for job in done} == {"done"}, [job.error for job in done]
    after = copies(own_site.platform)["person_card"]
    assert after.version > before.version


def test_the_builder_is_the_job_of_its_kind() -> None:
    from haina.app.bootstrap import job_kinds

    kinds = {one.name: one.handler for one in job_kinds(None)}  # type: ignore[arg-type]
    assert kinds["gateway.serve"].func is build_copy  # type: ignore[attr-defined]
