"""Commands about articles: load, ask the authority, decide, append."""
