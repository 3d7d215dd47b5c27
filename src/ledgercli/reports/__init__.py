"""Named reports: which function of a position, which columns, which words under the figures."""
