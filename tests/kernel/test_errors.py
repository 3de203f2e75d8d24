"""Errors: one shape, unique codes, and the way through pickle and copy."""

import copy
import pickle

import pytest

from haina.kernel.errors import BAD_INPUT, HainaError, kind, kinds


def _error() -> HainaError:
    return BAD_INPUT("不对", field="a.b", hint="这样改", rows=[1, 2])


@pytest.mark.parametrize(
    "through", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_an_error_survives_a_journey(through: object) -> None:
    found = through(_error())  # type: ignore[operator]
    assert isinstance(found, HainaError)
    assert found.kind is BAD_INPUT
    assert found.as_dict() == _error().as_dict()
    assert str(found) == "不对"


def test_the_shape_of_an_error() -> None:
    assert _error().as_dict() == {
        "code": "bad_input",
        "message": "不对",
        "field": "a.b",
        "hint": "这样改",
        "details": {"rows": [1, 2]},
    }
    assert BAD_INPUT().message == BAD_INPUT.title
    assert BAD_INPUT().hint == BAD_INPUT.hint


def test_codes_are_unique() -> None:
    again = kind(BAD_INPUT.code, BAD_INPUT.status, BAD_INPUT.title, BAD_INPUT.hint)
    assert again == BAD_INPUT
    with pytest.raises(ValueError, match="bad_input"):
        kind("bad_input", 400, "别的", "别的")


def test_every_kind_speaks_to_people() -> None:
    for one in kinds():
        assert 400 <= one.status < 600
        assert one.title
        assert one.hint
        assert one.hint[-1] in "。?)", one.code
