"""Every process is killed and frozen under load; what was acknowledged is counted everywhere."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from pymongo import MongoClient

from .conftest import House, Load, an_agency
from .counting import a_whole_copy, counted_everywhere, everything_arrived
from .waiting import until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
CLIENTS = 6
RACES = 6
BEFORE_THE_SWEEP = (
    45  # seconds: a minute after a relay began to lead its sweep would mend what is missing
)
AT_WORK = 0.8  # so many kills meet a house at work, the others one that may be just starting
KILLS = int(os.environ.get("KILLS", "300"))


async def under_load(load: Load, faults: Callable[[], Any], service: str = "directory") -> None:
    clients = [asyncio.create_task(load.client(service)) for _ in range(CLIENTS)]
    try:
        await until(lambda: _acknowledged(load, 20))
        await faults()
        before = len(load.acknowledged)
        await until(lambda: _acknowledged(load, before + 20))
    finally:
        load.stopping = True
        await asyncio.gather(*clients)


async def _acknowledged(load: Load, count: int) -> bool:
    return len(load.acknowledged) >= count


VICTIMS = ("directory", "portal", "mongod", "Kafka")


async def kill(house: House, victim: str, random: Random) -> None:
    await asyncio.sleep(random.random())
    process = house.processes.get(victim) or house.engines.processes[victim]
    await asyncio.to_thread(process.kill9)
    await asyncio.sleep(random.random())
    await asyncio.to_thread(process.restart)


@pytest.mark.parametrize("victim", VICTIMS)
async def test_a_process_killed_under_load_loses_and_doubles_nothing(
    house: House, load: Load, victim: str, tmp_path: Path
):
    await under_load(load, lambda: kill(house, victim, load.random))

    house.wait_ready("directory", "portal")
    await everything_arrived(load)
    counted_everywhere(load, tmp_path)


def begin_again(house: House, driver: str) -> None:
    """Both services, by this driver of MongoDB."""
    for name in ("directory", "portal"):
        house.processes[name].stop()
        house.processes[name].environment["MONGO_DRIVER"] = driver
        house.processes[name].start()
    house.wait_ready("directory", "portal")


@pytest.fixture
def on_motor(house: House) -> Generator[None]:
    begin_again(house, "motor")
    yield
    begin_again(house, "pymongo")


def drivers(house: House) -> set[str]:
    """What drives the connections that MongoDB has now."""
    looked = {"$currentOp": {"allUsers": True, "idleConnections": True}}
    with mongo(house) as client:
        connections = list(client.admin.aggregate([looked]))
    return {c["clientMetadata"]["driver"]["name"] for c in connections if "clientMetadata" in c}


@pytest.mark.usefixtures("on_motor")
async def test_the_other_driver_loses_and_doubles_nothing_either(
    house: House, load: Load, tmp_path: Path
):
    assert any("Motor" in name for name in drivers(house)), drivers(house)

    await under_load(load, lambda: kill(house, "mongod", load.random))

    house.wait_ready("directory", "portal")
    await everything_arrived(load)
    counted_everywhere(load, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(7200)
async def test_hundreds_of_kills_lose_and_double_nothing(
    house: House, load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    random = Random(20261123)

    async def many() -> None:
        for number in range(1, KILLS + 1):
            victim = random.choice(VICTIMS)
            await kill(house, victim, random)
            before = len(load.acknowledged)
            with capsys.disabled():
                print(f"kill {number} of {KILLS}: {victim}; {before} acknowledged")  # noqa: T201 - hours without a word look like a hang
            if random.random() < AT_WORK:
                await until(lambda: _acknowledged(load, before + 20))  # noqa: B023 - awaited here
            await asyncio.sleep(random.random() * 3)

    await under_load(load, many)

    house.wait_ready("directory", "portal")
    await everything_arrived(load)
    counted_everywhere(load, tmp_path)


@pytest.mark.parametrize("victim", ["mongod", "Kafka"])
@pytest.mark.parametrize(
    "seconds",
    [pytest.param(6, id="a-while"), pytest.param(60, id="a-minute", marks=pytest.mark.slow)],
)
async def test_an_engine_frozen_under_load_loses_nothing(
    house: House, load: Load, victim: str, seconds: int
):
    engine = house.engines.processes[victim]

    async def freeze() -> None:
        engine.pause()
        await asyncio.sleep(seconds)
        engine.resume()

    await under_load(load, freeze)

    house.wait_ready("directory", "portal", within=90)
    await everything_arrived(load)


async def test_of_two_relays_one_paused_after_its_lease_check_harms_nobody(
    house: House, load: Load, tmp_path: Path
):
    second = house.service("directory-2", "directory")
    house.wait_ready("directory-2")
    first = house.processes["directory"]

    async def pause_the_leader() -> None:
        first.pause()
        await asyncio.sleep(13)
        first.resume()
        await asyncio.sleep(1)

    try:
        await under_load(load, pause_the_leader, service="directory-2")
        await everything_arrived(load)
        a_whole_copy(house, tmp_path)
    finally:
        second.stop()
        del house.processes["directory-2"]


@dataclass(frozen=True)
class Race:
    """Two processes change one agency from the same version, at once."""

    load: Load
    agency: str
    services: tuple[str, ...]

    async def run(self, note: str) -> None:
        """The database stands still until both have decided; each repeats its act until it is done."""
        assert len({len(await self.history(service)) for service in self.services}) == 1
        mongod = self.load.house.engines.processes["mongod"]
        mongod.pause()
        try:
            acts = [
                asyncio.create_task(self.change(f"{note} by {service}", service))
                for service in self.services
            ]
            done, _ = await asyncio.wait(acts, timeout=0.5)
            assert not done
        finally:
            mongod.resume()
        await asyncio.gather(*acts)

    async def change(self, note: str, service: str) -> None:
        body = {"valid_from": "2021-01-01", "changes": {"note": note}}
        path, key = f"/agencies/{self.agency}/changes", f"{self.agency} {note}".replace(" ", "-")
        while True:
            answer = await self.load.post(path, body, key, service)
            if answer is not None and answer.status_code < 500:
                assert answer.status_code == 200, answer.text
                return

    async def history(self, service: str) -> list[dict[str, Any]]:
        url = f"{self.load.house.processes[service].url}/agencies/{self.agency}/history"
        answer = await self.load.http.get(url)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def lost(self) -> int:
        """How many commits of both the unique indexes refused."""
        pages = [
            (await self.load.http.get(f"{self.load.house.processes[service].url}/metrics")).text
            for service in self.services
        ]
        lines = [line for page in pages for line in page.splitlines()]
        found = [line for line in lines if line.startswith("append_conflicts_total ")]
        assert len(found) == len(self.services)
        return sum(int(float(line.split()[1])) for line in found)


async def test_two_processes_on_one_stream_agree_on_its_order(house: House, load: Load):
    second = house.service("directory-2", "directory")
    house.wait_ready("directory-2")
    race = Race(load, f"{load.name}.shared", ("directory", "directory-2"))
    await load.register(race.agency)
    for service in race.services:
        await race.change(f"first by {service}", service)
    try:
        before = await race.lost()
        for number in range(RACES):
            await race.run(f"race {number}")
        lost = await race.lost() - before
        histories = [await race.history(service) for service in race.services]
    finally:
        second.stop()
        del house.processes["directory-2"]

    assert lost >= RACES / 2  # a slow machine may let one win before the other has begun
    assert histories[0] == histories[1]
    assert [entry["version"] for entry in histories[0]] == list(range(1, 2 * RACES + 4))
    notes = [entry["facts"][0]["data"]["changes"]["note"] for entry in histories[0][1:]]
    assert len(notes) == len(set(notes))


async def test_a_client_that_hangs_up_finds_its_act_done_once(house: House, load: Load):
    agencies = [f"{load.name}.hung{n}" for n in range(20)]

    async def hang_up(agency: str) -> None:
        headers = {"Authorization": f"Bearer {house.token}", "Idempotency-Key": f"hang-{agency}"}
        url = f"{house.processes['directory'].url}/agencies"
        timeout = httpx.Timeout(load.random.random() * 0.02 + 0.001)
        try:
            async with httpx.AsyncClient(timeout=timeout) as http:
                await http.post(url, json=an_agency(agency), headers=headers)
        except httpx.TransportError:
            return

    await asyncio.gather(*(hang_up(agency) for agency in agencies))
    for agency in agencies:
        again = await load.post("/agencies", an_agency(agency), f"hang-{agency}")
        assert again is not None
        assert again.status_code == 201
        load.acknowledged[agency] = f"hang-{agency}"

    await everything_arrived(load)


@dataclass(frozen=True)
class Act:
    """One change of an agency under one key, which would show twice if it were done twice."""

    load: Load
    agency: str

    async def ask(self, service: str) -> httpx.Response | None:
        """One try; None when no answer came in time."""
        body = {"valid_from": "2021-01-01", "changes": {"note": "once"}}
        path = f"/agencies/{self.agency}/changes"
        return await self.load.post(path, body, f"act-{self.agency}", service)

    async def hang_up(self, service: str) -> None:
        """Half a second's patience."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                assert await self.ask(service) is None

    async def until_answered(self, service: str) -> httpx.Response:
        while True:
            answer = await self.ask(service)
            if answer is not None and answer.status_code < 500:
                return answer


