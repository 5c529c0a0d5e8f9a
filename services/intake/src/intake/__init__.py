"""What is handed in for publication."""
