"""Every route of the pages, and an address of it in each installation that tests serve."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from haina.kernel.platform import Platform
from tests.browser import crowded

ROUTES = Path(__file__).parents[2] / "web" / "src" / "shell" / "routes.tsx"

# Route → address; what is in braces is filled in with the places of the installation.
ADDRESSES = {
    "sign-in": "/sign-in",
    "change-password": "/change-password",
    "cockpit": "/cockpit",
    "": "/",
    "runs": "/runs",
    "runs/:id": "/runs/{run}",
    "models": "/models",
    "models/:dataset": "/models/{model}",
    "query": "/query#sql=SELECT%20*%20FROM%20{dataset}",
    "catalogue": "/catalogue",
    "catalogue/:dataset": "/catalogue/{dataset}",
    "services": "/services",
    "services/keys": "/services/keys",
    "services/new": "/services/new",
    "services/:name": "/services/{service}",
    "sources": "/sources",
    "sources/connect": "/sources/connect",
    "sources/connect/:draft/:step": "/sources/connect/{draft}/tables",
    "sources/:name": "/sources/{source}",
    "sources/:name/deliveries": "/sources/{source}/deliveries",
    "sources/:name/quarantine/:table": "/sources/{source}/quarantine/{table}",
    "sources/:name/drift/:table": "/sources/{source}/drift/{table}",
    "sources/:name/loads/:table": "/sources/{source}/loads/{table}",
    "arrivals": "/arrivals",
    "quality": "/quality",
    "quality/:dataset": "/quality/{dataset}",
    "people": "/people",
    "system": "/system",
    "parts": "/parts",
    "*": "/nowhere",
}
SIGNED_OUT = {"sign-in"}
# Pages that who looks at the others may not see → who may.
OF_OTHERS = {"people": "security_admin"}
# A file is looked into by a process of its own, which the platform gives a minute.
_PROBE_MS = 70_000


@dataclass(frozen=True)
class Places:
    """Things of an installation that have pages of their own."""

    run: str
    dataset: str = "std.resident"
    model: str = "base.person"
    service: str = "person"
    source: str = "huji"
    table: str = "resident"
    draft: str = "none"


def in_order(routes: Iterable[str]) -> list[str]:
    """Those for whom somebody else signs in after the others, those that need nobody last."""
    return sorted(routes, key=lambda one: (one in SIGNED_OUT, one in OF_OTHERS, one))


def settle(page: Page) -> None:
    """Wait until a page is drawn: it says what it is, and nothing of it is still on its way (the
    samples of the design parts stay on theirs)."""
    page.locator("h1, .empty b").first.wait_for()
    if not page.url.endswith("/parts"):
        expect(page.locator(".outline, .boot, .ant-spin, [data-waits]")).to_have_count(0)


def routes() -> set[str]:
    """The routes that the shell declares."""
    text = ROUTES.read_text(encoding="utf-8")
    named = set(re.findall(r"\bpath: '([^']*)'", text))
    return named | ({""} if "index: true" in text else set())


def address(route: str, places: Places) -> str:
    return ADDRESSES[route].format(**asdict(places))


def places_of(platform: Platform) -> Places:
    """Of the harbour: its first load. Of a bare installation: nothing that is there."""
    from haina.kernel.jobs import list_jobs

    with platform.database.read() as connection:
        jobs = list_jobs(connection, kind="collect.load").jobs
    return Places(run=jobs[-1].id if jobs else "none")


def crowded_places(run: str) -> Places:
    return Places(
        run,
        dataset=crowded.WIDE,
        model=crowded.MODEL,
        service="v000",
        source=crowded.BAD_SOURCE,
        table=crowded.BAD_TABLE,
    )


def new_draft(post: Callable[..., Any], url: str, content: bytes) -> str:
    """A CSV file that waits to be connected, looked into; `post` of the page's own session."""
    handed = post(f"{url}/api/connect/files?file=mingce.csv", data=content)
    assert handed.ok, handed.text()
    draft = handed.json()["id"]
    attempt = {"way": "upload", "kind": "csv", "connection": {}, "draft": draft}
    tried = post(f"{url}/api/connect/tests", data=attempt, timeout=_PROBE_MS)
    assert tried.ok, tried.text()
    return str(tried.json()["id"])
