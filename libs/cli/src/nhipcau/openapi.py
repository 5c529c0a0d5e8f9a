"""`python -m nhipcau.openapi`: write each service's OpenAPI document beside the other contracts.

HTTP is code first: a service's `main.create_app(settings)` makes the app without touching database
or broker, and the app describes itself. `contracts.check` compares the files with the merge base.
"""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI

from common.settings import kind_of, load
from contracts.place import ROOT

FOLDER = ROOT / "api"


def services() -> tuple[str, ...]:
    """Every service that programs may call, by the folders of the repository; pages are for people."""
    folders = sorted(path.name for path in (ROOT.parent / "services").iterdir() if path.is_dir())
    there = [name for name in folders if find_spec(f"{name}.main") is not None]
    return tuple(name for name in there if app_of(name).openapi().get("paths"))


def app_of(service: str) -> FastAPI:
    """The service's app with development settings; it is never started."""
    return import_module(f"{service}.main").create_app(load(kind_of(service), service=service))


def text_of(app: FastAPI) -> str:
    """The app's OpenAPI document, always the same for the same routes."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def file_of(service: str) -> Path:
    return FOLDER / f"{service}.openapi.json"


def main() -> int:
    for service in services():
        file_of(service).write_text(text_of(app_of(service)), "utf-8")
        sys.stdout.write(f"contracts: wrote {file_of(service).relative_to(ROOT.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
