"""Orders: entered, approved, delivered, invoiced."""
