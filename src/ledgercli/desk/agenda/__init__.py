"""What is due: agenda, the morning page, digests."""
