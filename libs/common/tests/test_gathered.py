"""What is asked while an answer is under way is answered together after it."""

import asyncio

import pytest

from common.gathered import Gathered


class Place:
    """Answers each number with its double, when it is let; remembers what was asked together."""

    def __init__(self):
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.fault: Exception | None = None

    async def answer(self, asked):
        self.groups.append(list(asked))
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        return [2 * each for each in asked]


@pytest.fixture
def place():
    return Place()


async def test_those_who_wait_are_answered_together_in_order(place):
    gathered = Gathered(place.answer, most=3)
    asked = [asyncio.create_task(gathered.ask(n)) for n in range(6)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    place.open.set()

    assert await asyncio.gather(*asked) == [0, 2, 4, 6, 8, 10]
    assert [n for group in place.groups for n in group] == list(range(6))
    assert max(len(group) for group in place.groups) <= 3
    assert len(place.groups) < 6
    assert await gathered.ask(21) == 42


async def test_a_fault_belongs_to_its_group_and_the_next_is_answered(place):
    gathered = Gathered(place.answer)
    place.open.set()
    place.fault = LookupError("away")
    with pytest.raises(LookupError):
        await gathered.ask(1)

    place.fault = None

    assert await gathered.ask(2) == 4


async def test_who_gives_up_takes_nothing_from_the_others(place):
    gathered = Gathered(place.answer)
    first = asyncio.create_task(gathered.ask(1))
    second = asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0)

    first.cancel()
    place.open.set()

    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
