"""Views written once: the JSON of a state as of a day, remembered while that very state is listed."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel

S = TypeVar("S")
MOST = 20_000


class Written(Generic[S]):
    """The least recently used leave first. A state that has moved on is another object."""

    def __init__(self, view: Callable[[S, date | None], BaseModel], most: int = MOST) -> None:
        self._view = view
        self._most = most
        self._kept: OrderedDict[tuple[str, date | None], tuple[S, bytes]] = OrderedDict()

    def of(self, id: str, state: S, day: date | None) -> bytes:
        """The JSON of its view."""
        kept = self._kept.get((id, day))
        if kept is not None and kept[0] is state:
            self._kept.move_to_end((id, day))
            return kept[1]
        content = self._view(state, day).model_dump_json().encode()
        self._kept[id, day] = (state, content)
        self._kept.move_to_end((id, day))
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return content
