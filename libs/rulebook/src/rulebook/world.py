"""What a rule may look at besides its inputs: the calendar and nothing that changes by itself."""

from dataclasses import dataclass

from rulebook.calendar import Calendar


@dataclass(frozen=True, slots=True)
class World:
    calendar: Calendar
