"""The built pages, served: files under assets/ carry their content in their name and never change;
every other address is the shell's."""

import os
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse

from haina.kernel.errors import NOT_FOUND

_BUILT = Path(__file__).resolve().parents[3] / "web" / "dist"
_FOR_EVER = "public, max-age=31536000, immutable"


def web_folder() -> Path:
    """The built pages: HAINA_WEB, or web/dist of the checkout."""
    return Path(os.environ.get("HAINA_WEB", _BUILT))


def serve_pages(app: FastAPI, web: Path | None) -> None:
    """Answer what no route answers; nothing is served where nothing is built."""
    if web is None or not (web / "index.html").is_file():
        return
    root = web.resolve()

    async def page(request: Request) -> Response:
        """A built file, or the shell for every address of the pages."""
        path = request.path_params["path"]
        if path.startswith(("api/", "data/")) or "\0" in path:
            raise NOT_FOUND("没有这个地址")
        found = (root / path).resolve()
        if not (path and found.is_file() and root in found.parents):
            found = root / "index.html"
        return _file(request, found, for_ever=root / "assets" in found.parents)

    app.add_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)


def _file(request: Request, path: Path, *, for_ever: bool) -> Response:
    """The file, or the packed one that was built beside it."""
    headers = {"Cache-Control": _FOR_EVER if for_ever else "no-cache"}
    packed = path.with_name(f"{path.name}.gz")
    kind = _TYPES.get(path.suffix)
    if kind is None or not packed.is_file():
        return FileResponse(path, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return FileResponse(packed, headers=headers, media_type=kind)


_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
