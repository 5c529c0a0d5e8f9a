"""Commands and what happens to them: load, decide, append; one module per aggregate."""
