"""Activity: facts recorded about customers."""
