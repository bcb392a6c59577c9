"""Records and decisions as values: pure, without a clock and without any input or output."""
