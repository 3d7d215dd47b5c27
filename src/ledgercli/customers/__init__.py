"""Customers beyond their receivables: pure functions over records and positions."""
