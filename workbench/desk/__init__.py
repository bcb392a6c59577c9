"""The verbs. Each checks the role, asks the rules, and commits the change together with its log entry."""
