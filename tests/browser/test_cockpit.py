"""The cockpit shows what the platform says, and where each figure comes from."""

from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import Open
from tests.browser.harbour import TOWNS, Site

WALL: ViewportSize = {"width": 1920, "height": 1080}


def test_its_numbers_are_those_of_the_platform(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "leader", size=WALL)
    page = at.go("/cockpit")
    expect(page.get_by_role("heading", level=1)).to_have_text("小港驾驶舱")
    told = at.api("cockpit")
    for figure in told["figures"]:
        shown = page.locator(".ck-figure", has_text=figure["title"])
        expect(shown).to_have_attribute("data-value", f"{figure['value']:g}")
    tiles = page.locator(".ck-tile")
    expect(tiles).to_have_count(len(TOWNS))
    for place in told["places"]["places"]:
        tile = page.locator(".ck-tile", has_text=place["name"])
        expect(tile).to_contain_text(f"{place['values'][0]:g}")
    arrivals = page.get_by_role("region", name="到数")
    expect(arrivals).to_contain_text(f"应到 {told['overview']['tables']} 张表")
    expect(page.locator(".ck-chart canvas")).to_be_visible()


def test_a_figure_tells_where_it_comes_from(open_page: Open, filled: Site) -> None:
    at = open_page(filled, size=WALL)
    page = at.go("/cockpit")
    page.locator(".ck-figure", has_text="人口库").click()
    card = page.locator(".origin")
    expect(card).to_contain_text("base.person")
    expect(card).to_contain_text("小港县户籍局")
    expect(card).to_contain_text("人口的行数")


def test_it_fits_every_screen(open_page: Open, filled: Site) -> None:
    for size in (WALL, ViewportSize(width=1366, height=768), ViewportSize(width=1024, height=768)):
        page = open_page(filled, size=size).go("/cockpit")
        expect(page.locator(".ck-figure").first).to_be_visible()
        box = page.locator(".ck").bounding_box()
        assert box is not None
        assert box["x"] >= -1
        assert box["x"] + box["width"] <= size["width"] + 1
        assert box["y"] + box["height"] <= size["height"] + 1
