"""Passwords: generated, judged, hashed; first ones in a private file that shrinks."""

import stat

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security.access import Role, change_password, first_users, list_users, passwords
from haina.security.access.users import first_sign_in_path


@pytest.mark.parametrize(
    "word",
    ["", "Ab1-", "abcdefgh", "abcdefg1", "ABCDEFG1", "zhangsan-1A", "x1A" * 100, "12345678-"],
)
def test_weak_passwords_are_refused(word: str) -> None:
    with pytest.raises(HainaError) as refused:
        passwords.judge("zhangsan", word)
    assert (refused.value.code, refused.value.field) == ("weak_password", "password")


@pytest.mark.parametrize("word", ["Abcdefg1", "abcdefg-1", "汉字口令Aa1-x", "Passw0rd"])
def test_fair_passwords_pass(word: str) -> None:
    passwords.judge("zhangsan", word)


def test_generated_ones_are_strong_and_differ() -> None:
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    for word in made:
        passwords.judge("operator", word)


def test_hashes_are_salted_and_slow_enough() -> None:
    first, second = passwords.hash_password("Abcdefg1"), passwords.hash_password("Abcdefg1")
    assert first != second
    assert first.startswith("$argon2id$")
    assert passwords.matches(first, "Abcdefg1")
    assert not passwords.matches(first, "abcdefg1")
    assert not passwords.matches(None, "Abcdefg1")
    assert not passwords.matches("not a hash", "Abcdefg1")


def test_first_users_are_one_a_role(platform: Platform) -> None:
    made = first_users(platform)
    assert set(made) == {role.value for role in Role}
    path = first_sign_in_path(platform)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dict(line.split("\t") for line in path.read_text().splitlines()) == made
    with platform.database.read() as connection:
        assert all(user.must_change for user in list_users(connection))
    assert first_users(platform) == {}


def test_the_file_of_first_passwords_shrinks(platform: Platform) -> None:
    made = first_users(platform)
    path = first_sign_in_path(platform)
    for left, (name, word) in zip(range(len(made) - 1, -1, -1), made.items(), strict=True):
        change_password(platform, name, word, "New-Word-123")
        assert path.exists() == bool(left)
        if left:
            assert name not in {line.split("\t")[0] for line in path.read_text().splitlines()}
            assert len(path.read_text().splitlines()) == left
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
