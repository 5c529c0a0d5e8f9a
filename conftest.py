"""Gives every test the fixtures of embedded.testing: engines, database_prefix, topic_prefix."""

pytest_plugins = [
    "contracts",  # first, else pytest takes the folder contracts/ for the package of that name
    "embedded.testing",
]
