"""The cockpit shows what the platform says, and where each figure comes from."""

from base64 import b64encode

from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import Open
from tests.browser.harbour import TOWNS, Site

WALL: ViewportSize = {"width": 1920, "height": 1080}


_COLOURS = """async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const sheet = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    sheet.drawImage(picture, 0, 0);
    const points = sheet.getImageData(0, 0, picture.width, picture.height).data;
    return new Set(new Uint32Array(points.buffer)).size;
}"""


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
    expect(
        page.get_by_role("region", name="问题数据占比").locator(".ck-meter").first
    ).to_be_visible()
    flow = page.get_by_role("region", name="数据流入")
    agency = next(one for one in told["overview"]["agencies"] if one["tables"])
    expect(flow).to_contain_text(agency["short"])
    expect(flow).to_contain_text(str(agency["rows_today"]))


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


def test_in_a_hand_it_is_a_list(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "leader", size=ViewportSize(width=390, height=844)).go("/cockpit")
    expect(page.locator(".ck-map-box[data-ready]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = [
        page.get_by_role("region", name=name).evaluate("one => one.getBoundingClientRect().top")
        for name in ("该联系谁", "到数", "各地概况")
    ]
    assert tops == sorted(tops)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.ck *')].filter((one) => !one.closest('svg, .ck-map-box') &&
            one.childNodes.length && parseFloat(getComputedStyle(one).fontSize) *
            parseFloat(getComputedStyle(document.querySelector('.ck')).zoom) < 12)"""
    )
    assert small == []


def test_the_county_is_drawn_on_its_own_map_and_labelled(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "leader", size=WALL)
    asked: list[str] = []
    at.page.on("request", lambda one: asked.append(one.url))
    page = at.go("/cockpit")
    box = page.locator(".ck-map-box[data-ready]")
    expect(box.locator("canvas")).to_be_visible()
    expect(page.locator(".ck-map figcaption")).to_contain_text("小港各镇")
    expect(page.locator(".ck-map figcaption")).to_contain_text("非审定地图")
    expect(page.locator(".ck-foot")).to_contain_text("示意")
    digest = at.api("cockpit")["map"]["digest"]
    assert f"{filled.url}/api/cockpit/map/{digest}" in asked
    page.wait_for_timeout(500)  # the frame after the tiles
    seen = page.evaluate(_COLOURS, b64encode(box.screenshot()).decode())
    assert seen > 20  # areas, lines and names, not one ground


def test_without_3d_the_schematic_remains_and_says_why(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "leader", size=WALL)
    at.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = at.go("/cockpit")
    expect(page.locator(".ck-map")).to_contain_text("没有 WebGL")
    expect(page.locator(".ck-tile")).to_have_count(len(TOWNS))


def test_each_panel_tells_how_it_is_counted(open_page: Open, filled: Site) -> None:
    page = open_page(filled, "leader", size=WALL).go("/cockpit")
    for title in (
        "到数",
        "数据流入",
        "新鲜度",
        "数据分层",
        "该联系谁",
        "问题数据占比",
        "今天的运行",
    ):
        page.get_by_role("button", name=f"{title}的来源").click()
        card = page.locator(".ant-popover:visible .ck-origin")
        expect(card).to_contain_text(title)
        for word in ("算法", "依据", "来源", "时间"):
            expect(card).to_contain_text(word)
        expect(card.get_by_role("link")).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("h1").click()
        expect(card).to_have_count(0)


def test_the_leader_learns_which_agency_to_call(open_page: Open, filled: Site) -> None:
    at = open_page(filled, "leader", size=WALL)
    page = at.go("/cockpit")
    [call] = at.api("cockpit")["overview"]["calls"]
    line = page.locator(".ck-matter")
    expect(line).to_have_count(1)
    expect(line.locator("b")).to_have_text("户籍局")
    expect(line).to_contain_text("王科长 022-55501234")
    expect(line).to_contain_text(call["worst"]["title"])
    expect(line).to_contain_text("1 张有隔离行")
    expect(line.locator("time")).to_be_visible()
    worst = line.get_by_role("link", name=call["worst"]["title"])
    worst.click()  # not to the quarantined rows, which a leader may not open
    expect(page).to_have_url(f"{filled.url}/catalogue/std.resident")
    expect(page.get_by_role("heading", level=1)).to_have_text("户籍人口")


def test_it_is_read_from_five_metres(open_page: Open, filled: Site) -> None:
    """20 px and more for all that is said beside the tiles and the names on them."""
    page = open_page(filled, "leader", size=WALL).go("/cockpit")
    expect(page.locator(".ck-tile").first).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.ck *')].filter((one) =>
            !one.closest('svg, .ck-map-box, .ck-nav') && [...one.childNodes].some((node) =>
            node.nodeType === 3 && node.textContent.trim()) &&
            parseFloat(getComputedStyle(one).fontSize) < 20).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_a_bare_installation_says_what_to_do(open_page: Open, bare: Site) -> None:
    page = open_page(bare, "leader", size=WALL).go("/cockpit")
    expect(page.get_by_text("还没有各地的数字")).to_be_visible()
    expect(page.get_by_role("region", name="数据流入")).to_contain_text("还没有数据到达")
    expect(page.locator(".ck-map")).to_have_count(0)
