"""What became stale runs, in order, once; what failed waits for a change."""

from haina.kernel import jobs
from haina.resources.libraries import request_stale
from tests.resources.libraries.working import Work
from tests.support.packs import PERSON_HEADER, people, write_csv


def test_nothing_is_due_before_there_are_data(work: Work) -> None:
    assert work.due() == []


def test_what_follows_goes_wave_by_wave(work: Work) -> None:
    work.load()
    waves = []
    while wave := work.due():
        waves.append(wave)
        work.do()
    assert waves == [["std.aid", "std.person"], ["base.person"], ["topic.aid"]]


def test_a_dataset_waits_for_an_input_that_has_no_data_yet(work: Work) -> None:
    work.load("hj")
    work.all()
    assert work.version("base.person") is not None
    assert work.version("topic.aid") is None
    assert work.due() == []


def test_when_all_is_done_nothing_is_due(work: Work) -> None:
    work.load()
    work.all()
    assert work.due() == []


def test_nothing_is_queued_twice(work: Work) -> None:
    work.load()
    assert request_stale(work.platform) == 2
    assert request_stale(work.platform) == 0
    assert len(work.waiting()) == 2


def test_what_is_being_written_is_not_queued_again(work: Work) -> None:
    """A load that waits holds back what would be made of its dataset."""
    work.load()
    with work.platform.database.write() as connection:
        jobs.enqueue(connection, jobs.NewJob("collect.load", "采集", subject="ods.person"))
    request_stale(work.platform)
    assert sorted(job.subject or "" for job in work.waiting()) == ["ods.person", "std.aid"]


def test_new_data_set_off_only_what_stands_on_them(work: Work) -> None:
    work.load()
    work.all()
    work.load("db")
    assert work.due() == ["std.aid"]
    work.do()
    assert work.due() == ["topic.aid"]
    assert "上游更新:std.aid" in work.waiting()[0].cause


def test_a_changed_model_is_made_anew_with_what_stands_on_it(work: Work) -> None:
    work.load()
    work.all()
    work.change("models/base/person.sql", "any_value(sex)", "min(sex)")
    assert work.due() == ["base.person"]
    assert work.waiting()[0].cause == "定义已修改"
    work.do()
    assert work.due() == ["topic.aid"]


def test_a_changed_binding_makes_std_anew_without_a_load(work: Work) -> None:
    work.load()
    work.all()
    before = work.version("ods.person")
    work.change("sources/hj.yaml", "element: sex, same_as: SFZH", "element: sex")
    assert work.due() == ["std.person"]
    assert work.version("ods.person") == before


def test_a_changed_code_set_makes_what_it_binds_anew(work: Work) -> None:
    work.load()
    work.all()
    work.change("standards/codes.yaml", 'aliases: {男: "1"', 'aliases: {男: "9"')
    assert work.due() == ["std.person"]


def test_a_changed_title_makes_nothing_anew(work: Work) -> None:
    work.load()
    work.all()
    work.change("models/base/person.sql", "title: 人口", "title: 全部人口")
    work.change("sources/hj.yaml", "title: 户籍系统", "title: 户籍管理系统")
    assert work.due() == []


BROKEN = ("SELECT id_number", "SELECT CAST(max(name) AS INTEGER) AS age, id_number")


def fail(work: Work) -> None:
    """base.person fails by its SQL."""
    work.load("hj")
    work.change("models/base/person.sql", *BROKEN)
    work.all()
    assert work.last("base.person").state == "failed"


def test_what_failed_is_not_tried_again_by_itself(work: Work) -> None:
    fail(work)
    assert work.due() == []


def test_what_failed_is_tried_again_with_a_new_recipe(work: Work) -> None:
    fail(work)
    work.change("models/base/person.sql", *reversed(BROKEN))
    assert work.due() == ["base.person"]
    assert work.do()[0].state == "done"


def test_what_failed_is_tried_again_with_new_data(work: Work) -> None:
    fail(work)
    write_csv(work.platform.settings.home / "files" / "hj.csv", PERSON_HEADER, people(21))
    work.load("hj")
    work.all()
    assert work.last("base.person").state == "failed"
    with work.platform.database.read() as connection:
        tried = jobs.list_jobs(connection, subject="base.person").jobs
    assert len(tried) == 2


def test_what_failed_is_tried_again_when_a_person_asks(work: Work) -> None:
    fail(work)
    with work.platform.database.write() as connection:
        jobs.retry(connection, work.last("base.person").id, "某人重试")
    assert work.due() == ["base.person"]


def test_what_was_cancelled_stays_so(work: Work) -> None:
    work.load("hj")
    request_stale(work.platform)
    with work.platform.database.write() as connection:
        jobs.cancel(connection, work.last("std.person").id)
    assert work.due() == []


def test_what_many_wait_for_goes_first(work: Work) -> None:
    work.load()
    request_stale(work.platform)
    work.do()
    order = sorted((work.last("std.person"), work.last("std.aid")), key=lambda j: str(j.started_at))
    assert [job.subject for job in order] == ["std.person", "std.aid"]
