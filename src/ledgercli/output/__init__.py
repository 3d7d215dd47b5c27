"""Formatters and wording: one generic answer becomes a table, JSON, CSV or annotations."""
