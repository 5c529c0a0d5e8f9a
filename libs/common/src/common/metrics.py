"""What a service counts: named Prometheus metrics with labels from closed sets.

No label ever holds an id, a path with values or a name of a person: a metric per stream would grow
without bound and tell strangers what people ask. One registry per service, so that several can
live in one process.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class HttpMetrics:
    """Requests by method, route template and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "http_requests_total",
            "Answered requests",
            ["method", "route", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "http_request_seconds",
            "Time to answer a request",
            ["method", "route"],
            buckets=SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "http_requests_in_flight", "Requests being answered", registry=registry
        )


class LogMetrics:
    """The commit log: what was appended, how fast, and who had to decide again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.commits = Counter(
            "commits_total",
            "Commits put to the log, by outcome: appended, unknown (tried again until known)",
            ["outcome"],
            registry=registry,
        )
        self.append_seconds = Histogram(
            "append_seconds", "Time of one append", buckets=SECONDS, registry=registry
        )
        self.batch_size = Histogram(
            "append_batch_size", "Commits in one insert", buckets=SIZES, registry=registry
        )
        self.conflicts = Counter(
            "append_conflicts_total",
            "Commits that a unique index refused: another version, cause or claim came first",
            registry=registry,
        )
        self.decisions = Counter(
            "decisions_total",
            "Decisions by how they ended: done, repeated (the stored answer, counted as done too), "
            "refused, not-found, conflict, unprocessable, unavailable, other",
            ["outcome"],
            registry=registry,
        )
        self.longest_stream = Gauge(
            "longest_stream_commits",
            "Commits of the longest stream that this process has decided on; a load reads it from its last "
            "closing, which every 500th commit carries",
            registry=registry,
        )


class RelayMetrics:
    """The relay: how far behind the log, in what chunks, and what was sent again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.lag_seconds = Gauge(
            "relay_lag_seconds",
            "Age of the oldest commit the relay has just seen; 0 when there is none",
            registry=registry,
        )
        self.chunk_size = Histogram(
            "relay_chunk_size", "Records published in one chunk", buckets=SIZES, registry=registry
        )
        self.published = Counter(
            "relay_published_total", "Records acknowledged by Kafka", registry=registry
        )
        self.failed_chunks = Counter(
            "relay_resent_chunks_total",
            "Chunks sent again because an acknowledgement was missing",
            registry=registry,
        )
        self.resent = Counter(
            "relay_resent_records_total",
            "Records sent again by reason: token-lost, swept, hole, asked",
            ["reason"],
            registry=registry,
        )


class ConsumerMetrics:
    """Consumers by name with generation ("portal@1") and topic; how they are read: `common.readings`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        by_topic, by_consumer = ["consumer", "topic"], ["consumer"]
        self.lag = Gauge(
            "consumer_lag_records", "Records not yet read", by_topic, registry=registry
        )
        self.held = Gauge(
            "consumer_held_records", "Records waiting for a gap", by_consumer, registry=registry
        )
        self.held_seconds = Gauge(
            "consumer_held_seconds",
            "Age of the oldest gap that records wait for; 0 when none waits",
            by_consumer,
            registry=registry,
        )
        self.position = Gauge(
            "consumer_position_records",
            "Records read and done with since the topic began",
            by_topic,
            registry=registry,
        )
        self.heartbeat_seconds = Gauge(
            "heartbeat_age_seconds",
            "Age of the last heartbeat of a log that came through the whole chain",
            ["log"],
            registry=registry,
        )
        self.parked = Gauge(
            "consumer_parked_records", "Records set aside", by_consumer, registry=registry
        )
        self.settled = Gauge(
            "consumer_settled_records",
            "Records of former lives of restored logs that were set aside undone, for ever",
            by_consumer,
            registry=registry,
        )
        self.records = Counter(
            "consumer_records_total", "Records read and done with", by_consumer, registry=registry
        )
        self.batch_seconds = Histogram(
            "consumer_batch_seconds",
            "Time of one batch's transaction",
            by_consumer,
            buckets=SECONDS,
            registry=registry,
        )


class Metrics:
    """All metrics of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.http = HttpMetrics(self.registry)
        self.log = LogMetrics(self.registry)
        self.relay = RelayMetrics(self.registry)
        self.consumers = ConsumerMetrics(self.registry)

    def page(self) -> bytes:
        """The text that Prometheus reads, of type CONTENT_TYPE."""
        return generate_latest(self.registry)
