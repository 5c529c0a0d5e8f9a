"""What is done because of facts: submissions become articles, files become public with what names them."""

from common.consumer.hears import Hears, Seen, reactor
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticlePublishedV1,
    ArticleWithdrawnV1,
    RevisionAddedV1,
)
from contracts.events.intake import (
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from contracts.fact import Value
from editorial.domain.article import ARTICLES
from editorial.domain.content import blobs_of
from editorial.usecases import handing
from editorial.usecases.doing import Deps


class Reactions:
    """The reactions of one process; `deps` is known once the service stands."""

    def __init__(self, deps: Deps | None = None) -> None:
        self._given = deps

    @property
    def hears(self) -> tuple[Hears, ...]:
        return (
            reactor(
                "editorial-intake",
                {
                    SubmissionReceivedV1: self.when_submission_received_open_an_article,
                    SubmissionResubmittedV1: self.when_submission_resubmitted_go_on,
                    SubmissionWithdrawnV1: self.when_submission_withdrawn_drop_the_article,
                },
            ),
            reactor(
                "editorial-files",
                {
                    RevisionAddedV1: self.when_revision_added_keep_its_files,
                    ArticlePublishedV1: self.when_article_published_open_its_files,
                    ArticleCorrectedV1: self.when_article_corrected_open_its_files,
                    ArticleWithdrawnV1: self.when_article_withdrawn_close_its_files,
                },
            ),
        )

    @property
    def _deps(self) -> Deps:
        if self._given is None:
            raise RuntimeError("the service's parts were started without what they work with")
        return self._given

    async def when_submission_received_open_an_article(
        self, fact: SubmissionReceivedV1, seen: Seen
    ) -> None:
        await handing.open_article(self._deps, fact, seen.cause("open", seen.at))

    async def when_submission_resubmitted_go_on(
        self, fact: SubmissionResubmittedV1, seen: Seen
    ) -> None:
        await handing.hand_in_again(self._deps, fact, seen.cause("resume", seen.at))

    async def when_submission_withdrawn_drop_the_article(
        self, fact: SubmissionWithdrawnV1, seen: Seen
    ) -> None:
        await handing.drop(self._deps, fact, seen.cause("drop", seen.at))

    async def when_revision_added_keep_its_files(self, fact: RevisionAddedV1, seen: Seen) -> None:
        """A revision never changes, so what it names is kept for good; nobody may read it yet."""
        named = blobs_of(_json(fact.content))
        await self._deps.files.expect(named, f"{seen.stream}#{fact.revision}")

    async def when_article_published_open_its_files(
        self, fact: ArticlePublishedV1, seen: Seen
    ) -> None:
        await self._show(blobs_of(_json(fact)), fact.article_id, seen)

    async def when_article_corrected_open_its_files(
        self, fact: ArticleCorrectedV1, seen: Seen
    ) -> None:
        await self._show(blobs_of(_json(fact)), fact.article_id, seen)

    async def when_article_withdrawn_close_its_files(
        self, fact: ArticleWithdrawnV1, seen: Seen
    ) -> None:
        await self._show((), fact.article_id, seen)

    async def _show(self, named: tuple[str, ...], article: str, seen: Seen) -> None:
        """What the public may read is what the newest public fact names, and nothing else."""
        known = await self._deps.log.since(ARTICLES, article, seen.topic, seen.sequence)
        revisions = known.state.revisions
        every = {digest for each in revisions for digest in blobs_of(each.content)}
        await self._deps.files.show(named, seen.stream)
        await self._deps.files.hide(sorted(every - set(named)), seen.stream)


def _json(value: Value) -> dict[str, object]:
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)
