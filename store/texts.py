"""The folder of texts that people put beside the data; what counts of it, the desk writes into the log."""

FOLDER = "rules"
UNLOGGED = frozenset({"examples"})
"""Folders inside it that the log does not hold, and so no backup either."""
LETTERS = "letters"
"""The folder of the school's own wording of letters: in no log and in no backup."""
