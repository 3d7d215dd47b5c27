raise ZeroDivisionError("at import")
