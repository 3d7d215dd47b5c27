"""Customer records: read, edited, found, scored, redacted."""
