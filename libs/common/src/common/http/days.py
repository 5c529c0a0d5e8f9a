"""Days and moments that a calendar of the State can have: beyond them nothing can be counted."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1900, 1, 2, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))
]
