"""The laws of the three-way merge."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from haina.packs.merge import merge

keys = st.sampled_from("abc")
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.lists(st.integers(0, 1), max_size=2)
)
values = st.recursive(leaves, lambda inner: st.dictionaries(keys, inner, max_size=3), max_leaves=6)
declarations = st.dictionaries(keys, values, max_size=3)


@given(declarations)
def test_nothing_changed_is_the_same(said: dict[str, Any]) -> None:
    assert merge(said, said, said) == (said, [])


@given(declarations, declarations)
def test_a_change_of_one_side_is_kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert merge(before, before, after) == (after, [])
    assert merge(before, after, before) == (after, [])


@given(declarations, declarations)
def test_the_same_change_on_both_sides_is_no_conflict(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert merge(before, after, after) == (after, [])


@given(declarations, declarations, declarations)
def test_with_a_side_taken_there_are_no_conflicts(
    applied: dict[str, Any], screen: dict[str, Any], folder: dict[str, Any]
) -> None:
    for side in ("folder", "screen"):
        merged, conflicts = merge(applied, screen, folder, side)
        assert conflicts == []
        plain, found = merge(applied, screen, folder)
        if not found:
            assert merged == plain


@given(declarations, declarations, declarations)
def test_the_sides_are_equals(
    applied: dict[str, Any], screen: dict[str, Any], folder: dict[str, Any]
) -> None:
    one, found = merge(applied, screen, folder)
    other, mirrored = merge(applied, folder, screen)
    assert {conflict.path for conflict in found} == {conflict.path for conflict in mirrored}
    if not found:
        assert one == other


@given(declarations, declarations, declarations)
def test_merging_again_changes_nothing(
    applied: dict[str, Any], screen: dict[str, Any], folder: dict[str, Any]
) -> None:
    merged, conflicts = merge(applied, screen, folder)
    if not conflicts:
        assert merge(folder, merged, folder) == (merged, [])


def test_changes_in_different_places_meet() -> None:
    applied = {"a": {"x": 1, "y": 1}, "gone": 1, "b": 1}
    screen = {"a": {"x": 2, "y": 1}, "gone": 1, "b": 1, "s": 1}
    folder = {"a": {"x": 1, "y": 3}, "b": 1, "f": 1}
    assert merge(applied, screen, folder) == (
        {"a": {"x": 2, "y": 3}, "b": 1, "f": 1, "s": 1}, [],
    )  # fmt: skip


def test_a_conflict_names_its_place() -> None:
    merged, (conflict,) = merge({"a": {"x": 1}}, {"a": {"x": 2}}, {"a": {"x": 3}})
    assert (conflict.path, conflict.applied, conflict.screen, conflict.folder) == ("a.x", 1, 2, 3)
    assert merged == {"a": {"x": 3}}
    assert merge({"a": 1}, {"a": 2}, {}, "screen")[0] == {"a": 2}
    assert merge({"a": 1}, {"a": 2}, {}, "folder")[0] == {}
