"""HTTP as every service speaks it: problems, causes, preconditions, pages, positions, limits."""
