"""What may be asked about articles."""
