"""Pure: what an article is, where it stands in its process, and what may be decided about it."""
