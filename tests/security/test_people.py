"""Sign-in, sessions, and the three administrators."""

from datetime import timedelta
from itertools import combinations

import pytest

from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import (
    Permission,
    Role,
    add_user,
    change_password,
    change_user,
    disable_user,
    queries,
    reset_password,
    sign_in,
    sign_out,
    subject_of_token,
)
from haina.security.access.contracts import ROLE_PERMISSIONS
from haina.security.access.tables import session_table, user_table

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@pytest.fixture
def word(platform: Platform) -> str:
    """The first password of `zhang`."""
    return add_user(platform, "admin", "zhang", "张三", (Role.OFFICER,), "gongan")


def code_of(act: object, *arguments: object, **named: object) -> str:
    with pytest.raises(HainaError) as refused:
        act(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def test_a_session_names_its_person(platform: Platform, word: str) -> None:
    token, subject = sign_in(platform, "zhang", word)
    assert (subject.person, subject.roles, subject.agency) == (
        "zhang", frozenset({Role.OFFICER}), "gongan",
    )  # fmt: skip
    assert subject.must_change
    assert subject_of_token(platform, token) == subject
    assert subject_of_token(platform, token[:-1] + "!") is None
    sign_out(platform, token)
    assert subject_of_token(platform, token) is None


def test_only_a_keyed_hash_of_a_token_is_kept(platform: Platform, word: str) -> None:
    token, _ = sign_in(platform, "zhang", word)
    with platform.database.read() as connection:
        (kept,) = connection.execute(session_table.select()).scalars()
    assert kept == platform.secrets.fingerprint(token)


def test_a_session_ends_in_time(platform: Platform, word: str) -> None:
    token, _ = sign_in(platform, "zhang", word)
    with platform.database.write() as connection:
        connection.execute(session_table.update().values(expires_at=clock.now()))
    assert subject_of_token(platform, token) is None


def test_five_failures_lock_for_half_an_hour(platform: Platform, word: str) -> None:
    for _ in range(5):
        assert code_of(sign_in, platform, "zhang", "wrong") == "bad_sign_in"
    assert code_of(sign_in, platform, "zhang", word) == "account_locked"
    with platform.database.write() as connection:
        left = queries.user_row(connection, "zhang").locked_until - clock.now()  # type: ignore[union-attr]
        assert timedelta(minutes=29) < left <= timedelta(minutes=30)
        connection.execute(user_table.update().values(locked_until=clock.now()))
    sign_in(platform, "zhang", word)


def test_a_success_forgets_failures(platform: Platform, word: str) -> None:
    for _ in range(2):
        for _ in range(4):
            code_of(sign_in, platform, "zhang", "wrong")
        sign_in(platform, "zhang", word)


def test_a_reset_opens_a_locked_account(platform: Platform, word: str) -> None:
    for _ in range(5):
        code_of(sign_in, platform, "zhang", "wrong")
    sign_in(platform, "zhang", reset_password(platform, "admin", "zhang"))


def test_unknown_and_wrong_look_the_same(platform: Platform, word: str) -> None:
    said = []
    for name in ("zhang", "nobody"):
        with pytest.raises(HainaError) as refused:
            sign_in(platform, name, "wrong")
        said.append(refused.value.as_dict())
    assert said[0] == said[1]


def test_sessions_end_when_the_password_changes(platform: Platform, word: str) -> None:
    tokens = [sign_in(platform, "zhang", word)[0] for _ in range(2)]
    change_password(platform, "zhang", word, "New-Word-123")
    assert [subject_of_token(platform, token) for token in tokens] == [None, None]
    _, subject = sign_in(platform, "zhang", "New-Word-123")
    assert not subject.must_change
    assert code_of(sign_in, platform, "zhang", word) == "bad_sign_in"


def test_sessions_end_when_reset_or_disabled(platform: Platform, word: str) -> None:
    token, _ = sign_in(platform, "zhang", word)
    word = reset_password(platform, "admin", "zhang")
    assert subject_of_token(platform, token) is None
    token, _ = sign_in(platform, "zhang", word)
    disable_user(platform, "admin", "zhang")
    assert subject_of_token(platform, token) is None
    assert code_of(sign_in, platform, "zhang", word) == "bad_sign_in"
    disable_user(platform, "admin", "zhang", disabled=False)
    sign_in(platform, "zhang", word)


def test_a_password_is_changed_by_who_knows_it(platform: Platform, word: str) -> None:
    assert code_of(change_password, platform, "zhang", "wrong", "New-Word-123") == "bad_sign_in"
    assert code_of(change_password, platform, "zhang", word, "weak") == "weak_password"
    assert code_of(change_password, platform, "zhang", word, word) == "bad_input"


def test_a_change_of_rights_ends_the_sessions(platform: Platform, word: str) -> None:
    token, _ = sign_in(platform, "zhang", word)
    change_user(platform, "admin", "zhang", "张三丰", (Role.STEWARD,), "minzheng")
    assert subject_of_token(platform, token) is None
    _, subject = sign_in(platform, "zhang", word)
    assert (subject.title, subject.roles, subject.agency) == (
        "张三丰", frozenset({Role.STEWARD}), "minzheng",
    )  # fmt: skip
    assert code_of(change_user, platform, "admin", "nobody", "x", (Role.OFFICER,), None) == (
        "not_found"
    )
    assert code_of(change_user, platform, "admin", "zhang", "x", (), None) == "bad_input"


def test_the_last_security_administrator_stays(platform: Platform) -> None:
    guard = (Role.SECURITY_ADMIN,)
    for name in ("anna", "bella"):
        add_user(platform, "admin", name, "x", guard)
    disable_user(platform, "admin", "anna")
    assert code_of(disable_user, platform, "admin", "bella") == "last_administrator"
    lessen = (change_user, platform, "admin", "bella", "x", (Role.OFFICER,), None)
    assert code_of(*lessen) == "last_administrator"
    change_user(platform, "admin", "bella", "another name", guard, None)
    disable_user(platform, "admin", "anna", disabled=False)
    change_user(platform, "admin", "bella", "x", (Role.OFFICER,), None)
    disable_user(platform, "admin", "bella")  # who is none any more may go
    assert code_of(disable_user, platform, "admin", "anna") == "last_administrator"


@pytest.mark.parametrize("name", ["", "Zhang", "张三", "a", "a b", "1a", "a" * 61, "../x"])
def test_odd_names_are_refused(platform: Platform, name: str) -> None:
    assert code_of(add_user, platform, "admin", name, "x", (Role.OFFICER,)) == "bad_input"


def test_names_are_unique(platform: Platform, word: str) -> None:
    assert code_of(add_user, platform, "admin", "zhang", "x", (Role.OFFICER,)) == "user_exists"
    assert code_of(add_user, platform, "admin", "wang", "x", ()) == "bad_input"


def test_rights_of_the_three_never_overlap() -> None:
    for one, other in combinations(ADMINISTRATORS, 2):
        assert not ROLE_PERMISSIONS[one] & ROLE_PERMISSIONS[other]
    data = {
        Permission.DATA_PREVIEW, Permission.DATA_QUERY, Permission.SERVICES_CALL,
        Permission.SOURCES_STEER, Permission.RUNS_STEER,
    }  # fmt: skip
    for one in ADMINISTRATORS:
        assert not ROLE_PERMISSIONS[one] & data
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        assert Permission.USERS_STEER not in ROLE_PERMISSIONS[role]
    for role in set(Role) - {Role.AUDIT_ADMIN}:
        assert Permission.EVIDENCE_READ not in ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("administrator", ADMINISTRATORS)
@pytest.mark.parametrize("other", Role)
def test_nobody_holds_one_of_the_three_and_anything_else(
    platform: Platform, administrator: Role, other: Role
) -> None:
    if other is administrator:
        add_user(platform, "admin", "alone", "x", (administrator,))
    else:
        both = (administrator, other)
        assert code_of(add_user, platform, "admin", "both", "x", both) == "bad_input"


def test_each_act_on_people_is_in_evidence(platform: Platform, word: str) -> None:
    code_of(sign_in, platform, "zhang", "wrong")
    sign_in(platform, "zhang", word)
    change_password(platform, "zhang", word, "New-Word-123")
    reset_password(platform, "admin", "zhang")
    disable_user(platform, "admin", "zhang")
    disable_user(platform, "admin", "zhang", disabled=False)
    change_user(platform, "admin", "zhang", "张三", (Role.STEWARD,), "minzheng")
    with platform.database.read() as connection:
        found = evidence.records(connection)
        assert evidence.verify(connection).whole
    assert [record.act for record in found] == [
        "users.add", "sign_in.refused", "sign_in", "users.change_password",
        "users.reset_password", "users.disable", "users.enable", "users.change",
    ]  # fmt: skip
    assert found[-1].details["was"] == {"title": "张三", "roles": ["officer"], "agency": "gongan"}
    assert word not in str(found)
