"""Random histories against two running processes of the directory: what must hold whatever happens."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as midday
from itertools import combinations
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from rulebook import delegated, person
from rulebook.authority import Act, Powers, prove
from rulebook.explanation import LOCAL
from rulebook.profiles.loader import load_profiles

from .conftest import House, an_agency

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
TODAY = datetime.now(UTC).astimezone(LOCAL).date()
DOCUMENT = {"number": "01/QĐ-UBND"}
KINDS = ("province", "department", "district", "unit")
ROLES = ("agency_head", "board_head")
ACTS = ("answer", "approve_answer", "moderate", "publish", "establish_board")
NEAR = (-40, -1, 0, 1, 30, 31, 200, 400)
DAYS = st.sampled_from(NEAR).map(lambda n: TODAY + timedelta(days=n))
PICK = st.integers(0, 7)
KINDS_OF_ACT = (
    "open",
    "change",
    "close",
    "give",
    "give",
    "give",
    "end",
    "delegate",
    "delegate",
    "revoke",
)
ONE_ACT = st.tuples(st.sampled_from(KINDS_OF_ACT), PICK, PICK, PICK, PICK, DAYS, st.none() | DAYS)
MOST_SITES = 5
PROFILE = load_profiles()["hanam@1"]
SETTLE_SECONDS = 40.0
SOAK = (pytest.mark.slow, pytest.mark.timeout(3600))


class Histories(RuleBasedStateMachine):
    """Acts at either door, as they come; most are refused, and that is half of the proof."""

    def __init__(self, house: House, http: httpx.Client) -> None:
        super().__init__()
        self.house, self.http = house, http
        self.name = f"h{uuid4().hex[:8]}"
        self.seen = ""
        self.sites: list[str] = []
        self.people: list[str] = []
        self.positions: list[tuple[str, str]] = []
        self.delegations: list[str] = []
        self.made = 0

    said = staticmethod(note)

    # -- how it acts --------------------------------------------------------------------------------

    def act(self, door: int, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = self.headers | {"Idempotency-Key": str(uuid4())}
        answer = self.http.post(self.doors[door % 2] + path, json=body, headers=headers)
        self.said(f"{path} {body} -> {answer.status_code} {answer.json().get('code', '')}")
        assert answer.status_code < 500, answer.text
        self.seen = answer.headers.get("Position", self.seen)
        return answer

    def see(self, path: str, **params: str) -> Any:
        answer = self.http.get(self.doors[0] + path, params=params, headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json()

    @property
    def doors(self) -> list[str]:
        return [self.house.processes[name].url for name in ("directory", "directory-2")]

    @property
    def headers(self) -> dict[str, str]:
        seen = {"After-Position": self.seen} if self.seen else {}
        return {"Authorization": f"Bearer {self.house.token}"} | seen

    def fresh(self) -> str:
        self.made += 1
        return f"{self.name}-{self.made}"

    # -- what may happen ----------------------------------------------------------------------------

    @rule(acts=st.lists(ONE_ACT, min_size=12, max_size=24))
    def happen(self, acts: list[tuple[str, int, int, int, int, date, date | None]]) -> None:
        for kind, *drawn in acts:
            self.one(kind, *drawn)

    def one(  # noqa: PLR0917 - drawn at random
        self, kind: str, door: int, one: int, two: int, three: int, day: date, other: date | None
    ) -> None:
        match kind:
            case "open" if len(self.sites) < MOST_SITES:
                self.open(door, one, two, day, other)
            case "change":
                self.change(door, one, two, day, other, three)
            case "close":
                self.close(door, one, two if three else None, day)
            case "give":
                self.give(door, one, two, three, day, other)
            case "end":
                self.end(door, one, max(day, TODAY))
            case "delegate":
                ends = other or day + timedelta(days=100)
                self.delegate(door, (one, two), three, max(day, TODAY), ends)
            case "revoke":
                self.revoke(door, one)

    @initialize()
    def begin(self) -> None:
        self.agency = f"{self.name}.a"
        self.act(0, "/agencies", an_agency(self.agency))
        self.open(0, 0, 0, TODAY - timedelta(days=400), None)
        for _ in range(3):
            id = f"{self.name}.p{len(self.people)}"
            body = {"site": self.sites[0], "full_name": "An", "valid_from": "2020-01-01"}
            self.act(0, "/people", body | {"person_id": id})
            self.people.append(id)
        self.give(0, 0, 0, 0, TODAY - timedelta(days=40), None)

    def open(self, door: int, kind: int, parent: int, since: date, until: date | None) -> None:
        site = self.fresh()
        body = {
            "site": site,
            "agency": self.agency,
            "kind": KINDS[kind % 4],
            "profile": "hanam@1",
            "name_vi": f"Cổng {site}",
            "valid_from": since.isoformat(),
            "document": DOCUMENT,
        }
        if until:
            body["valid_to"] = until.isoformat()
        if kind % 4 and self.sites:
            body["parent"] = self.sites[parent % len(self.sites)]
        if self.act(door, "/sites", body).is_success:
            self.sites.append(site)

    def change(  # noqa: PLR0917 - drawn at random
        self, door: int, site: int, parent: int, since: date, until: date | None, what: int
    ) -> None:
        new = {"parent": self.sites[parent % len(self.sites)]}
        body = {
            "valid_from": since.isoformat(),
            "changes": {"name_vi": f"Tên {self.fresh()}"} if what % 2 else new,
            "document": DOCUMENT,
        }
        if until:
            body["valid_to"] = until.isoformat()
        self.act(door, f"/sites/{self.sites[site % len(self.sites)]}/changes", body)

    def close(self, door: int, site: int, successor: int | None, on: date) -> None:
        body = {"closes_on": on.isoformat(), "document": DOCUMENT}
        if successor is not None:
            body["successor"] = self.sites[successor % len(self.sites)]
        self.act(door, f"/sites/{self.sites[site % len(self.sites)]}/closing", body)

    def give(  # noqa: PLR0917 - drawn at random
        self, door: int, who: int, role: int, site: int, since: date, until: date | None
    ) -> None:
        holder, position = self.people[who % 3], self.fresh()
        body = {
            "position_id": position,
            "role": ROLES[role % 2],
            "site": self.sites[site % len(self.sites)],
            "valid_from": since.isoformat(),
            "document": DOCUMENT,
        }
        if until:
            body["valid_to"] = until.isoformat()
        if self.act(door, f"/people/{holder}/positions", body).is_success:
            self.positions.append((holder, position))

    def end(self, door: int, position: int, on: date) -> None:
        """Taking a power away never gives one."""
        if not self.positions:
            return
        holder, id = self.positions[position % len(self.positions)]
        before = self.powers()
        body = {"ends_on": on.isoformat(), "document": DOCUMENT}
        self.act(door, f"/people/{holder}/positions/{id}/end", body)
        assert self.powers() <= before

    def delegate(
        self, door: int, parties: tuple[int, int], pick: int, since: date, until: date
    ) -> None:
        id = self.fresh()
        giver, receiver = (self.people[each % 3] for each in parties)
        body = {
            "delegation_id": id,
            "giver": giver,
            "receiver": receiver,
            "acts": [ACTS[pick % 2]],
            "sites": [self.sites[pick % 2 % len(self.sites)]],
            "valid_from": since.isoformat(),
            "valid_to": until.isoformat(),
            "document": DOCUMENT,
        }
        if self.act(door, "/delegations", body).is_success:
            assert giver != receiver
            self.delegations.append(id)

    def revoke(self, door: int, delegation: int) -> None:
        """Taking a power away never gives one."""
        if not self.delegations:
            return
        before = self.powers()
        id = self.delegations[delegation % len(self.delegations)]
        self.act(door, f"/delegations/{id}/revocation", {})
        assert self.powers() <= before

    # -- what must hold -----------------------------------------------------------------------------

    def powers(self) -> set[tuple[str, str, str, date]]:
        """(person, act, site, day) for everything anybody may do today and later."""
        known = [self.folded("people", id, person.of_stored) for id in self.people]
        given = [self.folded("delegations", id, delegated.of_stored) for id in self.delegations]
        powers = Powers(
            tuple(position for each in known for position in each.positions),
            tuple(each.power for each in given),
        )
        days = [TODAY + timedelta(days=n) for n in (1, 30, 200, 390)]
        return {
            (who, act, site, day)
            for who in self.people
            for act in ACTS
            for site in self.sites
            for day in days
            if prove(PROFILE, self.asked(who, act, site, day), powers).allowed
        }

    def asked(self, who: str, act: str, site: str, day: date) -> Act:
        at = datetime.combine(day, midday(12), LOCAL)
        return Act(who, act, site, at, facts={"site_kind": "province"})

    def folded(self, kind: str, id: str, fold: Any) -> Any:
        return fold(self.facts(kind, id))

    def facts(self, kind: str, id: str) -> list[dict[str, Any]]:
        return [fact for entry in self.see(f"/{kind}/{id}/history") for fact in entry["facts"]]

    def teardown(self) -> None:
        if self.sites:
            self.settle()
            self.check_positions()
            self.check_days()

    def settle(self) -> None:
        """What follows a closing comes of itself, within a few ticks."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while faults := list(self.loose_ends()):
            assert time.monotonic() < deadline, faults
            time.sleep(0.2)  # another process sends no event

    def loose_ends(self) -> Iterator[str]:
        """Links into nothing, and links that come back."""
        sites = {id: Story(self.facts("sites", id)) for id in self.sites}
        for id, story in sites.items():
            for day in story.days():
                yield from broken(sites, id, day)
            if story.successor is not None:
                heir = sites[story.successor]
                assert heir.on(story.ends) is not None, f"{id} -> {story.successor}"
        for holder in self.people:
            for post in Posts(self.facts("people", holder)):
                site = sites[post["site"]]
                last = (post["to"] or date.max) - timedelta(days=1)
                if (last >= post["from"] and site.on(last) is None and last < date(9000, 1, 1)) or (
                    post["to"] is None and site.ends is not None
                ):
                    yield f"{post['id']} outlives {post['site']}"

    def check_positions(self) -> None:
        """One role at one place is held once on a day."""
        for holder in self.people:
            for one, other in combinations(Posts(self.facts("people", holder)), 2):
                if (one["role"], one["site"]) == (other["role"], other["site"]):
                    begins = max(one["from"], other["from"])
                    ends = min(one["to"] or date.max, other["to"] or date.max)
                    assert begins >= ends, (one, other)

    def check_days(self) -> None:
        """What is told as of a day agrees with the history told by itself."""
        for id in self.sites:
            story = Story(self.facts("sites", id))
            for day in story.days():
                expected = story.on(day)
                answer = self.http.get(f"{self.doors[1]}/sites/{id}", params={"on": str(day)})
                if expected is None:
                    assert answer.status_code == 404
                else:
                    told = answer.json()["attributes"]
                    assert {name: told.get(name) for name in expected} == expected


