"""What may be decided: pure, one module per aggregate."""
