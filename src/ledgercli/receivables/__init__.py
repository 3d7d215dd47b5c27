"""Pure: postings become documents and settlements, these a position, a position answers."""
