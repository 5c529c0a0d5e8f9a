"""Gives every test the fixtures of embedded.testing, and hypothesis its two ways to search."""

import os

from hypothesis import HealthCheck, settings

from common.settling import settle

pytest_plugins = [
    "contracts",  # first, else pytest takes the folder contracts/ for the package of that name
    "embedded.testing",
]

# A busy machine is slow, which is no fault. `make test` tries the same examples every time, so that it
# tells about the change and not about luck; `make soak` and plain pytest look for new ones.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("explore", **PATIENT)
settings.register_profile("repeat", derandomize=True, **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "explore"))


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage: a full look at them all stops a story for a second or two."""
    settle()
