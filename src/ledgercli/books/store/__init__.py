"""The store: what was read of the books, kept in the user's cache folder to answer at once."""
