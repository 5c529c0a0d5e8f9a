"""An article on the desk: itself with its steps, who is who, and the acts there are on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from console.queries import part
from console.routes.naming import Spoken, names_of
from console.routes.visiting import Visitor

MAIN = ("publish", "take")
"""Acts that carry an article on; the first that is allowed is the task."""
WRITING = ("revise", "correct")
"""Acts whose pages hold the whole text."""
SILENT = frozenset({"nothing-scheduled", "nothing-changed"})
"""Refusals that tell nobody anything: there is nothing there to be done to."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as a service shows it; `names` of people, `sites` of sites."""

    article: Mapping[str, Any]
    names: Mapping[str, str]
    sites: Mapping[str, str]

    @property
    def steps(self) -> Mapping[str, Mapping[str, Any]]:
        return {each["step"]: each for each in self.article["steps"]}

    @property
    def values(self) -> dict[str, Any]:
        """As templates name them."""
        return {
            "article": self.article,
            "names": self.names,
            "sites": self.sites,
            "steps": self.steps,
        }


@dataclass(frozen=True, slots=True)
class Acts:
    """What I may do: the task, the other acts, and those that I may not do with their reasons."""

    task: Mapping[str, Any] | None
    others: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]]


async def seen(visitor: Visitor, article_id: str) -> Seen:
    """Raises Refusal for an article that the person may not read, or that is not there."""
    path = f"editorial/articles/{part(article_id)}"
    article: Mapping[str, Any] = await visitor.desk.api.get(visitor.asker, path)
    called = await names_of(visitor, Spoken(article["site"], _actors(article)))
    return Seen(article, called.people, called.sites)


def _actors(article: Mapping[str, Any]) -> list[str | None]:
    """Who had a hand in it, some of whom belong to no site: another system that passes items on."""
    steps, revisions = article["steps"], article["revisions"]
    assigned = article["assigned"].values()
    return [
        article["sender"]["person"],
        *(each.get("by") for each in (*steps, *revisions)),
        *(each["to"] for each in assigned),
    ]


async def chances_of(visitor: Visitor, article_id: str) -> list[dict[str, Any]]:
    """Every act with its address on this desk."""
    path = f"editorial/articles/{part(article_id)}/acts"
    found: list[dict[str, Any]] = await visitor.desk.api.get(visitor.asker, path)
    return [{**each, "url": address(article_id, each)} for each in found]


def address(article_id: str, chance: Mapping[str, Any]) -> str:
    """The page of an act; which step or outcome stands in its query."""
    if chance["act"] in WRITING:
        return f"/articles/{part(article_id)}/{chance['act']}"
    outcome = chance["choices"][0] if chance["act"] == "reopen" else ""
    query = {"step": chance["step"] or "", "outcome": outcome}
    asked = urlencode({name: value for name, value in query.items() if value})
    path = f"/articles/{part(article_id)}/acts/{chance['act']}"
    return f"{path}?{asked}" if asked else path


async def acts_of(visitor: Visitor, shown: Seen) -> Acts:
    chances = await chances_of(visitor, shown.article["article_id"])
    allowed = [each for each in chances if each["allowed"]]
    carrying = [each for name in MAIN for each in allowed if each["act"] == name]
    task = next((each for each in carrying if _is_the_task(each, shown)), None)
    others = [each for each in allowed if each is not task]
    refused = [each for each in chances if not each["allowed"] and _tells(each, shown)]
    return Acts(task, others, refused)


def _is_the_task(chance: Mapping[str, Any], shown: Seen) -> bool:
    """Not what would only be possible: a step that is required and open, or a failure to mend."""
    if shown.article["phase"] == "failed":
        return chance["act"] == "publish"
    if shown.article["phase"] == "scheduled":
        return False
    step = shown.steps[chance["step"]]
    return step["state"] in {"open", "again"}


def _tells(chance: Mapping[str, Any], shown: Seen) -> bool:
    done = chance["act"] == "take" and shown.steps[chance["step"]]["state"] == "done"
    return chance["code"] not in SILENT and not done
