"""One-machine engines, the one-process runner, demo data, development sign-in."""
