"""First letters: each reading of a name is found, whatever else stands in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from haina.kernel.pinyin import initials


def test_first_letters_of_names() -> None:
    assert initials("户籍人口") == "hjrk"
    assert initials("户籍人口(2026 年)").split()[0] == "hjrkn"
    assert initials("") == initials("ABC 12") == ""


def test_each_reading_of_a_character_is_found() -> None:
    assert {"yhzh", "yxzh"} <= set(initials("银行账户").split())
    assert {"cqs", "zqs"} <= set(initials("重庆市").split())


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_text_gives_letters_in_bounded_length(text: str) -> None:
    for letters in initials(text).split():
        assert len(letters) <= len(text) * 2
    assert len(initials(text).split()) <= 7
