"""What people see and type: the commands and the Textual app. No rule and no file access lives here."""
