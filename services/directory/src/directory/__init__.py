"""Who is who, on which date."""