class Story:
    """A second, slow reading of a site's facts: for one day at a time, without the product's code."""

    def __init__(self, facts: list[dict[str, Any]]) -> None:
        self.all = [(fact["type"].split(".")[1], fact["data"]) for fact in facts]
        opened = self.all[0][1]
        self.begins = date.fromisoformat(opened["valid_from"])
        self.ends = date.fromisoformat(opened["valid_to"]) if opened.get("valid_to") else None
        self.successor: str | None = None
        for kind, data in self.all:
            if kind == "site_closed":
                self.ends, self.successor = (
                    date.fromisoformat(data["closes_on"]),
                    data.get("successor"),
                )

    def on(self, day: date | None) -> dict[str, Any] | None:
        if day is None or day < self.begins or (self.ends is not None and day >= self.ends):
            return None
        now = {name: self.all[0][1].get(name) for name in ("name_vi", "parent", "agency")}
        for kind, data in self.all:
            if kind == "site_changed" and data["valid_from"] <= str(day) < (
                data.get("valid_to") or "9"
            ):
                now |= {k: v for k, v in data["changes"].items() if v is not None}
                now |= dict.fromkeys(data.get("cleared") or (), None)
        return now

    def days(self) -> Iterable[date]:
        told = {self.begins, self.ends or self.begins}
        for kind, data in self.all:
            if kind == "site_changed":
                told |= {
                    date.fromisoformat(d) for d in (data["valid_from"], data.get("valid_to")) if d
                }
        return sorted({day + timedelta(days=n) for day in told for n in (-1, 0)} | {TODAY + timedelta(days=500)})  # fmt: skip


