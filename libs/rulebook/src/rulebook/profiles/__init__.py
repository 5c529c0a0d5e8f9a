"""Regulation profiles: the law as data, read once, refused with all faults when inconsistent."""
