"""A bare page of the same stack: one document by its key, as JSON and through a template, and nothing else.

FastAPI, PyMongo's async client, Jinja, uvicorn and uvloop; no checks, no headers, no log. What the
portal's pages are measured beside.

    python -m bench.bare PORT MONGO_URL DATABASE COLLECTION
"""

import sys
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI
from jinja2 import Environment
from pymongo import AsyncMongoClient
from starlette.responses import HTMLResponse, JSONResponse, Response

PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><html lang=vi><meta charset=utf-8><title>{{ it.title }}</title>"
    "<main><h1>{{ it.title }}</h1><p>{{ it.published_at }}</p>{{ it.body.html | safe }}</main></html>"
)


def create(articles: Any) -> FastAPI:
    """Both routes, and one to see that it is there."""
    app = FastAPI()

    @app.get("/health/ready")
    async def ready() -> Response:
        return JSONResponse({"ready": True})

    @app.get("/articles/{id}")
    async def article(id: str) -> Response:
        return JSONResponse(await articles.find_one({"_id": id}))

    @app.get("/bai/{id}")
    async def page(id: str) -> Response:
        return HTMLResponse(PAGE.render(it=await articles.find_one({"_id": id})))

    return app


async def main() -> None:
    port, mongo_url, database, collection = sys.argv[1:]
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        app = create(client[database][collection])
        config = uvicorn.Config(app, port=int(port), log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(main())
