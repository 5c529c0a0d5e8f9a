"""What the public may ask: agencies, sites, articles, their files, and search."""
