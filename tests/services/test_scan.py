"""Services computed in a sandbox: lists by pages, figures by groups."""

from typing import Any

import pytest

from tests.app.support_http import PEOPLE
from tests.services.calling import Client
from tests.support.packs import id_number


def pages(client: Client, **filters: Any) -> list[list[dict[str, Any]]]:
    """Every page of `people`, to the end."""
    found: list[list[dict[str, Any]]] = []
    after: dict[str, str] = {}
    while True:
        answer = client.get("people", **filters, **after)
        assert answer.status == 200, answer.body
        found.append(answer.rows)
        if answer.body["next_after"] is None:
            return found
        after = {"after": answer.body["next_after"]}


def test_pages_give_every_row_exactly_once(client: Client) -> None:
    found = pages(client, limit=17)
    assert [len(page) for page in found] == [17, 17, 17, PEOPLE - 51]
    numbers = sorted(int(row["no"]) for page in found for row in page)
    assert numbers == list(range(1, PEOPLE + 1))


def test_a_last_page_that_is_full_has_no_next(client: Client) -> None:
    assert [len(page) for page in pages(client, limit=PEOPLE)] == [PEOPLE]


def test_a_filter_is_kept_from_page_to_page(client: Client) -> None:
    found = [row for page in pages(client, sex="2", limit=20) for row in page]
    assert sorted(int(row["no"]) for row in found) == list(range(2, PEOPLE + 1, 2))


def test_filters_stand_together(client: Client) -> None:
    assert [row["no"] for row in client.get("people", sex="1", no="7").rows] == ["7"]
    assert client.get("people", sex="2", no="7").rows == []


def test_the_cursor_says_nothing_of_the_row(client: Client) -> None:
    answer = client.get("people", limit=1)
    cursor, row = answer.body["next_after"], answer.rows[0]
    assert len(cursor) == 32
    assert row["no"] not in ("", None)
    assert id_number(int(row["no"])) not in cursor


def test_masked_items_cannot_be_searched_by_their_real_value(client: Client) -> None:
    assert client.get("people", id_number=id_number(7)).rows == []


def test_lists_mask_as_point_reads_do(client: Client) -> None:
    [row] = client.get("people", no="12").rows
    assert row["name"] == "张**"
    assert row["id_number"] == f"{id_number(12)[:6]}********{id_number(12)[-4:]}"


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "ten", "", "1.5", "9" * 5000])
def test_a_limit_out_of_bounds_is_refused(client: Client, limit: str) -> None:
    answer = client.post("people", {"limit": limit})
    assert answer.status == 422
    assert answer.body["error"]["field"] == "limit"


def test_an_unknown_parameter_is_named(client: Client) -> None:
    answer = client.get("people", name="张7")
    assert answer.status == 422
    assert answer.body["error"]["field"] == "name"


def test_figures_by_group(client: Client) -> None:
    rows = {row["town"]: row for row in client.get("grants").rows}
    assert rows["甲镇"] == {
        "town": "甲镇", "times": 10, "total": 5500.0, "mean": 550.0, "people": 10,
    }  # fmt: skip
    assert rows["乙镇"]["total"] == 2100.0


def test_small_groups_are_hidden_and_counted(client: Client) -> None:
    answer = client.get("grants")
    assert {row["town"] for row in answer.rows} == {"甲镇", "乙镇"}
    assert answer.body["hidden_groups"] == 1
    assert answer.body["smallest_group"] == 5


def test_asking_for_a_small_group_does_not_show_it(client: Client) -> None:
    assert client.get("grants", town="丙镇").rows == []


def test_a_filter_narrows_the_groups(client: Client) -> None:
    assert [row["town"] for row in client.get("grants", town="乙镇").rows] == ["乙镇"]


def test_the_least_and_greatest_of_a_masked_item_stay_masked(client: Client) -> None:
    rows = client.get("grant_bounds").rows
    assert {(row["least"], row["most"]) for row in rows} == {("***", "***")}


def test_a_masked_item_that_is_counted_cannot_be_probed(client: Client) -> None:
    """Whether a person received a grant must not show in the number of hidden groups."""
    there = client.get("grant_probe", id_number=id_number(1))
    absent = client.get("grant_probe", id_number=id_number(900))
    assert there.body == absent.body
