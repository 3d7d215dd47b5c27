"""Files of other systems: read as rows of text, written from rows of text."""
