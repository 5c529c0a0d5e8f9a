"""What may be handed in, what the rules find in it, and what may become of it: pure."""
