"""What can be asked: submissions, clocks, forms, and who may hand in."""
