"""What is kept: the log, the TinyDB snapshots it adds up to, locks and the one seam where records are sealed."""
