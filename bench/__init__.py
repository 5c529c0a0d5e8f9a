"""Measures the house beside the raw chain; `make bench` runs it."""
