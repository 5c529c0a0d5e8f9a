"""The error tree: what can go wrong, named by whose fault it is.

    DomainError
    ├── Refused           a rule forbids it; another act may be allowed         409
    ├── NotFound          the thing named does not exist                        404
    │   └── Gone          it was there and was taken back                   410
    ├── Conflict          somebody else changed it first                        409
    ├── PreconditionFailed  If-Match names another version                      412
    ├── Unauthenticated   nobody is signed in                                   401
    ├── Forbidden         this person may not do this act                       403
    ├── Unprocessable     the message breaks its contract                       422
    ├── TooLarge          more than a limit allows                              413
    ├── TooMany           faster than a limit allows                            429
    └── Unavailable       database, broker or a projection is behind or away    503

`common.http` is the only place that maps a class to a status. A consumer parks the message for
any of them but `Unavailable`, and the log's lost races, which wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self


class Said(str):
    """A sentence for people in English, which logs keep, that knows itself in Vietnamese too."""

    __slots__ = ("vi",)
    vi: str

    def __new__(cls, vi: str, en: str) -> Self:
        said = super().__new__(cls, en)
        said.vi = vi
        return said


Sentences = Mapping[str, tuple[str, str]]
"""What a package says to people: the name of a sentence → the sentence in Vietnamese and in English."""


def filled(sentences: Sentences, name: str, /, **values: object) -> Said:
    """The sentence of that name, filled in; `{names}` are values of ours, never what somebody sent.

    A value that is itself `Said` is told in the language of the sentence around it.
    """
    vietnamese, english = sentences[name]
    here = {each: v.vi if isinstance(v, Said) else v for each, v in values.items()}
    return Said(vietnamese.format(**here), english.format(**values))


def spoken(detail: str, language: Literal["vi", "en"]) -> str:
    """A sentence in a language; one that stands in one language only stays as it is."""
    return detail.vi if language == "vi" and isinstance(detail, Said) else str(detail)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field: where (JSON pointer), the rule it breaks, what to do."""

    pointer: str
    rule: str
    detail: str


class DomainError(Exception):
    """An expected refusal: `code` is a stable kebab slug, `detail` a sentence for a person (`Said`: in both languages).

    `errors` lists the fields at fault; `extra` holds members for the problem document
    (an explanation, the nearest allowed way) and must be JSON values without personal data.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldProblem] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail or code.replace("-", " ")
        self.errors = tuple(errors)
        self.extra = dict(extra or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Refused(DomainError):
    """A rule forbids the act in this state."""


class NotFound(DomainError):
    """The thing named does not exist, or not for this reader."""


class Gone(NotFound):
    """It was there for everybody and was taken back; `extra` says why."""


class Conflict(DomainError):
    """Somebody else changed it first and deciding again did not help."""


class PreconditionFailed(DomainError):
    """If-Match names another version than the present one."""


class Unauthenticated(DomainError):
    """No valid sign-in came with the request."""


class Forbidden(DomainError):
    """This person may not do this act; `extra` says who may."""


class Unprocessable(DomainError):
    """The message breaks its contract."""


class TooLarge(DomainError):
    """More than a limit allows."""


class TooMany(DomainError):
    """Faster than a limit allows."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The world's fault: try again after `retry_after` seconds."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after
