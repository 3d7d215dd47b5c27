"""Answer from a ledger that is proven to be free of errors, without loading it with Beancount.

Each file is read into a summary (``summary``): its postings on receivable and deposit accounts, and
the facts that rules across files ask for. Merging the summaries (``merge``) proves that Beancount
would report nothing: every transaction balances, accounts are open when used, assertions hold.
What cannot be proven is refused with a reason (``refusal``), never guessed; Beancount then loads
the ledger itself.

Most files consist of plain lines, which one regular expression takes apart (``tiles``). A file
with anything else goes through Beancount's own parser (``builder``), into the same summary.
"""
