"""Metrics of receivables: each a pure function of figures, with its formula and its source."""
