"""Set-up says every trouble in one line and never leaves a half-made environment."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from embedded.ports import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What set-up reads of a checkout, without the packages."""
    for name in ("deploy/local/setup.sh", "requirements.lock", "pyproject.toml"):
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "checkout" / name)
    return tmp_path / "checkout"


def set_up(checkout: Path, prefix=(), **env: str) -> tuple[int, list[str]]:
    """Runs set-up with an empty home; returns its code and what it said on the error stream."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(checkout.parent), "PYTHON": sys.executable}
    ended = subprocess.run(
        [*prefix, "sh", "deploy/local/setup.sh"],
        cwd=checkout,
        env=bare | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert not (checkout / ".venv").exists()
    return ended.returncode, ended.stderr.splitlines()


def test_a_python_that_is_none_is_named(checkout):
    assert set_up(checkout, PYTHON="/bin/false") == (
        1,
        [
            (
                "setup: PYTHON=/bin/false is not a Python 3.11-3.13 with venv: "
                "name another, or leave it out"
            )
        ],
    )


def test_a_machine_without_python_is_told_what_to_install(checkout, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "cat", "sha256sum", "cut", "sed"):
        (tools / tool).symlink_to(shutil.which(tool) or "")

    code, said = set_up(checkout, PYTHON="", PATH=str(tools))

    assert code == 1
    assert said == [
        (
            "setup: Python 3.11, 3.12 or 3.13 with venv is needed (found no python3 at all): "
            "apt-get install python3 python3-venv, or name one with PYTHON="
        )
    ]


def test_a_registry_that_refuses_is_said_in_one_line(checkout):
    code, said = set_up(checkout, PIP_INDEX_URL=f"http://127.0.0.1:{free_port()}/simple")

    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("setup: the package registry does not answer or lacks a package")


def test_a_registry_that_never_answers_is_given_up_after_the_configured_time(checkout):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, said = set_up(
            checkout,
            PIP_INDEX_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/simple",
            PIP_DEFAULT_TIMEOUT="0.5",
        )

    assert code == 1
    assert len(said) == 1
    assert "does not answer" in said[0]


def test_a_damaged_download_is_fetched_again_once_and_then_said(checkout):
    with damaged_index(checkout) as (url, downloads):
        code, said = set_up(checkout, PIP_INDEX_URL=url)

    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("setup: a download came damaged twice")
    assert len(downloads) == 2


class damaged_index:  # noqa: N801 - reads as a sentence in `with`
    """A package index whose only wheel, the installer, is not what the lock names."""

    def __init__(self, checkout: Path):
        lock = (checkout / "requirements.lock").read_text()
        found = re.search(r"^uv==([\d.]+)", lock, re.MULTILINE)
        assert found
        wheel = f"uv-{found[1]}-py3-none-any.whl"
        self.downloads: list[str] = []
        downloads = self.downloads

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = f'<a href="/{wheel}">{wheel}</a>'.encode()
                if self.path.endswith(".whl"):
                    downloads.append(self.path)
                    body = b"damaged"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}/simple", self.downloads

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


SMALL_DISK = ["unshare", "--user", "--map-root-user", "--mount"]
has_small_disk = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(
        [*SMALL_DISK, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode,
    reason="a small disk of one's own needs Linux user namespaces",
)


@has_small_disk
def test_a_full_disk_is_said_before_anything_is_fetched(checkout, tmp_path):
    script = 'mount -t tmpfs -o size=8m none "$1" && cp -r "$0/." "$1" && cd "$1" && shift && "$@"'
    (tmp_path / "small").mkdir()
    code, said = set_up(
        checkout, prefix=[*SMALL_DISK, "sh", "-c", script, str(checkout), str(tmp_path / "small")]
    )

    assert code == 1
    assert said == [
        (
            f"setup: the disk that holds {tmp_path / 'small'} has less than 1.5 GB free: "
            "free some space and start again"
        )
    ]


ON_SMALL_DISK = """
import sys
from pathlib import Path
from embedded.engines import embedded
from embedded.trouble import Trouble
try:
    with embedded(Path(sys.argv[1])):
        pass
except Trouble as trouble:
    print(trouble)
"""


@has_small_disk
@pytest.mark.engine
def test_engines_on_a_full_disk_say_so(tmp_path):
    script = 'mount -t tmpfs -o size=2m none "$0" && shift 0 && "$@"'
    ended = subprocess.run(
        [*SMALL_DISK, "sh", "-c", script, tmp_path, sys.executable, "-c", ON_SMALL_DISK, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.stdout == (
        f"The disk that holds {tmp_path} has only 2 MB free, engines need 300 MB — "
        "free some space and start again\n"
    )
