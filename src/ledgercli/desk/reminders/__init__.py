"""Reminders: plan, write, approve, send, verify, book."""
