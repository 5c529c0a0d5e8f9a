"""The pure shared kernel: the law as data and small functions that explain themselves."""
