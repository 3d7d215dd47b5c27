"""How the figures of the named reports came about: formula, source, and what went in."""
