"""Faults made on purpose, and what must be left after them. `python -m tests.faults` runs them all at full length."""
