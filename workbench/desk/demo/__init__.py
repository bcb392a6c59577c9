"""An invented school with live cases, on any date: same seed and date, same school."""
