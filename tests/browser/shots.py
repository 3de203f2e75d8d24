"""Pictures of every page, in each of its states and at each width, on one contact sheet:
`make shots` writes them to .shots/ and goes on where it was stopped; `--anew` takes them all again.
`python -m tests.browser.shots [part of a route …]` takes those of a few pages again.
"""

import html
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.sync_api import Browser, Error, Page, Route, expect

from tests.browser import crowded
from tests.browser.addresses import (
    ADDRESSES,
    OF_OTHERS,
    SIGNED_OUT,
    Places,
    address,
    crowded_places,
    in_order,
    new_draft,
    places_of,
    settle,
)
from tests.browser.harbour import Site, browser_open, make, served, sign_in
from tests.support.installation import make_template

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".shots"
SIZES = {1366: 768, 1920: 1080, 390: 844}
STATES = ("empty", "normal", "crowded", "error", "missing")
# The refusals are of pages, not of what lies under them: the bare installation serves for both.
_STAGES = {"error": "empty", "missing": "empty"}
_REFUSALS = {
    "error": (500, "internal", "服务器内部错误", "请稍后再试;仍不行时把编号告诉管理员。"),
    "missing": (404, "not_found", "没有这一个", "它可能已被删除,或地址有误。"),
}
# Two frames after a change of width, and what is drawn by a chart after them.
_DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""
_PAUSE_MS = 120
# A picture says how a page looks, not how fast it is; the machine may have other work.
PATIENCE_MS = 45_000
_MAP_MS = 1_500


@dataclass(frozen=True)
class Stage:
    """An installation that is served, and what has pages in it."""

    site: Site
    places: Places


def main() -> None:
    """Take those that are not there, or those of the routes that hold one of the words given."""
    words = [one for one in sys.argv[1:] if one != "--anew"]
    routes = [one for one in ADDRESSES if not words or any(word in one for word in words)]
    OUT.mkdir(exist_ok=True)
    if words or "--anew" in sys.argv:
        _forget(routes)
    with Stages() as stages, browser_open() as browser:
        for state in STATES:
            _take_state(browser, state, stages, missing_pictures(OUT, routes, state))
            (OUT / "index.html").write_text(contact_sheet(list(ADDRESSES)), encoding="utf-8")
    print(OUT / "index.html")
    left = [(state, one) for state in STATES for one in missing_pictures(OUT, routes, state)]
    if left:
        raise SystemExit(f"还缺:{left}")


def _forget(routes: list[str]) -> None:
    for route in routes:
        for state in STATES:
            for width in SIZES:
                (OUT / file_of(route, state, width)).unlink(missing_ok=True)


def missing_pictures(folder: Path, routes: list[str], state: str) -> list[str]:
    """The routes of which a picture in this state is not in the folder."""
    names = {route: [file_of(route, state, width) for width in SIZES] for route in routes}
    return [one for one in routes if not all((folder / name).exists() for name in names[one])]


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


class Stages(AbstractContextManager["Stages"]):
    """The installations, each made when the first picture of it is wanted."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._template = make_template(self._folder / "template")
        self.of = cache(self._make)

    def _make(self, name: str) -> Stage:
        platform = make(self._folder / name, self._template, filled=name == "normal")
        self._stack.callback(platform.close)
        run = crowded.fill(platform) if name == "crowded" else ""
        site = self._stack.enter_context(served(self._folder / name, platform))
        return Stage(site, crowded_places(run) if run else places_of(platform))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def _take_state(browser: Browser, state: str, stages: Stages, routes: list[str]) -> None:
    if not routes:
        return
    began = time.monotonic()
    stage = stages.of(_STAGES.get(state, state))
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    sign_in(page, stage.site.url)
    places = _places(page, state, stage)
    if state in _REFUSALS:
        page.route("**/api/**", _refusing(state))
    for route in in_order(routes):
        if route in SIGNED_OUT:
            context.clear_cookies()
        if route in OF_OTHERS:
            sign_in(page, stage.site.url, OF_OTHERS[route])
        _take(page, stage.site.url + address(route, places), route, state)
    context.close()
    print(f"{state}:{len(routes)} 页,{time.monotonic() - began:.0f} 秒", flush=True)


def _places(page: Page, state: str, stage: Stage) -> Places:
    if state != "normal":
        return stage.places
    content = (Path(stage.site.platform.settings.home) / "files" / "huji.csv").read_bytes()
    return replace(stage.places, draft=new_draft(page.request.post, stage.site.url, content))


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
        try:
            if at == 0:
                page.goto(url)
                settle(page)
            page.evaluate(_DRAWN)
        except (Error, AssertionError):
            print(f"没有画完,下次再拍:{url}", flush=True)
            return
        page.wait_for_timeout(_MAP_MS if route == "cockpit" and at == 0 else _PAUSE_MS)
        page.screenshot(path=OUT / file_of(route, state, width))


if __name__ == "__main__":
    main()
