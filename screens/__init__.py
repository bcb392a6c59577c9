"""What people see and type: the Textual app and the commands. No rule and no file access here."""

import os

for _name in [name for name in os.environ if name.startswith("TEXTUAL")]:
    del os.environ[
        _name
    ]  # Textual obeys them when it is imported: logs, debuggers and screenshots of records
