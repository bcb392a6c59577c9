"""TinyDB's own tests, run against this program's storage and table: `python -m tests.tinydb_own`."""