async def test_a_request_that_outlives_its_client_is_done_once_however_often_it_is_repeated(
    house: House, load: Load
):
    """The database stands still, so the first tries are under way when the same key comes again."""
    second = house.service("directory-2", "directory")
    house.wait_ready("directory-2")
    both = ("directory", "directory-2")
    act = Act(load, f"{load.name}.outlived")
    await load.register(act.agency)
    mongod = house.engines.processes["mongod"]
    try:
        mongod.pause()
        await asyncio.gather(*(act.hang_up(service) for service in (*both, *both)))
        again = [asyncio.create_task(act.ask(service)) for service in both]
        await asyncio.wait(again, timeout=0.5)
        mongod.resume()
        await asyncio.gather(*again)
        answers = [await act.until_answered(service) for service in both]
    finally:
        mongod.resume()
        second.stop()
        del house.processes["directory-2"]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    url = f"{house.processes['directory'].url}/agencies/{act.agency}/history"
    assert len((await load.http.get(url)).json()) == 2


async def test_one_key_serves_one_request(house: House, load: Load):
    first = await load.register(f"{load.name}.once")
    again = await load.post("/agencies", an_agency(f"{load.name}.once"), f"load-{load.name}.once")
    other = await load.post("/agencies", an_agency(f"{load.name}.else"), f"load-{load.name}.once")
    assert again is not None
    assert other is not None

    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert house.processes["directory"].child is not None


