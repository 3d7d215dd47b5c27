"""Receivables and customers on plain text: YAML records beside a Beancount ledger."""

__version__ = "0.1.0"
