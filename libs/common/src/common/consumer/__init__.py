"""Consumers: Kafka facts become effects, each once, in the order of their stream (decision D3)."""

from common.consumer.hears import Hears, Seen, consumer

__all__ = ["Hears", "Seen", "consumer"]