def mongo(house: House) -> MongoClient[dict[str, Any]]:
    return MongoClient(house.engines.mongo_url)


@pytest.mark.parametrize("damage", ["lost", "refused"])
async def test_a_relay_without_its_resume_token_leaves_nothing_out(
    house: House, load: Load, damage: str, tmp_path: Path
):
    """Kafka stands still meanwhile, so the log holds what nobody was told when the token goes."""
    kafka = house.engines.processes["Kafka"]
    kafka.pause()
    try:
        for number in range(10):
            await load.register(f"{load.name}.a{number}")
        house.processes["directory"].kill9()
    finally:
        kafka.resume()
    with mongo(house) as client:
        relay = client[f"{house.prefix}_directory"]["relay"]
        if damage == "lost":
            relay.delete_one({"_id": "token"})
        else:
            relay.update_one({"_id": "token"}, {"$set": {"token._data": "82" + "0" * 60}})
    house.processes["directory"].restart()
    house.wait_ready("directory")

    await asyncio.gather(*(load.register(f"{load.name}.b{n}") for n in range(10)))

    async with asyncio.timeout(BEFORE_THE_SWEEP):
        await everything_arrived(load)
    a_whole_copy(house, tmp_path)


async def produce(house: House, key: str, value: bytes, headers: list[tuple[str, bytes]]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=house.engines.kafka_bootstrap, max_request_size=2_000_000
    )
    await producer.start()
    try:
        topic = f"{house.prefix}.directory.agency"
        await producer.send_and_wait(topic, value, key=key.encode(), headers=headers)
    finally:
        await producer.stop()


