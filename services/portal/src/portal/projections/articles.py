"""Facts about articles become what everybody may read, and marks where something was taken back.

`order` (moment of publication, then id) exists as long as an article is listed. `moves` gets one
document per fact and is never changed: a process that keeps a search index follows its inserts.
"""

from collections.abc import Iterable
from typing import Any

from common.consumer import Seen
from common.markup import clean
from common.mongo import Index, Patch, Put, Write
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticlePublishedV1,
    ArticleWithdrawnV1,
)

ARTICLES, MOVES = "articles", "moves"
INDEXES = (
    Index(ARTICLES, (("order", -1),)),
    Index(ARTICLES, (("category", 1), ("order", -1))),
    Index(ARTICLES, (("site", 1), ("order", -1))),
    Index(ARTICLES, (("site", 1), ("category", 1), ("order", -1))),
    Index(ARTICLES, (("site", 1), ("section", 1), ("order", -1))),
    Index(ARTICLES, (("site", 1), ("language", 1), ("order", -1))),
    Index(MOVES, (("article", 1),)),
)
CONTENT = ("site", "category", "language", "title", "summary", "body", "author", "source", "fields",
           "attachments", "section", "revision", "digest", "published_at", "legal")  # fmt: skip
STAYS = ("site", "category", "language", "title", "published_at")
REPLACED = ("summary", "author", "source", "fields", "attachments", "section")
"""What a correction may also take away."""


def when_article_published_show_it(fact: ArticlePublishedV1, seen: Seen) -> Iterable[Write]:
    yield Put(ARTICLES, fact.article_id, {**_content(fact), "version": seen.sequence, "notes": []})
    yield _moved(fact.article_id, seen)


def when_article_corrected_show_it_with_the_note(
    fact: ArticleCorrectedV1, seen: Seen
) -> Iterable[Write]:
    """The note stays for good, with the notes before it."""
    data, content = fact.data(), _content(fact)
    note = {"at": data["corrected_at"], "level": fact.level, "text": fact.note}
    yield Patch(
        ARTICLES,
        fact.article_id,
        values={**content, "version": seen.sequence},
        unset=[name for name in REPLACED if name not in content],
        push={"notes": note},
    )
    yield _moved(fact.article_id, seen)


def when_article_withdrawn_leave_a_mark(fact: ArticleWithdrawnV1, seen: Seen) -> Iterable[Write]:
    """Of the content nothing stays but its title; why it is gone stays for everybody."""
    data = fact.data()
    kept = {name: data[name] for name in STAYS if name in data}
    said = {"at": data["withdrawn_at"], "explanation": fact.explanation}
    if "ground" in data:
        said["ground"] = data["ground"]
    yield Put(ARTICLES, fact.article_id, {**kept, "withdrawn": said, "version": seen.sequence})
    yield _moved(fact.article_id, seen)


def _content(fact: ArticlePublishedV1 | ArticleCorrectedV1) -> dict[str, Any]:
    data = fact.data()
    content = {name: data[name] for name in CONTENT if data.get(name) is not None}
    if (html := fact.body.html) is not None:
        content["body"] = {**data["body"], "html": clean(html)}
    return {**content, "order": f"{data['published_at']}|{fact.article_id}"}


def _moved(article: str, seen: Seen) -> Write:
    return Put(MOVES, seen.id, {"article": article, "sequence": seen.sequence})


HANDLERS = {
    ArticlePublishedV1: when_article_published_show_it,
    ArticleCorrectedV1: when_article_corrected_show_it_with_the_note,
    ArticleWithdrawnV1: when_article_withdrawn_leave_a_mark,
}
