"""Metrics have names operators can rely on and registries of their own."""

from common.metrics import Metrics


def test_two_services_in_one_process_count_apart():
    one, other = Metrics(), Metrics()

    one.log.commits.labels("appended").inc()

    assert 'commits_total{outcome="appended"} 1.0' in one.page().decode()
    assert 'commits_total{outcome="appended"}' not in other.page().decode()


def test_the_page_names_every_part_of_the_chain():
    page = Metrics().page().decode()

    for name in (
        "http_requests_total",
        "http_request_seconds",
        "commits_total",
        "append_seconds",
        "append_conflicts_total",
        "relay_lag_seconds",
        "relay_chunk_size",
        "relay_published_total",
        "relay_resent_chunks_total",
        "consumer_lag_records",
        "consumer_held_records",
        "consumer_parked_records",
        "consumer_batch_seconds",
        "consumer_records_total",
    ):
        assert f"# HELP {name} " in page
