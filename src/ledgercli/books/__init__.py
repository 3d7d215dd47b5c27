"""The user's files: the only room that opens one of them, or imports beancount or yaml."""
