"""Any sequence of commands by any people: nothing unapproved is published, no step skipped, no text lost."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from common.errors import DomainError
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticlePublishedV1,
    StepTakenV1,
)
from editorial.domain import asking, publishing, stepping
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Handed, Revise, Take
from rulebook.authority import Powers
from rulebook.profiles.model import Span

APPROVING = {
    "hanam": ("moderate", {"board_member", "deputy_board_head", "board_head"}),
    "binhduong": ("approve", {"board_head"}),
    "langson": ("approve", {"board_head"}),
    "khanhhoa": ("approve", {"board_head", "deputy_board_head"}),
}
"""Who approves, read from the regulations' text and not from the code under test."""
ORDER = {
    "hanam": ["receive", "edit", "moderate", "publish"],
    "binhduong": ["enter", "edit", "approve"],
    "langson": ["receive", "moderate", "edit", "approve", "publish"],
    "khanhhoa": ["receive", "moderate", "approve", "upload", "compare", "publish"],
}
SITES = sorted(ORDER)
WORDS = st.sampled_from(["Nội dung", "Một", "Hai", "Ba"])
DIGESTS = st.sampled_from(["current", "first", "wrong"])


class Walk(RuleBasedStateMachine):
    """One article of one site; people come and go, time passes."""

    make_town = None
    content = None
    everybody = ()
    reached: ClassVar[Counter[str]] = Counter()

    @initialize(site=st.sampled_from(SITES), author=st.integers(0, 30), outside=st.booleans())
    def open(self, site, author, outside):
        self.town = self.make_town()
        self.site = site
        self.people = [each for each in self.everybody if each.startswith(site)] + [
            "langson.nobody"
        ]
        self.author = self.people[author % len(self.people)]
        said = ("sender=outside",) if outside else ()
        self.article = self.town.opened(site, sender={"person": self.author}, circumstances=said)
        self.texts = [self.article.current]
        self.approvals: list[tuple[str, str]] = []
        self.taken: list[str] = []
        self.publics = 0

    # -- what people try ------------------------------------------------------------------------

    @rule(who=st.integers(0, 30), step=st.integers(0, 30), digest=DIGESTS, rating=st.integers(1, 5))
    def take(self, who, step, digest, rating):
        steps = list(self.course.process.steps)
        name = steps[step % len(steps)]
        self.step(who, name, digest, rating)

    @rule(who=st.integers(0, 30), rating=st.integers(1, 5))
    def take_what_is_open(self, who, rating):
        for name in self.course.open:
            self.step(who, name, "current", rating)

    @rule(times=st.integers(1, 7), first=st.integers(0, 30))
    def somebody_takes_what_is_open(self, times, first):
        """So that walks get far: everybody tries, one after the other."""
        for _ in range(times):
            for name in self.course.open:
                before = self.article
                for who in range(len(self.people)):
                    if self.article is before:
                        self.step(first + who, name, "current", 3)

    @rule(words=WORDS, first=st.integers(0, 30))
    def somebody_revises(self, words, first):
        for who in range(len(self.people)):
            self.revise_as(first + who, words, "publication")

    def step(self, who, name, digest, rating):
        course = self.course
        if name == course.process.published:
            command = Publish(self.digest(digest))
            self.act(who, asking.to_publish(course), lambda by: publishing.publish(
                course, command, by, (), self.town.now))  # fmt: skip
            return
        command = Take(name, self.digest(digest), "Ý kiến.", rating)
        asked = asking.to_take(course, course.process.steps[name])
        self.act(who, asked, lambda by: stepping.take(course, command, by, self.town.now))

    @rule(who=st.integers(0, 30), words=WORDS, purpose=st.sampled_from(["publication", "minor_correction", "major_correction"]))  # fmt: skip
    def revise(self, who, words, purpose):
        self.revise_as(who, words, purpose)

    def revise_as(self, who, words, purpose):
        course = self.course
        asked = asking.to_revise(course) if purpose == "publication" else asking.to_correct(course)
        command = Revise(self.content(words), "Sửa.", purpose)
        self.act(who, asked, lambda by: stepping.revise(course, command, by, self.town.now))

    @rule(words=WORDS, first=st.integers(0, 30))
    def the_text_changes_after_approval(self, words, first):
        """The moment that matters: approved, not yet published."""
        for _ in range(8):
            if self.course.approval is not None or self.article.phase != "in_process":
                break
            self.somebody_takes_what_is_open(1, first)
        self.somebody_revises(words, first)
        self.somebody_takes_what_is_open(2, first)

    @rule(who=st.integers(0, 30), outcome=st.integers(0, 5))
    def reopen(self, who, outcome):
        course = self.course
        known = [str(each.on) for each in course.process.transitions if each.on]
        name = known[outcome % len(known)] if known else "none"

        def asked():
            return asking.to_reopen(course, stepping.way_back(course, name))

        self.act(who, asked, lambda by: stepping.reopen(course, name, ["Vì."], by, self.town.now))

    @rule(who=st.integers(0, 30))
    def give_back(self, who):
        course = self.course
        self.act(
            who,
            lambda: asking.to_return(course),
            lambda by: stepping.give_back(course, ["Vì."], by, self.town.now),
        )

    @rule(words=WORDS)
    def hand_in_again(self, words):
        said = self.article.said
        handed = Handed(
            said.article_id, self.site, f"{self.site}@9", self.content(words),
            {"person": self.author}, 2, self.town.now,
        )  # fmt: skip
        self.say(stepping.hand_in_again(self.article, handed, self.course.profile))

    @rule(who=st.integers(0, 30), value=st.sampled_from(["sensitive", "ordinary"]))
    def classify(self, who, value):
        course, said = self.course, f"sensitivity={value}"
        self.act(
            who,
            asking.to_classify(course, said),
            lambda by: stepping.classify(course, said, "Vì.", by, self.town.now),
        )

    @rule(who=st.integers(0, 30), minutes=st.integers(-5, 120))
    def schedule(self, who, minutes):
        course, at = self.course, self.town.now + timedelta(minutes=minutes)
        digest = self.article.current.digest
        self.act(
            who,
            asking.to_publish(course),
            lambda by: publishing.schedule(course, at, digest, by, self.town.now),
        )

    @rule(who=st.integers(0, 30))
    def cancel(self, who):
        course = self.course
        self.act(
            who,
            asking.to_publish(course),
            lambda by: publishing.cancel(course, "Vì.", by, self.town.now),
        )

    @rule(who=st.integers(0, 30), refuse=st.booleans())
    def withdraw_or_refuse(self, who, refuse):
        course = self.course
        if self.article.phase == "in_process" and refuse and len(self.texts) < 3:
            return  # refusals end a walk early; not in every one
        self.act(
            who,
            asking.to_withdraw(course),
            lambda by: publishing.withdraw(course, "Vì.", None, by, self.town.now),
        )

    # -- what happens meanwhile -----------------------------------------------------------------

    @rule(minutes=st.integers(1, 200), missing=st.booleans())
    def time_passes_and_the_clock_looks(self, minutes, missing):
        self.town = replace(self.town, now=self.town.now + timedelta(minutes=minutes))
        pending = self.article.pending
        if pending is None or pending.next_at is None or pending.next_at > self.town.now:
            return
        course = self.course
        by = self.town.by(pending.by, asking.to_publish(course))
        lacking = ["a" * 64] if missing else []
        self.say(
            publishing.publish_due(course, by.authority, lacking, pending.next_at, self.town.now)
        )

    @rule(who=st.integers(0, 30), really=st.integers(0, 3))
    def a_position_ends(self, who, really):
        if really:
            return  # now and then only: otherwise nobody is left
        person = self.people[who % len(self.people)]
        ended = Span(date(2020, 1, 1), self.town.now.date())
        held = tuple(
            replace(each, span=ended) if each.person == person else each
            for each in self.town.powers.positions
        )
        self.town = replace(self.town, powers=Powers(held))

    @rule()
    def everybody_is_appointed_again(self):
        self.town = replace(self.make_town(), now=self.town.now)

    # -- what must hold ---------------------------------------------------------------------------

    @invariant()
    def no_revision_is_lost_or_changed(self):
        if hasattr(self, "texts"):
            assert list(self.article.revisions) == self.texts
            assert [each.number for each in self.texts] == list(range(1, len(self.texts) + 1))

    # -- parts ----------------------------------------------------------------------------------

    @property
    def course(self):
        return self.town.course(self.article)

    def digest(self, which):
        texts = {"current": self.article.current.digest, "first": self.texts[0].digest}
        return texts.get(which, "0" * 64)

    def act(self, who, asked, decide):
        person = self.people[who % len(self.people)]
        try:
            questions = asked() if callable(asked) else asked
            facts = decide(self.town.by(person, questions))
        except DomainError:
            return
        self.say(facts)

    def say(self, facts):
        for fact in facts:
            self.article = self.town.say(self.article, (fact,))
            self.note(fact)
        self.texts += self.article.revisions[len(self.texts) :]

    def note(self, fact):
        if isinstance(fact, StepTakenV1):
            assert fact.digest == self.article.current.digest
            self.check_step(fact)
        if isinstance(fact, ArticlePublishedV1 | ArticleCorrectedV1):
            self.check_public(fact)

    def check_step(self, fact):
        """In order: everything the regulation wants before it stands; and taken by who may."""
        order = ORDER[self.site]
        if fact.step in order:
            before = order[: order.index(fact.step)]
            assert [each for each in self.article.steps_done if each in before] == before
        step, roles = APPROVING[self.site]
        if fact.step == step:
            held = {
                p.role
                for p in self.town.powers.positions
                if p.person == fact.by
                and p.site == self.site
                and p.span.holds(self.town.now.date())
            }
            assert held & roles, f"{fact.by} approved as {held}"
            assert fact.by != self.author
            self.approvals.append((fact.by, fact.digest))
            self.reached["approved again"] += fact.supplementary is True

    def check_public(self, fact):
        assert fact.digest in {digest for _, digest in self.approvals}
        assert fact.digest == self.article.revisions[fact.revision - 1].digest
        stands = self.article.result_of(APPROVING[self.site][0])
        assert stands is not None
        assert stands.digest == fact.digest
        done = [each for each in self.article.steps_done if each in ORDER[self.site]]
        assert done == ORDER[self.site]
        times = [self.article.result_of(each).at for each in done]
        assert all(one <= two for one, two in pairwise(times))
        self.publics += 1
        self.reached["published"] += 1


@pytest.fixture
def walking(town_maker, content_maker, everybody):
    Walk.make_town = staticmethod(town_maker)
    Walk.content = staticmethod(content_maker)
    Walk.everybody = everybody
    return Walk


def test_no_sequence_of_commands_publishes_what_was_not_approved(walking):
    chosen = settings(
        max_examples=120,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(walking, settings=chosen)

    assert walking.reached["published"] > 20, walking.reached
    assert walking.reached["approved again"] > 0, walking.reached


def test_the_walk_reaches_publication_and_correction(walking):
    """A walk that never publishes would prove nothing."""
    walk = walking()
    walk.open("khanhhoa", 5, outside=False)
    for _ in range(12):
        walk.somebody_takes_what_is_open(1, 0)
    walk.revise(0, "Hai", "minor_correction")
    for _ in range(8):
        walk.somebody_takes_what_is_open(1, 0)

    assert walk.publics == 2
