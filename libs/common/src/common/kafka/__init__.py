"""The narrow door to Kafka: records as data, a producer to open anew, a subscription."""

from common.kafka.door import (
    Arrived,
    Broker,
    Handler,
    LoginRefused,
    Partition,
    Producer,
    PublishFailed,
    Record,
    Subscription,
    TopicSpec,
)

__all__ = [
    "Arrived",
    "Broker",
    "Handler",
    "LoginRefused",
    "Partition",
    "Producer",
    "PublishFailed",
    "Record",
    "Subscription",
    "TopicSpec",
]
