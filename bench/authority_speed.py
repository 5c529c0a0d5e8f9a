"""How long a decision on authority takes from a service's projection, as JSON; exit 1 above the limit.

python -m bench.authority_speed [--seconds 1.0]

2,000 people with a position each on four sites, 200 delegations. `kept`: the same question again, as in
daily work; `first`: after any change of the directory; `refused`: with everybody who may act instead.
"""

import argparse
import json
import sys
from datetime import timedelta
from itertools import count

from authority import Asked
from authority.testing import NOON, Told, an_authority, signed_in
from bench.rulebook_speed import median_us
from common.errors import Forbidden

LIMITS = {"kept_us": 20.0}
SITES = ("hanam", "hanam-snv", "hanam-stc", "hanam-syt")
PEOPLE, DELEGATIONS = 2_000, 200


def a_town() -> Told:
    """The directory of a province's portals."""
    told = Told()
    for site in SITES:
        told.site(site)
    for number in range(PEOPLE):
        person, site = f"p{number}", SITES[number % len(SITES)]
        told.person(person)
        role = "agency_head" if number < len(SITES) else "board_member"
        told.position(person, role, site=site)
    for number in range(DELEGATIONS):
        place = number % len(SITES)
        receiver = f"p{number + len(SITES)}"
        told.delegation(f"d{number}", f"p{place}", receiver, ["answer"], sites=[SITES[place]])
    return told


def measure(seconds: float) -> dict[str, float]:
    authority = an_authority(a_town())
    head, officer, other = signed_in("p0"), signed_in("p4"), signed_in("p1999")
    answer = Asked("answer", "hanam")
    moments = (NOON + timedelta(milliseconds=number % 60_000) for number in count())

    def refused() -> None:
        authority.followed.known.version += 1
        try:
            authority.demand(other, answer, NOON)
        except Forbidden:
            return

    def first() -> None:
        authority.followed.known.version += 1
        authority.demand(officer, answer, NOON)

    proven = authority.demand(officer, answer, NOON)
    found = {
        "kept_us": median_us(lambda: authority.demand(head, answer, next(moments)), seconds),
        "kept_by_delegation_us": median_us(
            lambda: authority.demand(officer, answer, next(moments)), seconds
        ),
        "first_us": median_us(first, seconds),
        "refused_us": median_us(refused, seconds),
        "proof_document_us": median_us(lambda: proven.document, seconds),
    }
    return {name: round(value, 2) for name, value in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0)
    found = measure(parser.parse_args().seconds)
    missed = [name for name, limit in LIMITS.items() if found[name] >= limit]
    said = {"bench": "authority", "medians": found, "limits": LIMITS, "missed": missed}
    sys.stdout.write(json.dumps(said, indent=2) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
