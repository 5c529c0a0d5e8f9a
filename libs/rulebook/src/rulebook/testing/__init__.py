"""What tests and measurements of the rulebook share."""
