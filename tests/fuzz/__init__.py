"""Inputs nobody would write, for every loader. `python -m tests.fuzz --seconds 60` tries each for so long."""
