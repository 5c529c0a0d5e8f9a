"""Content and process rules: small named pure functions that profiles call by name."""
