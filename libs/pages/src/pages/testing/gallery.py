"""Every macro on one page, as an app: what the browser tests look at, and a person may too.

`?calm` leaves the summary of errors out: it takes the focus, as it should.

python -m pages.testing.gallery      # http://127.0.0.1:8090
"""

from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.assets import shared_assets
from pages.render import Pages, Place

HERE = Path(__file__).parent
DUE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
PORT = 8090
FAULTS = [("title", "Tiêu đề: còn trống"), ("kind", "Thể loại: chọn một thể loại")]


def create() -> Starlette:
    assets = shared_assets()
    pages = Pages("Bộ mẫu giao diện", assets, HERE)

    async def gallery(request: Request) -> Response:
        places = [Place("/", "Việc của tôi", current=True), Place("/?b", "Bài viết"), Place("/?c", "Cơ quan")]  # fmt: skip
        faults = [] if "calm" in request.query_params else FAULTS
        values = {"due": DUE, "places": places, "faults": faults}
        return pages.answer(request, "gallery.html", values)

    return Starlette(routes=[Route("/", gallery), assets.route()])


if __name__ == "__main__":
    uvicorn.run(create(), port=PORT)
