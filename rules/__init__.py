"""What must be: law, guidance and policy as dated, cited data, and the pure functions that read it."""
