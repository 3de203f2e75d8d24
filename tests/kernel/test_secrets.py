"""The box of secrets: bound to its key and to the name of each."""

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.kernel.secrets import SecretBox, load_box, write_private
from haina.kernel.settings import load

BOX = SecretBox(bytes(range(32)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))  # fmt: skip
def test_what_is_sealed_can_be_opened(name: str, text: str) -> None:
    assert BOX.open(name, BOX.seal(name, text)) == text


def test_sealing_twice_does_not_look_the_same() -> None:
    assert BOX.seal("a", "x") != BOX.seal("a", "x")


def _refused(box: SecretBox, name: str, sealed: str) -> str:
    with pytest.raises(HainaError) as refused:
        box.open(name, sealed)
    assert "口令" not in refused.value.message or "secret" not in refused.value.message
    return refused.value.code


def test_a_secret_is_bound_to_its_name_and_key() -> None:
    sealed = BOX.seal("source:a:password", "x")
    assert _refused(BOX, "source:b:password", sealed) == "secret_unreadable"
    assert _refused(SecretBox(bytes(32)), "source:a:password", sealed) == "secret_unreadable"


@given(st.integers(0, 28 * 8 - 1))
def test_any_changed_bit_is_found(bit: int) -> None:
    raw = bytearray(base64.b64decode(BOX.seal("a", "")))
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    assert _refused(BOX, "a", base64.b64encode(raw).decode()) == "secret_unreadable"


@pytest.mark.parametrize("sealed", ["", "AAAA", "不是", "####"])
def test_nonsense_is_refused(sealed: str) -> None:
    assert _refused(BOX, "a", sealed) == "secret_unreadable"


def test_fingerprints_need_the_key() -> None:
    assert BOX.fingerprint("t") == BOX.fingerprint("t") != SecretBox(bytes(32)).fingerprint("t")
    assert len(BOX.fingerprint("t")) == 64


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = load_box(load(home=tmp_path, secret_key=""))
    path = tmp_path / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = first.seal("a", "x")
    assert load_box(load(home=tmp_path, secret_key="")).open("a", sealed) == "x"
    assert len(base64.b64decode(path.read_text())) == 32
    assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_of_the_environment_wins(tmp_path: Path) -> None:
    text = base64.b64encode(bytes(range(32))).decode()
    box = load_box(load(home=tmp_path, secret_key=text))
    assert box.open("a", BOX.seal("a", "x")) == "x"
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("text", ["short", "c2hvcnQ=", "不"])
def test_a_bad_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(HainaError) as refused:
        load_box(load(home=tmp_path, secret_key=text))
    assert (refused.value.code, refused.value.field) == ("bad_secret_key", "HAINA_SECRET_KEY")


def test_private_files_are_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_private(path, "一")
    write_private(path, "二")
    assert path.read_text() == "二"
    write_private(path, "三", exclusive=True)
    assert path.read_text() == "二"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["file"]
