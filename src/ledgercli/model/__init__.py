"""Records alone: frozen dataclasses without input or output that import nothing of ours."""
