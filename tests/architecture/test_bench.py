"""The benchmark fills projections with their own handlers: a handler that changes must not stop it."""

from random import Random

import pytest
from bench.filling import EVERYWHERE, Shelf, id_of, projected


@pytest.mark.parametrize("shelf", EVERYWHERE, ids=lambda shelf: shelf.service)
def test_what_the_benchmark_stores_is_what_the_projection_would(shelf: Shelf):
    random = Random(1)

    told = (each for number in range(3) for each in shelf.facts(number, random))
    stored = projected(shelf.hears, told)

    whole = {"portal": "articles", "editorial": "articles", "intake": "submissions"}
    documents = stored[whole[shelf.service]]
    assert [document["_id"] for document in documents] == [id_of(number) for number in range(3)]
    assert {document["site"] for document in documents} == {"binhduong"}
