"""The demo's sites, boards, people, positions and delegations as requests to the directory: the data alone decides them.

Whoever begins an installation registers its administrator; from then on the administrator enters the
rest, under the number of each document, where the regulation asks for it with the name of who decided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from embedded.people import written

ADMINISTRATOR = "hanam.quan-tri"
API = "/api/directory"
NOT_SAID = (
    "subject",
    "scopes",
    "listed",
    "registered",
    "duty_vi",
    "duty_en",
    "try_vi",
    "try_en",
)
BEGINNING = {"number": "01/QĐ-NC", "title": "Giao quản trị hệ thống"}


@dataclass(frozen=True)
class Act:
    """One request of the demo; its key makes it the same act at every start."""

    path: str
    key: str
    body: dict[str, Any]


def beginning(issuer: str) -> list[Act]:
    """Makes somebody the administrator: good only while nobody is."""
    me = next(each for each in written()["people"] if each["person_id"] == ADMINISTRATOR)
    place = {
        "position_id": "installation.quan-tri",
        "site": "installation",
        "role": "administrator",
    }
    document = {**BEGINNING, "issued_on": me["valid_from"]}
    position = place | {"valid_from": me["valid_from"], "document": document}
    return [
        _registration(me),
        Act(f"{API}/people/{ADMINISTRATOR}/positions", "demo-administrator", position),
        link(me, issuer),
    ]


def links(issuer: str) -> list[Act]:
    """The sign-ins of everybody at an issuer; the administrator's comes first."""
    known = sorted(_registered(), key=lambda each: each["person_id"] != ADMINISTRATOR)
    return [link(person, issuer) for person in known]


def sites() -> list[Act]:
    return [
        Act(f"{API}/sites", f"demo-site-{each['site']}", dict(each)) for each in written()["sites"]
    ]


def agencies() -> list[Act]:
    """Agencies that only the people of the demo need."""
    return [
        Act(f"{API}/agencies", f"demo-agency-{each['agency_id']}", dict(each))
        for each in written()["agencies"]
    ]


def succeeded() -> frozenset[str]:
    """Agencies whose last day comes with their succession."""
    return frozenset(id for each in written()["successions"] for id in each["predecessors"])


def successions() -> list[Act]:
    return [
        Act(f"{API}/successions", f"demo-succession-{each['successors'][0]}", dict(each))
        for each in written()["successions"]
    ]


def people() -> list[Act]:
    others = (each for each in _registered() if each["person_id"] != ADMINISTRATOR)
    return [_registration(each) for each in others]


def deciders() -> list[Act]:
    """Positions outside of boards: their holders establish the boards."""
    return [_position(each) for each in written()["positions"] if "board" not in each]


def boards() -> list[Act]:
    return [
        Act(f"{API}/boards", f"demo-board-{each['board_id']}", dict(each))
        for each in written()["boards"]
    ]


def seats() -> list[Act]:
    """Positions on boards, those first who decide on others."""
    return [_position(each) for each in written()["positions"] if "board" in each]


def delegations() -> list[Act]:
    return [
        Act(f"{API}/delegations", f"demo-delegation-{each['delegation_id']}", _without(each, "revoked", "site"))
        for each in written()["delegations"]
    ]  # fmt: skip


def revocations() -> list[Act]:
    return [
        Act(
            f"{API}/delegations/{each['delegation_id']}/revocation",
            f"demo-revocation-{each['delegation_id']}",
            dict(each["revoked"]),
        )
        for each in written()["delegations"]
        if "revoked" in each
    ]


def link(person: Mapping[str, Any], issuer: str) -> Act:
    """The person's sign-in; another issuer is another act."""
    body = {"issuer": issuer, "subject": person["subject"]}
    key = f"demo-link-{person['person_id']}-{issuer.translate(_PLAIN)}"
    return Act(f"{API}/people/{person['person_id']}/identities", key[:128], body)


_PLAIN = str.maketrans(dict.fromkeys(":/[]", "."))


def _registered() -> Iterator[Mapping[str, Any]]:
    return (each for each in written()["people"] if each.get("registered", True))


def _registration(person: Mapping[str, Any]) -> Act:
    body = _without(person, *NOT_SAID)
    return Act(f"{API}/people", f"demo-person-{person['person_id']}", body)


def _position(position: Mapping[str, Any]) -> Act:
    path = f"{API}/people/{position['person_id']}/positions"
    body = _without(position, "person_id")
    return Act(path, f"demo-position-{position['position_id']}", body)


def _without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
