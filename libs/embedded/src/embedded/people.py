"""The demo people of a development machine: fictional, each with what their token carries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """`scopes` end up in the token; what a person may do is decided by directory's facts, not here."""

    id: str
    name: str
    scopes: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.id}@example.org"


PEOPLE = (
    Person("quan-tri", "Nguyễn Quản Trị", ("directory:write", "operations")),
    Person("bien-tap", "Trần Thị Biên", ("editorial",)),
    Person("can-bo", "Lê Văn Cán", ("questions",)),
    Person("cong-dan", "Phạm Thị Dân", ()),
)
CLIENTS = {"nhipcau-demo": "demo-secret"}
CLIENT_SCOPES = ("directory:write", "operations")
