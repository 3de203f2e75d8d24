"""Plan, apply, export: twice is once; what is gone is retired; nothing is overwritten unasked."""

from typing import Any

import pytest

from haina import packs
from haina.compute import lake
from haina.kernel.errors import HainaError
from haina.kernel.jobs import schedules
from haina.packs import queries
from haina.resources import collect
from haina.security import evidence
from tests.packs.conftest import Folder
from tests.support.packs import FILES

OBJECTS = {
    "organization:tiny", "organization:gongan", "organization:minzheng", "code_set:sex",
    "element:id_number", "element:person_name", "element:sex", "element:birth_date",
    "source:hj", "source:db", "model:base.person", "model:topic.aid", "service:person",
}  # fmt: skip

_seen: list[Any] = []


def test_applying_makes_what_the_folder_says(any_folder: Folder) -> None:
    made = any_folder.plan()
    assert {one.name: one.action for one in made.changes} == dict.fromkeys(OBJECTS, "create")
    assert any_folder.definitions() == {}  # a plan changes nothing
    assert any_folder.apply() == dict.fromkeys(OBJECTS, "create")
    with any_folder.platform.database.read() as connection:
        assert [one.name for one in lake.datasets(connection)] == [
            "base.person", "ods.aid", "ods.person", "std.aid", "std.person", "topic.aid",
        ]  # fmt: skip
        assert [row["name"] for row in schedules(connection)] == ["source:hj"]
        person = lake.find_dataset(connection, "base.person")
        record = evidence.records(connection)[-1]
    item = person.item("id_number")
    assert item is not None
    assert (item.title, item.grade, item.mask) == ("身份证号", 3, "id_number")
    assert (record.act, record.object) == ("pack.apply", "pack:tiny")
    # The same definitions on both databases: each is compared with the first.
    _seen.append(any_folder.definitions())
    assert _seen[0] == _seen[-1]


def test_twice_is_once(any_folder: Folder) -> None:
    any_folder.apply()
    before = any_folder.definitions()
    with any_folder.platform.database.read() as connection:
        records = evidence.verify(connection).records
    assert any_folder.plan().quiet
    assert any_folder.apply() == {}
    assert any_folder.definitions() == before
    with any_folder.platform.database.read() as connection:
        assert evidence.verify(connection).records == records


def test_what_is_gone_is_retired(any_folder: Folder) -> None:
    any_folder.apply()
    (any_folder.path / "models/topic/aid.sql").unlink()
    (any_folder.path / "sources/db.yaml").unlink()
    assert any_folder.apply() == {"model:topic.aid": "retire", "source:db": "retire"}
    with any_folder.platform.database.read() as connection:
        names = {one.name for one in lake.datasets(connection)}
        assert names == {"ods.person", "std.person", "base.person"}
        assert [one.name for one in collect.list_sources(connection)] == ["hj"]
        # Retired, never dropped.
        assert lake.find_dataset(connection, "topic.aid").title == "低保与人口"
    any_folder.back("models/topic/aid.sql")
    any_folder.back("sources/db.yaml")
    assert any_folder.apply() == {"model:topic.aid": "create", "source:db": "create"}
    with any_folder.platform.database.read() as connection:
        assert len(lake.datasets(connection)) == 6


def test_changes_of_both_sides_are_kept(any_folder: Folder) -> None:
    any_folder.apply()
    any_folder.on_screen("service:person", title="查人")
    any_folder.put("services/person.yaml", "[name, sex]", "[sex]")
    assert any_folder.apply() == {"service:person": "change"}
    said = any_folder.definitions()["service:person"][3]
    assert (said["title"], said["returns"]) == ("查人", ["sex"])
    assert any_folder.plan().quiet


