"""A real Chromium for tests, fetched without root: from npm, unpacked once per user, driven by Playwright.

The package `@sparticuz/chromium` carries the browser, the libraries a bare Debian lacks, and fonts,
as brotli files. Playwright runs on the Node of `pages.fetch`.
"""

import fcntl
import os
import shutil
import tarfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
from playwright.async_api import Browser, Page, async_playwright

from pages import fetch

PLACE = fetch.PLACE / "browser"
PACKED = PLACE / "node_modules" / "@sparticuz" / "chromium" / "bin"
AXE = PLACE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = PLACE / "chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--headless=shell", "--use-angle=swiftshader",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def chromium() -> Path:
    """The folder of the unpacked browser; fetches and unpacks it when it is not there.

    Test processes that come at once wait for the first.
    """
    with (PLACE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fetch.fetch(PLACE)
        return _unpacked()


def _unpacked() -> Path:
    stamp = (PLACE / "node_modules" / ".fetched").read_text()
    done = CHROMIUM / ".unpacked"
    if done.is_file() and done.read_text() == stamp:
        return CHROMIUM
    shutil.rmtree(CHROMIUM, ignore_errors=True)
    CHROMIUM.mkdir()
    program = CHROMIUM / "chromium"
    program.write_bytes(brotli.decompress((PACKED / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("al2023", "swiftshader", "fonts"):
        _unpack(PACKED / f"{name}.tar.br")
    _point_to_fonts()
    done.write_text(stamp)
    return CHROMIUM


def _unpack(packed: Path) -> None:
    content = BytesIO(brotli.decompress(packed.read_bytes()))
    with tarfile.open(fileobj=content) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 on
        archive.extractall(CHROMIUM)  # noqa: S202 - the package is checked by its integrity


def _point_to_fonts() -> None:
    """fonts.conf names the folder in which the package expects to be unpacked."""
    for file in CHROMIUM.rglob("fonts.conf"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("/tmp/fonts", str(CHROMIUM / "fonts")), encoding="utf-8")  # noqa: S108 - the package's own words


@asynccontextmanager
async def a_browser() -> AsyncGenerator[Browser]:
    """A headless Chromium; pages of it see only what the test serves."""
    folder = chromium()
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(fetch.node())
    surroundings = os.environ | {
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_PATH": str(folder),
        "VK_ICD_FILENAMES": str(folder / "vk_swiftshader_icd.json"),
    }
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=folder / "chromium", args=FLAGS, env=dict(surroundings)
        )
        try:
            yield browser
        finally:
            await browser.close()


async def faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, target sizes included; empty for a good page.

    axe is put in through the debugger, so that the page's own policy needs no hole for it.
    """
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = await page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules},"
        " rules: {'target-size': {enabled: true}}})",
        list(RULES),
    )
    return [
        f"{each['id']}: {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
