"""No page is forgotten: what the shell routes is what is looked at, pictured and measured."""

from tests.browser.addresses import ADDRESSES, Places, address, routes
from tests.browser.shots import SIZES, STATES, contact_sheet, file_of


def test_every_route_has_an_address_to_be_looked_at() -> None:
    assert routes() == set(ADDRESSES)


def test_an_address_names_a_thing_of_its_installation() -> None:
    places = Places(run="r1")
    found = {route: address(route, places) for route in ADDRESSES}
    assert found["runs/:id"] == "/runs/r1"
    assert found["sources/:name/drift/:table"] == "/sources/huji/drift/resident"
    assert not [one for one in found.values() if "{" in one or ":" in one]


def test_the_contact_sheet_shows_each_page_in_each_state_and_width() -> None:
    sheet = contact_sheet(list(ADDRESSES))
    names = [file_of(r, s, w) for r in ADDRESSES for s in STATES for w in SIZES]
    assert len(set(names)) == len(names)
    assert not [name for name in names if f"src='{name}'" not in sheet]
