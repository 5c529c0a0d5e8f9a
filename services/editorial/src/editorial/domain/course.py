"""Where an article stands in its process: which steps are open, which must be passed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.errors import NotFound
from editorial.domain import refusing, rules
from editorial.domain.article import Article, Done, Revision
from editorial.domain.faults import Found, Text, faults_of, found_in, lateness
from editorial.domain.words import say
from rulebook.profiles.model import Process, Profile, StepOf, Transition
from rulebook.profiles.params import AUTHOR
from rulebook.separation import Separation, by_different_people, in_order, same_as_approved


@dataclass(frozen=True, slots=True)
class Course:
    """An article beside the process that its profile prescribes, on the day of the act; `kind`: of its site."""

    article: Article
    profile: Profile
    process: Process
    on: date
    kind: str = ""

    @property
    def approving(self) -> str:
        return rules.approving(self.profile, self.process, self.on)

    @property
    def approval(self) -> Done | None:
        """The approval that stands."""
        return self.article.result_of(self.approving)

    def cited(self, step: str) -> Mapping[str, Any]:
        """The article that a step follows, as a problem names it."""
        return refusing.cited(rules.law_of(self.profile, self.process, self.step(step), self.on))

    def step(self, name: str) -> StepOf:
        """Raises NotFound."""
        found = self.process.steps.get(name)
        if found is None:
            known = ", ".join(self.process.steps)
            detail = say("step-unknown", process=self.process.id, known=known)
            raise NotFound("step-unknown", detail)
        return found

    @property
    def stale(self) -> str | None:
        """The first consent or approval that stands for another text than the present one.

        For another one that is never asked twice: a text equal in every part counts as the same.
        """
        current = self.article.current
        for step in rules.judged(self.profile, self.process, self.on):
            result = self.article.result_of(step)
            if result is not None and result.digest != current.digest:
                return step
        return None

    @property
    def open(self) -> tuple[str, ...]:
        """The steps that may be taken now, by whoever has the authority."""
        article = self.article
        if article.phase not in {"in_process", "published", "correcting"}:
            return ()
        if article.phase != "published" and (stale := self.stale) is not None:
            return (stale,)
        if article.awaiting is not None:
            return (article.awaiting,)
        return self.following(article.done[-1].step if article.done else None)

    def following(self, step: str | None) -> tuple[str, ...]:
        """The steps after one whose result is good; the first one after None."""
        if step is None:
            return (self.process.start,)
        done = self.article.steps_done
        return tuple(
            each.target
            for each in self.process.transitions
            if each.source == step and each.on is None and each.target not in done
        )

    @property
    def desk(self) -> str:
        """The step at which it lies. Raises Refused when it lies nowhere."""
        opened = self.open
        if not opened or self.article.phase == "published":
            raise refusing.not_now(self.article, "do-this")
        return opened[0]

    def ways_back(self, source: str) -> tuple[Transition, ...]:
        """The ways out of a step other than its good result."""
        return tuple(
            each
            for each in self.process.transitions
            if each.source == source and each.on is not None
        )

    def after(self, step: str) -> tuple[str, ...]:
        """The required steps behind one."""
        required = self.process.required
        return required[required.index(step) + 1 :] if step in required else ()

    # -- the rules that bind a step -----------------------------------------------------------

    def check_order(self, step: str) -> None:
        """No required step before it is missing. Raises Refused with the article of the order."""
        rule = rules.order(self.profile, self.process, step, self.on)
        kept = in_order(rule, self.article.steps_done, step, self.on)
        if not kept.kept:
            refusing.refuse("step-order", kept)

    def check_distinct(self, step: str, person: str) -> None:
        """Not the author's own, nor kept from them by a step they took. Raises Forbidden."""
        taken = {each.step: each.by for each in self.article.done}
        taken[AUTHOR] = self.article.said.sender.person
        for rule in rules.distinct(self.profile, self.process, step, self.on):
            kept = by_different_people(rule, taken, step, person, self.on)
            if not kept.kept:
                refusing.refuse("author-cannot-approve", kept)

    def compared(self, revision: Revision) -> Separation | None:
        """The revision beside the approved one; None while nothing is approved."""
        approval = self.approval
        if approval is None:
            return None
        approved = self.article.revisions[approval.revision - 1]
        rule = rules.equality(self.profile, self.process, self.on)
        return same_as_approved(rule, approved.parts, revision.parts, self.on)

    def check_same(self, revision: Revision) -> None:
        """★ Approved = published. Raises Refused that names the parts that differ."""
        compared = self.compared(revision)
        if compared is not None and not compared.kept:
            refusing.refuse("differs-from-approved", compared)

    # -- the text itself ------------------------------------------------------------------------

    @property
    def text(self) -> Text:
        """The present text as the rules read it."""
        current, said = self.article.current, self.article.said
        return Text(
            digest=current.digest,
            key=self.profile.key,
            kind=self.kind,
            event=said.event.type if said.event else "",
            flags=frozenset(said.flags),
            on=self.on,
            content=current.content,
            profile=self.profile,
        )

    def check_sound(self) -> None:
        """Nothing is approved in which the regulation finds an error. Raises Refused with all of them."""
        faults = faults_of(self.text)
        if faults:
            raise refusing.faulty(faults)

    def findings(self, at: datetime) -> tuple[Found, ...]:
        """What stands against the present text: first what blocks, then its lateness, then what a person decides."""
        found, late = found_in(self.text), self.lateness(at)
        blocking = tuple(each for each in found if each.blocks)
        others = tuple(each for each in found if not each.blocks)
        return (*blocking, *((late,) if late else ()), *others)

    def lateness(self, at: datetime) -> Found | None:
        """That its publication clock ran out."""
        return lateness(self.article, self.profile, at)
