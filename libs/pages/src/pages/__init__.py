"""How pages look and speak: one frame, one set of macros, two languages, no foreign server."""
