"""Receivables and customers on plain text: YAML records beside a Beancount ledger."""
