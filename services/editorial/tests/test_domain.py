"""What may be decided about an article: values in, facts or a refusal out."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from common.errors import DomainError, Forbidden, NotFound, Refused, Unprocessable
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticlePublishedV1,
    ArticleReturnedV1,
    OpinionGivenV1,
    PublishingFailedV1,
    StepTakenV1,
)
from editorial.domain import asking, publishing, rules, stepping
from editorial.domain.article import NO_ARTICLE
from editorial.domain.content import digests_of, whole_digest
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Handed, Revise, Take
from rulebook.profiles.model import Span

SITES = ["hanam", "binhduong", "langson", "khanhhoa"]
APPROVERS = {
    "hanam": ("moderate", "hanam.deputy-board-head"),
    "binhduong": ("approve", "binhduong.board-head"),
    "langson": ("approve", "langson.board-head"),
    "khanhhoa": ("approve", "khanhhoa.board-head"),
}


def refusal(attempt) -> DomainError:
    with pytest.raises(DomainError) as caught:
        attempt()
    return caught.value


# -- the process is data ------------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
def test_an_article_takes_the_steps_of_its_profile_in_their_order(town, site):
    article = town.through(town.opened(site))

    required = town.course(article).process.required
    assert [step for step in article.steps_done if step in required] == list(required)
    assert article.phase == "published"


def test_the_four_processes_differ_and_no_code_names_a_site(town):
    processes = {site: town.opened(site).process for site in SITES}

    assert processes == {
        "hanam": "hanam.minimum",
        "binhduong": "binhduong.publishing",
        "langson": "langson.publishing",
        "khanhhoa": "khanhhoa.publishing",
    }
    assert [
        rules.approving(town.profile(s), town.course(town.opened(s)).process, town.now.date())
        for s in SITES
    ] == [
        "moderate",
        "approve",
        "approve",
        "approve",
    ]


def test_an_item_from_outside_passes_the_specialist_first(town):
    article = town.opened("khanhhoa", circumstances=("sender=outside",))

    article = town.take(article, "receive", "khanhhoa.member-centre")

    assert article.process == "khanhhoa.publishing-outside"
    assert town.course(article).open == ("specialist_moderate",)
    article = town.take(article, "specialist_moderate", "khanhhoa.member-science")
    assert town.course(article).open == ("moderate",)


def test_every_fact_says_which_steps_are_open_next(town):
    article = town.opened("khanhhoa")
    course = town.course(article)
    by = town.by("khanhhoa.member-centre", asking.to_take(course, course.step("receive")))

    (taken,) = stepping.take(course, Take("receive", article.current.digest), by, town.now)

    assert article.said.opens == ("receive",)
    assert taken.opens == ("moderate",)
    assert taken.proof.rule == "khanhhoa.d5.k8.g1.who-receives"
    assert "Điều 5" in taken.proof.article


# -- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
def test_nobody_approves_what_they_wrote(town, site):
    step, approver = APPROVERS[site]
    article = town.through(town.opened(site, sender={"person": approver}), until=step)

    refused = refusal(lambda: town.take(article, step, approver))

    assert isinstance(refused, Forbidden)
    assert refused.code == "author-cannot-approve"
    assert "Điều" in refused.extra["article"]["vi"]
    assert refused.extra["quote"]
    assert refused.extra["nearest"][0]["code"] == "another-person"


@pytest.mark.parametrize("site", SITES)
def test_a_step_is_refused_to_a_person_without_authority_with_the_article(town, site):
    step, approver = APPROVERS[site]
    article = town.through(town.opened(site), until=step)

    refused = refusal(lambda: town.take(article, step, f"{site}.nobody"))

    assert refused.code == "not-authorised"
    assert refused.extra["rule"].startswith(site)
    assert approver in refused.extra["nearest"][0]["people"]


@pytest.mark.parametrize("site", SITES)
def test_a_step_cannot_be_skipped(town, site):
    article = town.opened(site)
    step, approver = APPROVERS[site]

    refused = refusal(lambda: town.take(article, step, approver))

    assert refused.code == "step-order"
    assert refused.extra["nearest"][0]["code"] == "take-first"


def test_a_step_on_another_text_than_was_seen_is_refused(town):
    article = town.opened("hanam")

    refused = refusal(lambda: town.take(article, "receive", "hanam.board-member", digest="0" * 64))

    assert refused.code == "another-revision"
    assert refused.extra["digest"] == article.current.digest


def test_a_step_that_is_taken_is_not_taken_again(town):
    article = town.take(town.opened("hanam"), "receive", "hanam.board-member")

    assert (
        refusal(lambda: town.take(article, "receive", "hanam.board-member")).code == "step-not-open"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"span": Span(date(2025, 1, 1), date(2026, 1, 1))}, "delegation-ended"),
        ({"sites": frozenset({"hanam"})}, "delegation-other-site"),
        ({"acts": frozenset({"edit"})}, "no-position"),
    ],
    ids=["valid", "expired", "another site", "another act"],
)
def test_a_delegate_approves_as_far_as_the_delegation_goes(town, changes, reason):
    town = town.delegated(giver="binhduong.board-head", receiver="binhduong.uy-quyen", **changes)
    article = town.through(town.opened("binhduong"), until="approve")

    if reason is None:
        done = town.take(article, "approve", "binhduong.uy-quyen")
        assert done.phase == "published"
        return
    refused = refusal(lambda: town.take(article, "approve", "binhduong.uy-quyen"))
    assert refused.code == "not-authorised"
    assert [step["name"] for step in refused.extra["explanation"]["steps"]] == [reason]


def test_a_revoked_delegation_is_refused_from_that_moment(town):
    given = {"giver": "binhduong.board-head", "receiver": "binhduong.uy-quyen"}
    before = town.delegated(**given, revoked=town.now + timedelta(hours=1))
    after = town.delegated(**given, revoked=town.now - timedelta(hours=1))
    article = town.through(town.opened("binhduong"), until="approve")

    assert before.take(article, "approve", "binhduong.uy-quyen").phase == "published"
    assert (
        refusal(lambda: after.take(article, "approve", "binhduong.uy-quyen")).code
        == "not-authorised"
    )


def phases(town):
    opened = town.opened("langson")
    course = town.course(town.through(opened, "edit"))
    by = town.by("langson.editorial-board", asking.to_return(course))
    returned = town.say(course.article, stepping.give_back(course, ["Thiếu."], by, town.now))
    published = town.through(opened)
    course = town.course(published)
    head = town.by("langson.board-head", asking.to_withdraw(course))
    withdrawal = publishing.withdraw(course, "Bãi bỏ.", None, head, town.now)
    withdrawn = town.say(published, withdrawal)
    return {"returned": returned, "published": published, "withdrawn": withdrawn}


@pytest.mark.parametrize(
    ("phase", "what", "code"),
    [
        ("returned", "take", "cannot-take-step-now"),
        ("returned", "withdraw", "cannot-withdraw-now"),
        ("published", "revise", "cannot-revise-now"),
        ("published", "refuse", "cannot-do-this-now"),
        ("withdrawn", "take", "cannot-take-step-now"),
        ("withdrawn", "withdraw", "cannot-withdraw-now"),
        ("withdrawn", "correct", "cannot-correct-now"),
    ],
)
def test_each_phase_refuses_what_it_does_not_know(town, phase, what, code):
    article = phases(town)[phase]
    course = town.course(article)
    head = town.by("langson.board-head", asking.to_withdraw(course))
    secretary = town.by("langson.board-secretary", asking.to_publish(course))
    deputy = town.by("langson.deputy-board-head", asking.to_correct(course))
    content = {**article.current.content, "title": "Khác"}
    attempts = {
        "take": lambda: stepping.take(
            course, Take("edit", article.current.digest), deputy, town.now
        ),
        "withdraw": lambda: publishing.withdraw(course, "-", None, head, town.now),
        "revise": lambda: stepping.revise(course, Revise(content, "-"), deputy, town.now),
        "correct": lambda: stepping.revise(
            course, Revise(content, "-", "minor_correction"), deputy, town.now
        ),
        "refuse": lambda: asking.to_refuse(course),
        "publish": lambda: publishing.publish(course, Publish("0" * 64), secretary, (), town.now),
    }

    assert refusal(attempts[what]).code == code


def test_a_step_and_a_process_that_are_not_there_are_said_so(town):
    article = town.opened("hanam")

    with pytest.raises(NotFound, match="receive, edit, moderate"):
        town.course(article).step("fly")
    with pytest.raises(Refused, match="no process"):
        rules.process_for(replace(town.profile("hanam"), processes={}), {}, town.now.date())


# -- approved = published -----------------------------------------------------------------------


@pytest.mark.parametrize("part", ["title", "body", "attachments", "metadata"])
def test_a_change_of_any_part_changes_the_digest(town, part):
    content = dict(town.opened("hanam").current.content)
    changed = {
        "title": {"title": "Khác"},
        "body": {"body": {**content["body"], "digest": "f" * 64}},
        "attachments": {"attachments": [{"name": "a.pdf", "digest": "a" * 64}]},
        "metadata": {"language": "en"},
    }[part]

    before, after = digests_of(content), digests_of(content | changed)

    assert [p for p in before if before[p] != after[p]] == [part]
    assert whole_digest(before) != whole_digest(after)


def test_a_change_after_approval_blocks_upload_until_supplementary_approval(town):
    approved = town.through(town.opened("khanhhoa"), until="upload")
    changed = town.revised(approved, "khanhhoa.member-centre", "Nội dung khác")

    refused = refusal(lambda: town.take(changed, "upload", "khanhhoa.member-centre"))

    assert refused.code == "differs-from-approved"
    assert refused.extra["rule"] == "khanhhoa.d8.g4.equal-to-approved"
    assert "Điều 8" in refused.extra["article"]["vi"]
    assert [way["code"] for way in refused.extra["nearest"]] == ["upload-again", "approve-again"]
    assert town.course(changed).open == ("approve",)
    again = town.take(changed, "approve", "khanhhoa.board-head")
    assert again.result_of("approve").digest == changed.current.digest
    assert town.through(again).phase == "published"


def test_supplementary_approval_voids_upload_and_comparison(town):
    compared = town.through(town.opened("khanhhoa"), until="publish")
    changed = town.revised(compared, "khanhhoa.member-centre", "Nội dung khác")

    course = town.course(changed)
    by = town.by("khanhhoa.board-head", asking.to_take(course, course.step("approve")))
    (fact,) = stepping.take(course, Take("approve", changed.current.digest), by, town.now)

    assert fact.supplementary is True
    assert fact.undoes == ("upload", "compare")
    assert town.course(town.say(changed, (fact,))).open == ("upload",)


def test_going_back_to_the_approved_text_needs_no_new_approval(town):
    approved = town.through(town.opened("khanhhoa"), until="upload")
    changed = town.revised(approved, "khanhhoa.member-centre", "Nội dung khác")
    back = town.revised(changed, "khanhhoa.member-centre", "Nội dung")

    assert len(back.revisions) == 3
    assert town.course(back).open == ("upload",)
    assert town.through(back).phase == "published"


@pytest.mark.parametrize("site", ["hanam", "langson", "khanhhoa"])
def test_a_change_before_publishing_blocks_it_under_every_regulation(town, site):
    last = town.course(town.opened(site)).process.published
    ready = town.through(town.opened(site), until=last)
    editor = {"hanam": "board-member", "langson": "deputy-board-head", "khanhhoa": "member-centre"}
    changed = town.revised(ready, f"{site}.{editor[site]}", "Nội dung khác")
    publisher = {"hanam": "board-head", "langson": "board-secretary", "khanhhoa": "board-secretary"}

    refused = refusal(lambda: town.published(changed, f"{site}.{publisher[site]}"))

    assert refused.code == "differs-from-approved"
    assert refused.extra["explanation"]["outcome"]["values"]["parts"] == ["body"]


# -- returned, refused, reopened ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("site", "who", "rule"),
    [
        ("hanam", "hanam.board-member", "hanam.d8.k4.author-and-source"),
        ("binhduong", "binhduong.deputy-board-head", "binhduong.d22.b2.edit"),
        ("langson", "langson.board-head", "langson.d7.k4.who-returns"),
        ("khanhhoa", "khanhhoa.member-centre", "khanhhoa.d8.g1.centre-moderates"),
    ],
)
def test_returned_corrected_and_handed_in_again(town, site, who, rule):
    until = {"langson": "edit", "khanhhoa": "moderate"}.get(site, "edit")
    article = town.through(town.opened(site), until=until)
    course = town.course(article)
    by = town.by(who, asking.to_return(course))

    (fact,) = stepping.give_back(course, ["Thiếu nguồn ảnh."], by, town.now)
    returned = town.say(article, (fact,))

    assert isinstance(fact, ArticleReturnedV1)
    assert fact.law.rule == rule
    assert (returned.phase, returned.done) == ("returned", ())
    handed = Handed(
        article=article.said.article_id,
        site=site,
        profile=f"{site}@1",
        content={**article.current.content, "title": "Đã sửa"},
        sender={"person": f"{site}.can-bo"},
        revision=2,
        at=town.now,
    )
    again = town.say(returned, stepping.hand_in_again(returned, handed, town.profile(site)))
    assert (again.phase, again.current.number) == ("in_process", 2)
    assert town.through(again).phase == "published"


def test_a_resubmission_that_nobody_asked_for_changes_nothing(town):
    article = town.opened("hanam")
    handed = Handed("id", "hanam", "hanam@1", article.current.content, {"person": "x"}, 2, town.now)

    assert stepping.hand_in_again(article, handed, town.profile("hanam")) == ()
    assert stepping.open_article(article, handed, town.profile("hanam")) == ()


def test_a_case_keeps_the_profile_it_began_with(town):
    article = town.opened("hanam")
    handed = Handed("id", "hanam", "hanam@2", article.current.content, {"person": "x"}, 2, town.now)

    assert stepping.open_article(article, handed, town.profile("hanam")) == ()
    assert article.said.profile == "hanam@1"


@pytest.mark.parametrize(
    ("site", "step", "who", "ground"),
    [
        ("hanam", "moderate", "hanam.board-member", "hanam_p1c"),
        ("binhduong", "approve", "binhduong.board-head", "binhduong_d9k1"),
        ("langson", "approve", "langson.board-head", "langson_1c"),
        ("khanhhoa", "moderate", "khanhhoa.member-centre", "khanhhoa_law"),
    ],
)
def test_refused_with_its_ground(town, site, step, who, ground):
    article = town.through(town.opened(site), until=step)
    course = town.course(article)
    by = town.by(who, asking.to_refuse(course))

    (fact,) = stepping.refuse(course, ground, "Quảng cáo.", by, town.now)

    assert fact.ground.ground == ground
    assert "Điều" in fact.ground.article
    assert fact.ground.quotation
    assert town.say(article, (fact,)).phase == "refused"


def test_a_ground_that_the_regulation_does_not_name_is_refused_with_those_it_does(town):
    article = town.through(town.opened("langson"), until="approve")
    course = town.course(article)
    by = town.by("langson.board-head", asking.to_refuse(course))

    with pytest.raises(Unprocessable) as caught:
        stepping.refuse(course, "hanam_p1c", "-", by, town.now)

    assert "langson_1c" in caught.value.extra["grounds"]


def test_sent_back_inside_the_board_the_undone_steps_are_taken_again(town):
    article = town.through(town.opened("khanhhoa"), until="compare")
    course = town.course(article)
    by = town.by(
        "khanhhoa.board-secretary",
        asking.to_reopen(course, stepping.way_back(course, "upload_mismatch")),
    )

    (fact,) = stepping.reopen(course, "upload_mismatch", ["Thiếu tệp."], by, town.now)

    assert fact.proof.rule == "khanhhoa.d8.g4.request-reupload"
    assert town.course(town.say(article, (fact,))).open == ("upload",)
    assert refusal(lambda: stepping.way_back(course, "fly")).extra["outcomes"] == [
        "upload_mismatch",
        "needs_supplementary_approval",
    ]


# -- important and sensitive content ------------------------------------------------------------


def classified(town, article, value="sensitive", who="langson.deputy-board-head"):
    course = town.course(article)
    asked = asking.to_classify(course, f"sensitivity={value}")
    by = town.by(who, asked)
    return town.say(
        article, stepping.classify(course, f"sensitivity={value}", "Đối ngoại.", by, town.now)
    )


def test_sensitive_content_needs_the_head_of_agency_before_approval(town):
    article = classified(town, town.through(town.opened("langson"), until="approve"))

    assert article.process == "langson.publishing-sensitive"
    assert town.course(article).open == ("agency_opinion",)
    refused = refusal(lambda: town.take(article, "approve", "langson.board-head"))
    assert refused.code in {"step-order", "step-not-open"}
    course = town.course(article)
    by = town.by("langson.office-head", asking.to_take(course, course.step("agency_opinion")))
    command = Take("agency_opinion", article.current.digest, remark="Đồng ý.")
    opinion, taken = stepping.take(course, command, by, town.now)
    assert isinstance(opinion, OpinionGivenV1)
    assert (opinion.kind, opinion.opinion) == ("consent", "Đồng ý.")
    assert isinstance(taken, StepTakenV1)
    assert town.through(town.say(article, (opinion, taken))).phase == "published"


def test_content_found_sensitive_after_approval_is_approved_again(town):
    article = classified(town, town.through(town.opened("langson"), until="publish"))

    assert "approve" not in article.steps_done
    assert town.course(article).open == ("agency_opinion",)


def test_consent_holds_for_the_text_it_was_given_for(town):
    article = classified(town, town.through(town.opened("langson"), until="approve"))
    consented = town.take(article, "agency_opinion", "langson.office-head", remark="Đồng ý.")

    changed = town.revised(consented, "langson.deputy-board-head", "Nội dung khác")

    assert town.course(changed).open == ("agency_opinion",)


def test_only_the_head_of_agency_finds_content_ordinary_again(town):
    article = classified(town, town.opened("langson"))

    refused = refusal(lambda: classified(town, article, "ordinary"))
    back = classified(town, article, "ordinary", "langson.office-head")

    assert refused.code == "not-authorised"
    assert back.process == "langson.publishing"


def test_an_objection_of_the_head_of_agency_is_kept_with_the_return(town):
    article = classified(town, town.through(town.opened("langson"), until="approve"))
    course = town.course(article)
    by = town.by("langson.office-head", asking.to_return(course))

    objection, returned = stepping.give_back(course, ["Chưa phù hợp."], by, town.now)

    assert (objection.kind, objection.opinion) == ("objection", "Chưa phù hợp.")
    assert returned.from_step == "agency_opinion"


def test_a_published_article_is_rated(town):
    article = town.through(town.opened("langson"))
    course = town.course(article)
    by = town.by("langson.deputy-board-head", asking.to_take(course, course.step("rate")))

    rating, taken = stepping.take(
        course, Take("rate", article.current.digest, "Tốt", 5), by, town.now
    )

    assert (rating.kind, rating.rating, taken.step) == ("rating", 5, "rate")
    with pytest.raises(Unprocessable, match="1 to 5"):
        stepping.take(course, Take("rate", article.current.digest), by, town.now)


# -- publishing ---------------------------------------------------------------------------------


def test_the_public_fact_carries_the_whole_content_and_the_approval(town):
    article = town.through(town.opened("khanhhoa"), until="publish")

    taken, published = town.published(article, "khanhhoa.board-secretary")

    assert isinstance(published, ArticlePublishedV1)
    assert published.body.html == "<p>Nội dung</p>"
    assert published.legal.approved_by == "khanhhoa.board-head"
    assert published.digest == taken.digest == article.result_of("approve").digest
    assert taken.compared == ("title", "body", "attachments", "metadata")


def scheduled(town, site="langson", after=timedelta(hours=2)):
    last = town.course(town.opened(site)).process.published
    article = town.through(town.opened(site), until=last)
    course = town.course(article)
    by = town.by("langson.board-secretary", asking.to_publish(course))
    at = town.now + after
    return town.say(
        article, publishing.schedule(course, at, article.current.digest, by, town.now)
    ), at


def test_a_schedule_publishes_at_its_moment_and_only_once(town):
    article, at = scheduled(town)
    authority = town.by(
        "langson.board-secretary", asking.to_publish(town.course(article)), at
    ).authority

    early = publishing.publish_due(town.course(article), authority, (), at, town.now)
    facts = publishing.publish_due(town.course(article), authority, (), at, at)
    done = town.say(article, facts)

    assert early == ()
    assert [type(fact).__name__ for fact in facts] == ["StepTakenV1", "ArticlePublishedV1"]
    assert publishing.publish_due(town.course(done), authority, (), at, at) == ()


def test_a_schedule_in_the_past_is_refused(town):
    assert refusal(lambda: scheduled(town, after=timedelta(0))).code == "schedule-in-the-past"


def test_a_scheduled_article_is_not_rewritten(town):
    article, _ = scheduled(town)

    refused = refusal(lambda: town.revised(article, "langson.deputy-board-head", "Khác"))

    assert refused.code == "cannot-revise-now"


def test_who_lost_the_authority_meanwhile_does_not_publish_by_a_schedule(town):
    article, at = scheduled(town)
    nobody = town.by("langson.nobody", asking.to_publish(town.course(article)), at).authority

    (failed,) = publishing.publish_due(town.course(article), nobody, (), at, at)

    assert isinstance(failed, PublishingFailedV1)
    assert (failed.why, failed.retry_at) == ("authority-ended", None)
    assert failed.detail_en not in {None, failed.detail}
    assert town.say(article, (failed,)).phase == "failed"


def test_a_failed_publication_is_tried_again_ever_later_and_at_last_waits(town):
    article = town.through(town.opened("langson"), until="publish")
    article = town.say(article, town.published(article, "langson.board-secretary", ["a" * 64]))
    waits = []
    while article.pending.next_at is not None:
        at = article.pending.next_at
        authority = town.by(
            "langson.board-secretary", asking.to_publish(town.course(article))
        ).authority
        waits.append(at)
        article = town.say(
            article, publishing.publish_due(town.course(article), authority, ["a" * 64], at, at)
        )

    minutes = [round((two - one).total_seconds() / 60) for one, two in pairwise(waits)]
    assert minutes == [2, 4, 8, 16, 32, 60]
    assert (article.phase, article.pending.attempts) == ("failed", publishing.TRIES)
    assert (
        town.say(article, town.published(article, "langson.board-secretary")).phase == "published"
    )


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("level", ["minor_correction", "major_correction"])
def test_a_correction_is_approved_and_published_anew_with_its_note(town, site, level):
    article = town.through(town.opened(site))
    editor = {"hanam": "board-member", "khanhhoa": "member-centre"}.get(site, "deputy-board-head")

    correcting = town.revised(
        article, f"{site}.{editor}", "Đã sửa", purpose=level, reason="Sửa ngày."
    )

    assert correcting.phase == "correcting"
    assert correcting.published.revision == 1
    course = town.course(correcting)
    required = course.process.required
    open_step = course.approving if level == "minor_correction" else required[1]
    assert course.open == (open_step,)
    done = town.through(correcting)
    assert (done.phase, done.published.revision) == ("published", 2)


def test_the_corrected_fact_carries_level_note_and_first_publication(town):
    article = town.through(town.opened("binhduong"))
    correcting = town.revised(
        article,
        "binhduong.deputy-board-head",
        "Đã sửa",
        purpose="minor_correction",
        reason="Sửa ngày.",
    )

    _, corrected = town.published(correcting, "binhduong.board-head")

    assert isinstance(corrected, ArticleCorrectedV1)
    assert (corrected.level, corrected.note, corrected.revision) == ("minor", "Sửa ngày.", 2)
    assert corrected.published_at == article.published.first_at


@pytest.mark.parametrize(
    ("site", "who"),
    [
        ("hanam", "hanam.agency"),
        ("binhduong", "binhduong.board-head"),
        ("langson", "langson.board-head"),
        ("khanhhoa", "khanhhoa.board-head"),
    ],
)
def test_withdrawn_with_a_public_explanation(town, site, who):
    article = town.through(town.opened(site))
    course = town.course(article)

    by = town.by(who, asking.to_withdraw(course))
    (fact,) = publishing.withdraw(course, "Văn bản đã bị bãi bỏ.", None, by, town.now)

    assert fact.explanation == "Văn bản đã bị bãi bỏ."
    assert town.say(article, (fact,)).phase == "withdrawn"
    nobody = town.by(f"{site}.can-bo", asking.to_withdraw(course))
    assert (
        refusal(lambda: publishing.withdraw(course, "-", None, nobody, town.now)).code
        == "not-authorised"
    )


def test_a_sender_takes_it_back_only_before_the_public_reads_it(town):
    article = town.opened("hanam")
    dropped = town.say(article, stepping.drop(article, "hanam.can-bo", "Nhầm.", town.now))

    assert dropped.phase == "dropped"
    assert stepping.drop(town.through(article), "hanam.can-bo", "", town.now) == ()
    assert stepping.drop(NO_ARTICLE, "x", "", town.now) == ()
