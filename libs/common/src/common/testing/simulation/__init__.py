"""The backbone under a seeded storm: see `run_seed` (decision D13)."""