def a_forged_record(stream: str, version: int) -> list[tuple[str, bytes]]:
    zeros = b"0" * 64
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", f"directory{stream}/{version}.0".encode()),
        ("ce_type", b"directory.agency_changed.v1"),
        ("ce_source", stream.encode()),
        ("ce_time", b"2026-11-23T05:00:00.000Z"),
        ("ce_sequence", b"%010d" % version),
        ("ce_dataschema", b"urn:nhipcau:event:directory.agency_changed.v1"),
        ("content-type", b"application/json"),
        ("ce_site", b"hanam"),
        ("ce_incarnation", b"1"),
        ("ce_streamversion", b"%d" % version),
        ("ce_factindex", b"0"),
        ("ce_prevhash", zeros),
        ("ce_hash", zeros),
        ("ce_envelopedigest", zeros),
        ("ce_factdigests", zeros),
    ]


def parked(house: House, stream: str) -> list[dict[str, Any]]:
    with mongo(house) as client:
        found = client[f"{house.prefix}_portal"]["parked"].find({"stream": stream})
        return sorted(found, key=lambda record: record["sequence"])


async def test_a_poison_fact_is_parked_with_its_stream_and_replay_works(house: House, load: Load):
    sick, well = f"{load.name}.sick", f"{load.name}.well"
    await load.register(sick)
    await everything_arrived(load)
    stream = f"/directory/agency/{sick}"
    await produce(house, stream, b'{"broken": true}', a_forged_record(stream, 2))
    await until(lambda: _has_parked(house, stream, 1))

    del load.acknowledged[sick]
    for day, name in (("2021-01-01", "lành"), ("2022-01-01", "sau")):
        change = {"valid_from": day, "changes": {"name_vi": f"Sở thử {name} {sick}"}}
        await load.post(f"/agencies/{sick}/changes", change, f"heal-{day}-{sick}")
    await load.register(well)
    await everything_arrived(load)
    await until(lambda: _has_parked(house, stream, 2))
    url = f"{house.processes['portal'].url}/agencies/{sick}"
    still_old = (await load.http.get(url)).json()["name_vi"]
    replayed = house.command(
        "portal", "replay", "-s", "portal", "portal", "directory.agency", stream
    )

    assert still_old == f"Sở thử {sick}"
    assert replayed.returncode == 0, replayed.stderr
    await until(lambda: _healed(load, url))
    assert parked(house, stream) == []

    await rebuilt(house)

    assert await _healed(load, url)
    assert parked(house, stream) == []


def serving(house: House) -> int:
    """The number of the portal's generation that serves."""
    with mongo(house) as client:
        found = client[f"{house.prefix}_portal"]["generations"].find_one({"_id": "portal"})
        return found.get("active", 1) if found else 1


async def rebuilt(house: House) -> int:
    """Have the portal's projection made anew; answers the generation that served before."""
    before = serving(house)
    asked = await asyncio.to_thread(house.command, "portal", "rebuild", "-s", "portal", "portal")
    assert asked.returncode == 0, asked.stderr

    async def serves() -> bool:
        return serving(house) > before

    await until(serves)
    return before


async def _has_parked(house: House, stream: str, count: int) -> bool:
    return len(parked(house, stream)) == count


async def _healed(load: Load, url: str) -> bool:
    """Whether what was parked is shown, and what came behind it."""
    then = (await load.http.get(url, params={"on": "2021-06-01"})).json()["name_vi"]
    now = (await load.http.get(url)).json()["name_vi"]
    return then.startswith("Sở thử lành ") and now.startswith("Sở thử sau ")


@dataclass(frozen=True)
class Odd:
    """A record that is whole but for one thing; `code`: what it must be parked for."""

    code: str
    value: bytes = b'{"agency_id": "hanam.x", "valid_from": "2021-01-01", "changes": {"note": "x"}}'
    header: tuple[str, bytes] = ("ce_site", b"hanam")

    def headers(self, stream: str) -> list[tuple[str, bytes]]:
        return list((dict(a_forged_record(stream, 1)) | dict([self.header])).items())


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(
            Odd("breaks-its-schema", b'{"note": "' + b"x" * 900_000 + b'"}'), id="oversized"
        ),
        pytest.param(Odd("undecodable", header=("ce_site", b"\xff\xfe")), id="header-not-utf-8"),
        pytest.param(Odd("undecodable", b"\xff\x00", ("ce_sequence", b"x")), id="garbage"),
    ],
)
async def test_a_record_nobody_can_read_is_parked_and_the_rest_moves_on(
    house: House, load: Load, odd: Odd
):
    stream = f"/directory/agency/{load.name}.unread{uuid4().hex[:6]}"

    await produce(house, stream, odd.value, odd.headers(stream))
    await asyncio.gather(*(load.register(f"{load.name}.c{n}") for n in range(5)))

    await everything_arrived(load)
    await until(lambda: _has_parked(house, stream, 1))
    (record,) = parked(house, stream)
    assert record["code"] == odd.code
    assert (record["value"], dict(record["headers"])) == (odd.value, dict(odd.headers(stream)))
    house.wait_ready("portal")


