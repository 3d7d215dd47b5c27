"""Delivery: a letter as a message, and the channels that take it to the customer."""
