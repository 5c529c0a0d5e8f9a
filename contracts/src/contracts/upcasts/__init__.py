"""Old facts in new clothes: pure functions from one version to the next.

Committed facts are never rewritten. Who reads one (a fold, a consumer, a rebuild) lifts it to the
newest version first. A step from vN is a function of its data, listed in `STEPS` under
(type, N) and shown by contracts/examples/<type>.v(N+1)/upcast.json: {"from": …, "to": …}.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Data = Mapping[str, Any]
Step = Callable[[Data], Data]
Steps = Mapping[tuple[str, int], Step]

STEPS: Steps = MappingProxyType({})


def upcast(fact_type: str, version: int, data: Data, steps: Steps = STEPS) -> tuple[int, Data]:
    """The same fact in its newest version; data that is new already comes back as it is."""
    while (step := steps.get((fact_type, version))) is not None:
        data = step(data)
        version += 1
    return version, data
