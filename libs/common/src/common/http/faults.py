"""What can be wrong with a request before any rule is asked: the HTTP half of the error tree.

DomainError
├── BadRequest            the request is malformed                         400
├── PreconditionRequired  If-Match is needed here                          428
├── UnsupportedMedia      the body has another type than the route reads   415
└── TimedOut              no answer in time; the outcome may be unknown    503
"""

from common.errors import DomainError, Unavailable


class BadRequest(DomainError):
    """The request is malformed: a header, a cursor, a token or a body that can't be read."""


class PreconditionRequired(DomainError):
    """The route changes something and must be told which version (If-Match)."""


class UnsupportedMedia(DomainError):
    """The body has another type than the route reads."""


class TimedOut(Unavailable):
    """No answer in time. What was asked for may still have happened: repeat with the same key."""