def broken(sites: dict[str, Story], id: str, day: date) -> Iterator[str]:
    """Walk up from a site on a day: every parent is there, and none comes twice."""
    seen, current = {id}, id
    while (now := sites[current].on(day)) is not None and now["parent"] is not None:
        parent = now["parent"]
        if parent in seen:
            raise AssertionError(f"{parent} comes twice above {id} on {day}")
        if sites[parent].on(day) is None:
            yield f"{current} belongs to {parent} on {day}, which is not there"
            return
        seen.add(parent)
        current = parent


def Posts(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: N802 - reads as a noun
    """A person's positions, read slowly: from, to, role, site."""
    posts: dict[str, dict[str, Any]] = {}
    for fact in facts:
        kind, data = fact["type"].split(".")[1], fact["data"]
        if kind == "position_given":
            ends = data.get("valid_to")
            posts[data["position_id"]] = {
                "id": data["position_id"],
                "role": data["role"],
                "site": data["site"],
                "from": date.fromisoformat(data["valid_from"]),
                "to": date.fromisoformat(ends) if ends else None,
            }
        elif kind == "position_ended":
            posts[data["position_id"]]["to"] = date.fromisoformat(data["ends_on"])
    return list(posts.values())


@pytest.fixture(scope="module")
def two_doors(house: House) -> House:
    house.service("directory-2", "directory")
    house.wait_ready("directory-2")
    return house


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20) as client:
        yield client


