"""The commit log: source of truth, audit log and outbox at once (decision D1)."""
