"""What a start does when the demo of this version is not what the house knows."""

from collections.abc import Generator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from embedded.demo_start import DemoStart
from embedded.trouble import Trouble

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


class Knowing(BaseHTTPRequestHandler):
    """A house that gives tokens, and whose keys were used for something else."""

    def do_GET(self) -> None:
        self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        gives = self.path == "/dev-issuer/token"
        body = b'{"access_token": "a"}' if gives else b'{"code": "idempotency-key-reused"}'
        self.send_response(200 if gives else 422)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told of a request."""


@pytest.fixture
def house() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Knowing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield "http://{}:{}".format(*server.server_address[:2])
        server.shutdown()


async def test_a_house_with_the_demo_of_an_earlier_version_goes_on_with_it(
    house: str, tmp_path: Path
):
    said: list[str] = []
    (tmp_path / "demo-loaded").write_text(f"earlier {house}", "utf-8")

    await DemoStart(house, tmp_path, lambda: NOON, said.append).people()

    assert "stays as it is; make reset" in said[-1]
    assert "idempotency-key-reused" in said[-1]
    assert (tmp_path / "demo-loaded").read_text("utf-8") == f"earlier {house}"


async def test_an_empty_house_without_its_demo_is_told(house: str, tmp_path: Path):
    with pytest.raises(Trouble, match="idempotency-key-reused"):
        await DemoStart(house, tmp_path, lambda: NOON, lambda _: None).people()

    assert not (tmp_path / "demo-loaded").exists()
