"""Pure: what is wrong or worth a look in the join of customers and ledger."""
