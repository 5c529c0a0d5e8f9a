"""The language of the system, as data, and the models made from it."""
