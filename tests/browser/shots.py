"""Pictures of every page, in each of its states and at each width, on one contact sheet:
`make shots` writes them to .shots/. `python -m tests.browser.shots [part of a route …]` takes a few.
"""

import html
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

from tests.browser import crowded
from tests.browser.addresses import (
    ADDRESSES,
    SIGNED_OUT,
    Places,
    address,
    crowded_places,
    new_draft,
    places_of,
    settle,
)
from tests.browser.harbour import PASSWORD, Site, make, served
from tests.support.installation import make_template

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".shots"
SIZES = {1366: 768, 1920: 1080, 390: 844}
STATES = ("empty", "normal", "crowded", "error", "missing")
_REFUSALS = {
    "error": (500, "internal", "服务器内部错误", "请稍后再试;仍不行时把编号告诉管理员。"),
    "missing": (404, "not_found", "没有这一个", "它可能已被删除,或地址有误。"),
}


@dataclass(frozen=True)
class Stage:
    """An installation that is served, and what has pages in it."""

    site: Site
    places: Places


def main() -> None:
    """Take them all, or those of the routes that hold one of the words given."""
    routes = [one for one in ADDRESSES if not sys.argv[1:] or any(w in one for w in sys.argv[1:])]
    if not sys.argv[1:]:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stages = stack.enter_context(_stages(Path(folder)))
        browser = stack.enter_context(_browser())
        for state in STATES:
            _take_state(browser, state, stages.get(state, stages["normal"]), routes)
            print(f"{state}:{len(routes)} 页")
    (OUT / "index.html").write_text(contact_sheet(list(ADDRESSES)), encoding="utf-8")
    print(OUT / "index.html")


def file_of(route: str, state: str, width: int) -> str:
    """The name of a picture, readable in a folder."""
    name = route.replace("/:", "-").replace("/", "-").replace("*", "nowhere") or "workbench"
    return f"{name}.{state}.{width}.png"


def contact_sheet(routes: list[str]) -> str:
    """A page on which each route has a row a width, and each state a column."""
    head = "".join(f"<th>{state}</th>" for state in STATES)
    rows = [_row(route, width) for route in routes for width in SIZES]
    style = "img{width:260px;border:1px solid #ccc}td{vertical-align:top}"
    return (
        f"<!doctype html><meta charset=utf-8><title>页面</title><style>{style}</style>"
        f"<table><tr><th>地址<th>宽{head}</tr>{''.join(rows)}</table>"
    )


def _row(route: str, width: int) -> str:
    files = (file_of(route, state, width) for state in STATES)
    cells = "".join(
        f"<td><a href='{name}'><img loading=lazy src='{name}' alt='{name}'></a>" for name in files
    )
    return f"<tr><td>/{html.escape(route)}<td>{width}{cells}</tr>"


@contextmanager
def _stages(folder: Path) -> Iterator[dict[str, Stage]]:
    template = make_template(folder / "template")
    with ExitStack() as stack:

        def stage(name: str, *, filled: bool) -> Stage:
            platform = make(folder / name, template, filled=filled)
            run = crowded.fill(platform) if name == "crowded" else ""
            site = stack.enter_context(served(folder / name, platform))
            stack.callback(platform.close)
            return Stage(site, crowded_places(run) if run else places_of(platform))

        yield {
            "empty": stage("empty", filled=False),
            "normal": stage("normal", filled=True),
            "crowded": stage("crowded", filled=False),
        }


@contextmanager
def _browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("这台机器上没有 Chromium:scripts/machine 会装")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def _take_state(browser: Browser, state: str, stage: Stage, routes: list[str]) -> None:
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    data = {"name": "operator", "password": PASSWORD}
    assert page.request.post(f"{stage.site.url}/api/session", data=data).ok
    places = stage.places
    if state == "normal":
        content = (Path(stage.site.platform.settings.home) / "files" / "huji.csv").read_bytes()
        places = replace(places, draft=new_draft(page.request.post, stage.site.url, content))
    if state in _REFUSALS:
        page.route("**/api/**", _refusing(state))
    # Signed out last, for the session goes with it.
    for route in sorted(routes, key=lambda one: one in SIGNED_OUT):
        if route in SIGNED_OUT:
            context.clear_cookies()
        _take(page, stage.site.url + address(route, places), route, state)
    context.close()


def _refusing(state: str) -> Callable[[Route], None]:
    status, code, message, hint = _REFUSALS[state]
    body: dict[str, Any] = {
        "code": code,
        "message": message,
        "hint": hint,
        "field": None,
        "details": {},
    }

    def answer(route: Route) -> None:
        if route.request.url.endswith("/api/session"):
            return route.fallback()
        return route.fulfill(
            status=status, content_type="application/json", body=json.dumps({"error": body})
        )

    return answer


def _take(page: Page, url: str, route: str, state: str) -> None:
    for at, (width, height) in enumerate(SIZES.items()):
        page.set_viewport_size({"width": width, "height": height})
        if at == 0:
            page.goto(url)
        try:
            settle(page)
        except (Error, AssertionError):
            print(f"没有画完:{url}")
        page.wait_for_timeout(400)
        page.screenshot(path=OUT / file_of(route, state, width))


if __name__ == "__main__":
    main()
