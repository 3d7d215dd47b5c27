"""What the past of the receivables lets expect: receipts by week, revenue by month."""
