"""Articles on their way through the editorial boards of all sites, each under its own regulation."""
