"""Working fakes behind the two doors, proven by the same suites as the engines."""
