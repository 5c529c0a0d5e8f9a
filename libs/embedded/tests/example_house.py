"""A program like `make run` with one small service: `python example_house.py PORT DATA [sick|broken]`."""

import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from pymongo import AsyncMongoClient

from common.health import Health
from embedded import place
from embedded.rooms import Room
from embedded.run import run
from embedded.trouble import Trouble


def create_app(mongo_url: str, how: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI):
        if how == "broken":
            raise RuntimeError("no index for the example")
        async with AsyncMongoClient(mongo_url) as client:
            yield {"notes": client["example"]["notes"]}
        sys.stdout.write("example: closed\n")

    app = FastAPI(title="example", lifespan=lifespan)
    app.state.health = Health("example")

    async def mongo() -> str:
        if how == "sick":
            raise OSError("away")
        return "answers"

    app.state.health.add("mongo", mongo)

    @app.post("/notes/{text}", status_code=201, summary="Write a note down")
    async def write(text: str, request: Request) -> dict[str, str]:
        await request.state.notes.insert_one({"text": text})
        return {"text": text}

    @app.get("/notes", summary="All notes")
    async def read(request: Request) -> list[str]:
        return [note["text"] async for note in request.state.notes.find().sort("text")]

    @app.post("/end", status_code=204, summary="Go on no longer")
    async def end() -> None:
        app.state.health.give_up()

    return app


def main() -> int:
    port, data, how = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    try:
        with place.listen(port) as door:
            run(
                door,
                data,
                began=time.monotonic(),
                make=lambda engines, _: [Room("example", create_app(engines.mongo_url, how))],
            )
    except Trouble as trouble:
        sys.stderr.write(f"run: {trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