@pytest.mark.parametrize("examples", [8, pytest.param(150, marks=SOAK)])
def test_random_histories_leave_no_overlap_no_loose_end_and_no_new_power(
    two_doors: House, http: httpx.Client, examples: int
):
    run_state_machine_as_test(
        lambda: Histories(two_doors, http),
        settings=settings(
            max_examples=examples,
            stateful_step_count=4,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_of_many_who_take_one_domain_name_at_two_doors_one_gets_it(
    two_doors: House, http: httpx.Client
):
    told = Histories(two_doors, http)
    told.said = lambda _: None
    told.begin()
    body = {
        "agency": told.agency,
        "kind": "department",
        "profile": "hanam@1",
        "name_vi": "Trang",
        "domain": f"{told.name}.hanam.gov.vn",
        "valid_from": "2020-01-01",
        "document": DOCUMENT,
    }

    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda n: told.act(n, "/sites", body | {"site": f"{told.name}-d{n}"}), range(8)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_of_many_who_take_one_code_at_two_doors_one_gets_it(two_doors: House, http: httpx.Client):
    told = Histories(two_doors, http)
    told.said = lambda _: None
    told.begin()
    body = {
        "site": "hanam",
        "jurisdiction": "hanam",
        "name_vi": "Sở",
        "kind": "department",
        "identifier_code": f"H25.{told.name[-6:]}".upper(),
        "valid_from": "2020-01-01",
    }

    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda n: told.act(n, "/agencies", body | {"agency_id": f"{told.name}.c{n}"}),
                range(8),
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["errors"][0]["pointer"] == "/identifier_code"