@contextlib.asynccontextmanager
async def shown_all_the_while(load: Load, agency: str) -> AsyncGenerator[None]:
    """Somebody asks the portal for an agency without a pause, and never misses it."""
    url = f"{load.house.processes['portal'].url}/agencies"
    seen: list[bool] = []

    async def look() -> None:
        while True:
            found = await load.http.get(url, params={"q": agency, "limit": "100"})
            seen.append(agency in {each["agency_id"] for each in found.json()["items"]})

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])
    assert looking.cancelled(), looking.exception()
    assert seen
    assert all(seen)


def held_by(house: House, generation: int, names: str) -> dict[str, dict[str, Any]]:
    """The agencies with names of this beginning in one generation of the portal."""
    with mongo(house) as client:
        agencies = client[f"{house.prefix}_portal"][f"agencies@{generation}"]
        return {d["_id"]: d for d in agencies.find({"_id": {"$gt": names, "$lt": names + "~"}})}


async def test_a_rebuild_under_load_ends_equal_to_what_it_replaces(house: House, load: Load):
    before: list[int] = []
    await asyncio.gather(*(load.register(f"{load.name}.old{number}") for number in range(20)))
    await everything_arrived(load)

    async def rebuild() -> None:
        before.append(await rebuilt(house))
        assert len(held_by(house, serving(house), f"{load.name}.old")) == 20

    async with shown_all_the_while(load, f"{load.name}.old0"):
        await under_load(load, rebuild)
        await everything_arrived(load)

    old = held_by(house, before[0], load.name)
    new = held_by(house, serving(house), load.name)
    assert old
    assert all(
        new[key]["facts"][: len(document["facts"])] == document["facts"]
        for key, document in old.items()
    )


async def noted_by_kafka(house: House, load: Load, before: list[dict[str, Any]]) -> None:
    """Until the group's own offsets, which are for the eye, are past what is restored.

    Whoever begins there after the restore leaves out what came in between. They are noted with a batch,
    so more comes meanwhile.
    """
    names = (f"{load.name}.f{number}" for number in count())
    restored = {(d["topic"], d["partition"]): d["next"] for d in before}
    group = f"{house.prefix}.portal@{serving(house)}"
    admin = AIOKafkaAdminClient(bootstrap_servers=house.engines.kafka_bootstrap)

    async def is_noted() -> bool:
        await load.register(next(names))
        noted = await admin.list_consumer_group_offsets(group)
        return any(
            known.offset > restored.get((place.topic, place.partition), 0) + 1
            for place, known in noted.items()
            if place.topic.endswith("directory.agency")
        )

    await admin.start()
    await until(is_noted)
    await admin.close()
    await everything_arrived(load)


async def test_a_projection_restored_to_yesterday_catches_up(house: House, load: Load):
    await asyncio.gather(*(load.register(f"{load.name}.d{n}") for n in range(5)))
    await everything_arrived(load)
    with mongo(house) as client:
        database = client[f"{house.prefix}_portal"]
        backup = {name: list(database[name].find()) for name in database.list_collection_names()}
    await asyncio.gather(*(load.register(f"{load.name}.e{n}") for n in range(10)))
    await everything_arrived(load)
    await noted_by_kafka(house, load, backup["offsets"])

    house.processes["portal"].kill9()
    with mongo(house) as client:
        database = client[f"{house.prefix}_portal"]
        for name in database.list_collection_names():
            database[name].delete_many({})
            if backup.get(name):
                database[name].insert_many(backup[name])
    house.processes["portal"].restart()
    house.wait_ready("portal")

    await everything_arrived(load)