@pytest.mark.parametrize(("take", "title"), [("folder", "甲"), ("screen", "乙")])
def test_a_conflict_is_refused_unless_a_side_is_taken(
    any_folder: Folder, take: str, title: str
) -> None:
    any_folder.apply()
    any_folder.on_screen("service:person", title="乙")
    any_folder.put("services/person.yaml", "人口查询", "甲")
    refused = any_folder.refusal()
    assert (refused.code, refused.field) == ("pack_conflict", "service:person")
    assert refused.details["conflicts"] == [
        {
            "object": "service:person",
            "path": "title",
            "applied": "人口查询",
            "screen": "乙",
            "folder": "甲",
        }
    ]
    any_folder.apply(take)
    assert any_folder.definitions()["service:person"][3]["title"] == title
    assert any_folder.plan().quiet


def test_an_object_has_one_owner(folder: Folder) -> None:
    folder.apply()
    folder.put("pack.yaml", "tiny", "other")
    refused = folder.refusal()
    assert refused.code == "owned_by_other_pack"
    assert "tiny" in refused.message


def test_a_second_pack_may_build_on_the_first(folder: Folder, tmp_path: Any) -> None:
    folder.apply()
    second = Folder(tmp_path / "second", folder.platform)
    second.put("pack.yaml", None, "name: second\ntitle: 二\n")
    second.put(
        "models/topic/men.sql",
        None,
        "/*\ntitle: 男\nowner: gongan\n*/\nSELECT id_number FROM base.person WHERE sex = '1'\n",
    )
    assert second.apply() == {"model:topic.men": "create"}
    assert folder.plan().quiet
    with folder.platform.database.read() as connection:
        assert [row.name for row in queries.packs(connection)] == ["second", "tiny"]


