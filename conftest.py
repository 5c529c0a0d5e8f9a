"""Gives every test the fixtures of embedded.testing: engines, database_prefix, topic_prefix."""

pytest_plugins = ["embedded.testing"]
