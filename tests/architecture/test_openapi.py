"""The OpenAPI files are what the services say of themselves today."""

import json

import pytest
from fastapi import FastAPI

from nhipcau import openapi


@pytest.mark.parametrize("service", openapi.services())
def test_a_service_s_document_is_fresh(service):
    file = openapi.file_of(service)

    assert file.is_file(), "run `make contracts`"
    assert file.read_text("utf-8") == openapi.text_of(openapi.app_of(service)), (
        "run `make contracts`"
    )


def test_every_document_belongs_to_a_service():
    files = {
        path.name.removesuffix(".openapi.json") for path in openapi.FOLDER.glob("*.openapi.json")
    }

    assert sorted(files - set(openapi.services())) == []


def answer() -> dict[str, str]:
    return {}


def an_app(*paths: str) -> FastAPI:
    app = FastAPI(title="Thử", version="1")
    for path in paths:
        app.add_api_route(path, answer, name=path.strip("/"))
    return app


def test_a_document_is_the_same_for_the_same_routes_in_any_order():
    assert openapi.text_of(an_app("/a", "/b")) == openapi.text_of(an_app("/b", "/a"))


def test_a_changed_route_changes_the_document():
    assert openapi.text_of(an_app("/a")) != openapi.text_of(an_app("/a", "/b"))


def test_a_document_is_openapi_3_1_with_vietnamese_as_it_is_written():
    text = openapi.text_of(an_app("/a"))

    assert json.loads(text)["openapi"].startswith("3.1.")
    assert "Thử" in text
