"""What was asked before is looked up once, until something comes in; pages that are long are not kept."""

from dataclasses import replace

import pytest

from portal.domain.article import Article
from portal.queries.articles import Listed
from portal.queries.index import SearchIndex
from portal.queries.search import LONGEST_KEPT, MOST_KEPT, Search

ALL = Listed(None, None, None, None, None, None)


class Counted:
    """An index that counts how often it is asked."""

    def __init__(self):
        self.index = SearchIndex()
        self.asked = 0

    @property
    def edition(self):
        return self.index.edition

    async def ask(self, question):
        self.asked += 1
        return question(self.index)


@pytest.fixture
def counted():
    counted = Counted()
    yield counted
    counted.index.close()


@pytest.fixture
def an_article():
    return Article(
        id="0198c0de-0000-7000-8000-000000000001",
        version=1,
        data={
            "site": "hanam",
            "category": "news",
            "language": "vi",
            "title": "Họp báo",
            "published_at": "2026-11-23T05:00:00.000Z",
            "fields": [],
            "attachments": [],
        },
    )


async def test_the_same_question_is_looked_up_once_whatever_signs_stand_around_it(counted):
    search = Search(counted)

    answers = [await search.find(q, ALL, None, 21) for q in ("họp báo", "họp  báo", "Họp, báo!")]

    assert counted.asked == 1
    assert answers[1] is answers[0]


async def test_another_filter_or_page_is_another_question(counted):
    search = Search(counted)

    await search.find("họp báo", ALL, None, 21)
    await search.find("họp báo", replace(ALL, site="hanam"), None, 21)
    await search.find("họp báo", ALL, None, 11)

    assert counted.asked == 3


async def test_what_came_in_is_found(counted, an_article):
    search = Search(counted)
    before = await search.find("họp báo", ALL, None, 21)
    counted.index.take([(an_article, "")])
    after = await search.find("họp báo", ALL, None, 21)

    assert [len(before.shown), len(after.shown)] == [0, 1]


async def test_only_so_many_short_answers_are_kept(counted, an_article):
    search = Search(counted)
    articles = [replace(an_article, id=f"{n:08d}") for n in range(LONGEST_KEPT + 1)]
    counted.index.take([(each, "") for each in articles])

    for _ in range(2):
        await search.find("họp báo", ALL, None, 100)
    assert counted.asked == 2

    for number in range(MOST_KEPT + 1):
        await search.find(f"x{number}", ALL, None, 21)
    await search.find("x0", ALL, None, 21)
    assert counted.asked == 2 + MOST_KEPT + 2
