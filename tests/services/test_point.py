"""Services answered from serving copies: one row by its key, and yes or no."""

from tests.services.calling import Client
from tests.support.packs import id_number


def test_a_key_finds_its_row(client: Client) -> None:
    answer = client.get("person", id_number=id_number(7))
    assert answer.status == 200
    assert answer.rows == [{"name": "张*", "sex": "1"}]


def test_parameters_may_come_in_the_body(client: Client) -> None:
    answer = client.post("person", {"id_number": id_number(8)})
    assert answer.rows == [{"name": "张*", "sex": "2"}]


def test_a_key_that_is_not_there_gives_no_rows(client: Client) -> None:
    answer = client.get("person", id_number=id_number(999))
    assert (answer.status, answer.rows) == (200, [])


def test_sensitive_items_are_masked(client: Client) -> None:
    whole = id_number(12)
    [row] = client.get("person_card", id_number=whole).rows
    assert row["no"] == "12"
    assert row["id_number"] == f"{whole[:6]}********{whole[-4:]}"
    assert row["name"] == "张**"


def test_items_of_low_grade_are_shown(client: Client) -> None:
    [row] = client.get("person_card", id_number=id_number(12)).rows
    assert (row["sex"], row["birth_date"]) == ("2", "1962-01-13")


def test_the_masked_form_is_no_key(client: Client) -> None:
    masked = f"{id_number(12)[:6]}********{id_number(12)[-4:]}"
    assert client.get("person_card", id_number=masked).rows == []


def test_a_missing_key_is_named(client: Client) -> None:
    answer = client.get("person")
    assert (answer.status, answer.code) == (422, "bad_input")
    assert answer.body["error"]["field"] == "id_number"


def test_a_blank_key_is_a_missing_key(client: Client) -> None:
    assert client.get("person", id_number="  ").status == 422


def test_an_unknown_parameter_is_named(client: Client) -> None:
    answer = client.get("person", id_number=id_number(1), colour="red")
    assert answer.status == 422
    assert answer.body["error"]["field"] == "colour"


def test_values_that_agree(client: Client) -> None:
    answer = client.get("person_match", id_number=id_number(7), name="张7", sex="1")
    assert (answer.status, answer.body) == (200, {"agrees": True})


def test_full_width_signs_case_and_blanks_do_not_differ(client: Client) -> None:
    answer = client.get("person_match", id_number=id_number(7), name=" 张7 ", sex="1")
    assert answer.body == {"agrees": True}


def test_values_that_differ_and_keys_that_are_unknown_look_the_same(client: Client) -> None:
    differs = client.get("person_match", id_number=id_number(7), name="李7", sex="1")
    unknown = client.get("person_match", id_number=id_number(998), name="李7", sex="1")
    assert differs.status == unknown.status == 200
    assert differs.body == unknown.body == {"agrees": False}
    assert differs.headers == unknown.headers


def test_every_compared_value_must_agree(client: Client) -> None:
    answer = client.get("person_match", id_number=id_number(7), name="张7", sex="2")
    assert answer.body == {"agrees": False}


def test_a_compared_value_may_not_be_left_out(client: Client) -> None:
    answer = client.get("person_match", id_number=id_number(7), name="张7")
    assert answer.status == 422
    assert answer.body["error"]["field"] == "sex"