REFUSALS: dict[str, tuple[str, str | None, str, tuple[str, ...]]] = {
    "unknown input": (
        "models/topic/aid.sql", "std.aid AS a", "std.aids AS a", ("models/topic/aid.sql", "std.aids"),
    ),
    "unknown column": (
        "models/topic/aid.sql", "p.name", "p.nome", ("models/topic/aid.sql", "nome"),
    ),
    "cycle": (
        "models/base/person.sql", "FROM std.person", "FROM std.person JOIN topic.aid USING (id_number)",
        ("环", "base.person", "topic.aid"),
    ),
    "not sql": ("models/topic/aid.sql", "SELECT a.id", "SELEC a.id", ("models/topic/aid.sql", "第 6 行")),
    "two statements": (
        "models/topic/aid.sql", "GROUP BY a.id_number", "GROUP BY 1; DROP TABLE x", ("models/topic/aid.sql",),
    ),
    "reads a file": ("models/topic/aid.sql", "std.aid AS a", "'/etc/passwd' AS a", ("models/topic/aid.sql",)),
    "no front matter": ("models/topic/aid.sql", None, "SELECT 1", ("models/topic/aid.sql", "/*")),
    "key not in sql": ("models/topic/aid.sql", "[id_number]", "[nothing]", ("models/topic/aid.sql", "nothing")),
    "unknown owner": ("models/topic/aid.sql", "minzheng", "nobody", ("models/topic/aid.sql", "nobody")),
    "wrong type": ("services/person.yaml", "[id_number]", "{a: 1}", ("services/person.yaml", "by")),
    "unknown field": ("pack.yaml", "title", "titel: x\ntitle", ("pack.yaml", "titel", "不认识")),
    "missing field": ("sources/hj.yaml", "agency: gongan\n", "", ("sources/hj.yaml", "agency", "缺少")),
    "unknown agency": ("sources/hj.yaml", "gongan", "nobody", ("sources/hj.yaml", "nobody")),
    "unknown kind": ("sources/hj.yaml", "kind: csv", "kind: mongodb", ("sources/hj.yaml", "mongodb")),
    "unknown element": ("sources/hj.yaml", "element: sex", "element: gender", ("sources/hj.yaml", "gender")),
    "bad schedule": ("sources/hj.yaml", '"30 2 * * *"', '"30 25 * * *"', ("sources/hj.yaml", "30 25")),
    "key not a column": ("sources/hj.yaml", "key: [XH]", "key: [YH]", ("sources/hj.yaml", "YH")),
    "unknown code set": (
        "standards/elements.yaml", "code_set: sex", "code_set: seks", ("standards/elements.yaml", "seks"),
    ),
    "service of nothing": ("services/person.yaml", "base.person", "base.people", ("services/person.yaml", "base.people")),
    "service of no item": ("services/person.yaml", "[name, sex]", "[age]", ("services/person.yaml", "age")),
    "not yaml": ("services/person.yaml", "title:", "title: [", ("services/person.yaml", "第 ")),
    "declared twice": ("services/again.yaml", None, FILES["services/person.yaml"], ("services/", "两次")),
    "unknown folder": ("modles/x.sql", None, "", ("modles",)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_mistake_is_refused_where_it_stands(folder: Folder, name: str) -> None:
    file, old, new, words = REFUSALS[name]
    folder.put(file, old, new)
    refused = folder.refusal()
    assert refused.code == "bad_pack", refused.message
    for word in words:
        assert word in refused.message, refused.message
    assert folder.definitions() == {}
    with folder.platform.database.read() as connection:
        assert lake.datasets(connection) == []


def test_a_line_of_the_sql_is_a_line_of_the_file(folder: Folder) -> None:
    folder.put("models/topic/aid.sql", "JOIN base.person", "JOIN\n  base.peple")
    refused = folder.refusal()
    assert "第 8 行" in refused.message or "第 7 行" in refused.message, refused.message


def test_a_folder_that_is_no_pack(folder: Folder) -> None:
    (folder.path / "pack.yaml").unlink()
    assert "pack.yaml" in folder.refusal().message


def test_yaml_means_what_its_readers_expect(folder: Folder) -> None:
    folder.put(
        "standards/codes.yaml",
        None,
        '- name: sex\n  title: no\n  codes: {no: on, "01": 12:30, yes: 2026-01-01}\n',
    )
    folder.put("sources/hj.yaml", "    key: [XH]", "    key: [XH]\n    due: 12:30")
    folder.apply()
    found = folder.definitions()
    assert found["code_set:sex"][3] == {
        "name": "sex",
        "title": "no",
        "codes": {"no": "on", "01": "12:30", "yes": "2026-01-01"},
    }
    assert found["source:hj"][3]["tables"][0]["due"] == "12:30"


def test_export_writes_back_what_changed_on_screen(any_folder: Folder) -> None:
    any_folder.apply()
    assert packs.export(any_folder.platform, any_folder.path) == []
    any_folder.on_screen("service:person", title="no", summary="12:30")
    any_folder.on_screen("organization:gongan", title="公安分局")
    any_folder.on_screen("model:topic.aid", title="救助")
    assert packs.export(any_folder.platform, any_folder.path) == [
        "models/topic/aid.sql", "organizations.yaml", "services/person.yaml",
    ]  # fmt: skip
    again = packs.read_pack(any_folder.path)
    assert (again.services[0].title, again.services[0].summary) == ("no", "12:30")
    assert [one.title for one in again.organizations] == ["小县", "公安分局", "民政局"]
    assert "SELECT a.id_number" in (any_folder.path / "models/topic/aid.sql").read_text()
    assert packs.export(any_folder.platform, any_folder.path) == []
    any_folder.apply()
    assert any_folder.plan().quiet
    assert packs.export(any_folder.platform, any_folder.path) == []


def test_what_was_never_applied_cannot_be_exported(folder: Folder) -> None:
    with pytest.raises(HainaError) as refused:
        packs.export(folder.platform, folder.path)
    assert refused.value.code == "not_found"


def test_a_misspelt_key_is_told_with_its_line_and_what_was_meant(folder: Folder) -> None:
    """And whatever else is wrong in the same declaration."""
    folder.put("sources/hj.yaml", "schedule:", "shedule:")
    folder.put("sources/hj.yaml", "key: [XH]", "keys: [XH]")
    refused = folder.refusal()
    text = (folder.path / "sources/hj.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, one in enumerate(text, 1) if "shedule" in one)
    assert f"第 {line} 行:shedule 不认识的字段(是不是 schedule?)" in refused.message
    told = refused.as_dict()["details"]["all"]
    assert any("keys 不认识的字段(是不是 key?)" in one for one in told), told
    assert any("key 不能缺少" in one for one in told), told
