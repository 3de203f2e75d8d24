"""Texts made to break out of SQL, in every parameter of every service: no rows, no failure."""

from typing import Any

import pytest

from tests.services.calling import Client
from tests.support.packs import id_number

TEXTS = [
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE answer; --", "\" OR \"\"=\"", "') OR ('1'='1",
    "' UNION SELECT * FROM answer --", "' UNION ALL SELECT 1,2,3,4 --", "1; SELECT 1", "1 OR 1=1",
    "' AND 1=0 UNION SELECT k, v FROM answer --", "'||'", "' || (SELECT 1) || '", "\\' OR 1=1 --",
    "''''", "'", "\"", "`", "%", "_", "%%", "*", "?", ":id", "$1", "@x", "{}", "[]", "--", "/*",
    "*/ OR 1=1 /*", "\x00", "\x1f", "\u2019 OR 1=1", "\uff07 OR 1=1", "\\", "\n' OR 1=1 --",
    "x' AND read_text('/etc/passwd') --", "'; COPY answer TO '/tmp/x'; --",
    "'; ATTACH 'x.db'; --", "'; PRAGMA database_list; --", "'; INSTALL httpfs; --",
    "1) OR (SELECT count(*) FROM duckdb_tables()) > 0 --", "row_key_", "NULL", "null", "true",
    "0x31", "1e0", "nan", "' OR row_key_ IS NOT NULL --", "${name}", "{{7*7}}", "9" * 400,
]  # fmt: skip

EVERY: list[tuple[str, str, dict[str, str]]] = [
    ("person", "id_number", {}),
    ("person_card", "id_number", {}),
    ("people", "no", {}),
    ("people", "sex", {}),
    ("people", "id_number", {}),
    ("people", "limit", {}),
    ("grants", "town", {}),
    ("grant_probe", "id_number", {}),
]


def test_there_are_enough_of_them() -> None:
    assert len(set(TEXTS)) >= 40


@pytest.mark.parametrize(("service", "parameter", "others"), EVERY)
def test_no_rows_and_no_failure(
    client: Client, service: str, parameter: str, others: dict[str, str]
) -> None:
    for text in TEXTS if service.startswith("person") else TEXTS[::3]:
        answer = client.post(service, {**others, parameter: text})
        assert answer.status in (200, 422), (text, answer.body)
        assert not answer.body.get("rows"), text


@pytest.mark.parametrize("parameter", ["id_number", "name", "sex"])
def test_nothing_agrees(client: Client, parameter: str) -> None:
    right: dict[str, Any] = {"id_number": id_number(7), "name": "张7", "sex": "1"}
    for text in TEXTS:
        answer = client.post("person_match", {**right, parameter: text})
        assert answer.status in (200, 422), (text, answer.body)
        assert answer.body.get("agrees", False) is False, text


def test_a_cursor_that_we_did_not_give_only_moves_the_page(client: Client) -> None:
    for text in TEXTS[::2]:
        answer = client.post("people", {"after": text, "limit": 1})
        assert answer.status == (422 if "\0" in text else 200), (text, answer.body)
        assert len(answer.body.get("rows", [])) <= 1


def test_names_of_parameters_are_not_trusted_either(client: Client) -> None:
    for text in TEXTS:
        assert client.post("people", {text: "1"}).status == 422


def test_the_services_still_answer(client: Client) -> None:
    assert client.get("person", id_number=id_number(7)).rows
    assert client.get("people").rows
