"""The policy: a pure function; default is deny; what is sensitive is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.kernel.platform import Platform
from haina.security.access import (
    Mask,
    ObjectFacts,
    Permission,
    Purpose,
    Role,
    Subject,
    decide,
    known_objects,
    object_facts,
    register_object,
    retire_object,
    system_subject,
)

FACTS = ObjectFacts(
    "std.person",
    "dataset",
    "人口",
    "gongan",
    3,
    {
        "no": (1, Mask.NONE),
        "birth": (2, Mask.NONE),
        "name": (3, Mask.NAME),
        "secret": (4, Mask.NONE),
    },
)
MASKS = {"name": Mask.NAME, "secret": Mask.HIDE}

ALL, NONE = set(Purpose), set[Purpose]()
SEES: dict[Role, set[Purpose]] = {
    Role.OPERATOR: ALL,
    Role.STEWARD: ALL - {Purpose.QUERY},
    Role.OFFICER: ALL - {Purpose.QUERY},
    Role.LEADER: {Purpose.COCKPIT, Purpose.QUALITY},
    Role.SYSTEM_ADMIN: NONE,
    Role.SECURITY_ADMIN: NONE,
    Role.AUDIT_ADMIN: NONE,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("purpose", Purpose)
def test_the_table_of_roles_and_purposes(role: Role, purpose: Purpose) -> None:
    found = decide(Subject("x", frozenset({role}), "minzheng"), FACTS, purpose)
    assert found.allowed == (purpose in SEES[role])
    assert found.reason
    assert found.masks == (MASKS if found.allowed else {})


def test_a_steward_queries_what_is_of_the_own_agency() -> None:
    own = Subject("x", frozenset({Role.STEWARD}), "gongan")
    assert decide(own, FACTS, Purpose.QUERY).allowed
    officer = Subject("x", frozenset({Role.OFFICER}), "gongan")
    assert not decide(officer, FACTS, Purpose.QUERY).allowed
    nobodys = Subject("x", frozenset({Role.STEWARD}), None)
    assert not decide(nobodys, FACTS, Purpose.QUERY).allowed


def test_the_owner_of_the_installation_sees_clearly() -> None:
    found = decide(system_subject("me"), FACTS, Purpose.QUERY)
    assert found.allowed
    assert not found.masks


subjects = st.builds(
    Subject,
    person=st.just("x"),
    roles=st.frozensets(st.sampled_from(Role)),
    agency=st.sampled_from([None, "gongan", "minzheng", ""]),
)
facts = st.builds(
    ObjectFacts,
    name=st.just("std.x"),
    kind=st.just("dataset"),
    title=st.just("x"),
    owner=st.sampled_from(["gongan", "minzheng", ""]),
    grade=st.integers(1, 4),
    items=st.dictionaries(
        st.text(min_size=1, max_size=3),
        st.tuples(st.integers(1, 4), st.sampled_from(Mask)),
        max_size=5,
    ),
)


@given(subjects, facts, st.sampled_from(Purpose))
def test_who_has_no_right_sees_nothing(
    subject: Subject, facts: ObjectFacts, purpose: Purpose
) -> None:
    found = decide(subject, facts, purpose)
    needed = {
        Purpose.PREVIEW: {Permission.DATA_PREVIEW},
        Purpose.QUERY: {Permission.DATA_QUERY},
        Purpose.SERVICE: {Permission.SERVICES_CALL},
        Purpose.COCKPIT: {Permission.COCKPIT_READ},
        Purpose.QUALITY: {Permission.CATALOGUE_READ},
    }[purpose]
    own = Role.STEWARD in subject.roles and subject.agency == facts.owner
    if found.allowed:
        assert subject.permissions & needed or (purpose is Purpose.QUERY and own)
    if not subject.roles:
        assert not found.allowed


@given(subjects, facts, st.sampled_from(Purpose))
def test_what_is_graded_above_two_is_masked(
    subject: Subject, facts: ObjectFacts, purpose: Purpose
) -> None:
    found = decide(subject, facts, purpose)
    if found.allowed:
        masked = {item for item, (grade, _) in facts.items.items() if grade > 2}
        assert set(found.masks) == masked
        assert Mask.NONE not in found.masks.values()


@given(subjects, st.frozensets(st.sampled_from(Role)), facts, st.sampled_from(Purpose))
def test_more_roles_never_see_less(
    subject: Subject, more: frozenset[Role], facts: ObjectFacts, purpose: Purpose
) -> None:
    both = Subject("x", subject.roles | more, subject.agency)
    if decide(subject, facts, purpose).allowed:
        assert decide(both, facts, purpose).allowed


def test_objects_are_registered_and_retired(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        register_object(connection, FACTS)
        register_object(connection, ObjectFacts("std.a", "dataset", "甲", "x", 1))
        register_object(connection, ObjectFacts("std.a", "dataset", "乙", "y", 2))
    with any_platform.database.read() as connection:
        found = object_facts(connection, ["std.person", "std.a", "std.none"])
        assert found == {
            "std.person": FACTS,
            "std.a": ObjectFacts("std.a", "dataset", "乙", "y", 2),
        }
        assert [one.name for one in known_objects(connection, "dataset")] == ["std.a", "std.person"]
    with any_platform.database.write() as connection:
        retire_object(connection, "std.a")
    with any_platform.database.read() as connection:
        assert object_facts(connection, ["std.a"]) == {}
