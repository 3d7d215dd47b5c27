"""Financial statements: pure functions of the general ledger, each with its formula."""
