"""Checks of the contracts: each is a function from a contracts folder to a list of problems."""
