"""Styles, behaviour and typeface as files with their digest in the name: cached for ever, never stale.

Our own files and those of the locked npm packages are read once, at start; nothing comes from a
foreign server, nothing is copied into the repository.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
PLACE = HERE.parents[1]
MODULES = PLACE / "node_modules"
INTER = "@fontsource-variable/inter/files/inter-{}-wght-normal.woff2"
SUBSETS = ("latin", "vietnamese", "latin-ext")
SMALLEST_PACKED = 1024
FOR_EVER = "public, max-age=31536000, immutable"

FOREIGN = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet.js": "@digdir/designsystemet-web/dist/umd/index.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    **{f"inter-{subset}.woff2": INTER.format(subset) for subset in SUBSETS},
}
_LINKED = re.compile(rb"asset\(([a-z0-9.-]+)\)")


class AssetsMissing(RuntimeError):
    """The npm packages were not fetched; says what to run."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `packed` is None where gzip gains nothing."""

    name: str
    body: bytes
    packed: bytes | None
    type: str

    @property
    def file(self) -> str:
        stem, dot, end = self.name.rpartition(".")
        return f"{stem}.{hashlib.sha256(self.body).hexdigest()[:16]}{dot}{end}"


class Assets:
    """All files a page may ask for, under one prefix."""

    def __init__(self, prefix: str, contents: Mapping[str, bytes]) -> None:
        self._prefix = prefix.rstrip("/")
        self._by_name: dict[str, Asset] = {}
        for name in sorted(contents, key=lambda name: name.endswith(".css")):
            self._by_name[name] = _asset(name, self._linked(contents[name], name))
        self._by_file = {asset.file: asset for asset in self._by_name.values()}

    def url(self, name: str) -> str:
        """Where a file is found; raises KeyError for a name nobody knows."""
        return f"{self._prefix}/{self._by_name[name].file}"

    def route(self, at: str | None = None) -> Route:
        """GET <prefix>/<file with digest>; anything else is 404.

        at  the path inside an app that is itself mounted somewhere; the prefix unless given
        """
        inside = self._prefix if at is None else at
        return Route(f"{inside}/{{file}}", self._send, methods=["GET"])

    def _linked(self, body: bytes, name: str) -> bytes:
        """A style sheet names other files as `url(asset(x.woff2))`."""
        if not name.endswith(".css"):
            return body
        return _LINKED.sub(lambda found: self.url(found[1].decode()).encode(), body)

    async def _send(self, request: Request) -> Response:
        asset = self._by_file.get(request.path_params["file"])
        if asset is None:
            return PlainTextResponse("Not found", 404)
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        if asset.packed is None:
            return Response(asset.body, media_type=asset.type, headers=headers)
        headers["Vary"] = "Accept-Encoding"
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(asset.body, media_type=asset.type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.type, headers=headers)


def shared_assets(prefix: str = "/static", more: Mapping[str, bytes] | None = None) -> Assets:
    """The files every page uses, and `more` of a service's own; raises AssetsMissing."""
    own = {path.name: path.read_bytes() for path in (HERE / "static").iterdir()}
    return Assets(prefix, {**_foreign(), **own, **(more or {})})


def _foreign() -> dict[str, bytes]:
    try:
        found = {name: (MODULES / path).read_bytes() for name, path in FOREIGN.items()}
    except FileNotFoundError as error:
        raise AssetsMissing("The styles of the pages are not there: run `make setup`") from error
    return {name: _without_map(body) for name, body in found.items()}


def _without_map(body: bytes) -> bytes:
    """A source map is not served, so the script must not ask for it."""
    return re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", body)


def _asset(name: str, body: bytes) -> Asset:
    kind = "font/woff2" if name.endswith(".woff2") else mimetypes.guess_type(name)[0]
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= SMALLEST_PACKED else None
    if packed is not None and len(packed) > len(body) * 0.9:
        packed = None
    return Asset(name, body, packed, kind or "application/octet-stream")
