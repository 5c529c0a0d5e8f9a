"""Staff pages: what a person may see and do, each act called with that person's own token."""
