"""What the keys of settings and customer files mean, for the reference pages.

Types and defaults come from the records themselves; :mod:`reference` fails where a key has no text
here, or a text no key.
"""

from __future__ import annotations

KEYS: dict[str, dict[str, str]] = {
    "Settings": {
        "ledger": "The top ledger file, from the folder of the books. It may include others.",
        "language": "Language of the program, unless `--lang` or the locale say another, and of"
        " letters to customers that name none.",
        "timezone": "Decides which day is today, such as `Europe/Berlin`. Without it, the clock of"
        " this computer.",
        "company": "Who writes the letters.",
        "receivables": "Which accounts are receivables, and how settlements find their documents.",
        "aging": "How open items are aged.",
        "limits": "How exposure is compared with credit limits.",
        "reminders": "The reminder policies.",
        "rates": "Dated tables of yearly rates, by name: `{ecb-refinancing: {2026-07-01: 2.15%}}`."
        " A rate may be `{rate: 2.15%, source: …}`; `until:` is the last day of the last one. Rows"
        " go before those of the packaged tables, see [claims](../concepts/claims.md#interest).",
        "mail": "How letters go out: e-mail above all.",
        "letters": "How letters are [printed](../how-to/print-letters.md).",
        "claims": "How `remind book` writes fees and interest into the ledger.",
        "agenda": "What the agenda lists, and how far it looks.",
        "owners": "E-mail addresses by the `owner` of customers: who gets `today --mail`.",
        "digests": "Reports that go out by e-mail, each once in its period.",
        "surveys": "How customers are asked for a score.",
        "privacy": "How long personal data are kept.",
        "score": "How customers are scored, see [scores](../concepts/score.md).",
        "anomalies": "From when on something is told as out of the"
        " [ordinary](../concepts/anomalies.md).",
        "statements": "Which accounts mean what in financial statements.",
        "tiers": "Rules that give [tiers and tags](../how-to/segments-and-tiers.md) by facts.",
        "targets": "What segments shall reach, for `report targets`.",
        "orders": "Which [orders](../concepts/orders.md) are approved by themselves, who approves"
        " the others, and how they are numbered and booked.",
    },
    "StatementSettings": {
        "year_begins": "The first day of the financial year, such as `04-01`.",
        "cash": "Cash accounts; otherwise `receivables.banks`, otherwise the usual names, see"
        " [financial statements](../concepts/financial-statements.md#which-account-is-what).",
        "inventory": "Goods in stock.",
        "current_assets": "Other current assets.",
        "fixed_assets": "Assets that stay: what is paid for them is investing.",
        "current_liabilities": "What is to be paid within a year.",
        "long_term_liabilities": "What is to be paid later: what flows there is financing.",
        "financing": "Other accounts whose flows are financing, such as short-term loans.",
        "revenue": "Income from sales.",
        "cost_of_sales": "Expenses for what was sold.",
        "products": "Metadata keys of a posting or transaction that name a product; the first that"
        " is there counts.",
    },
    "OwnReport": {
        "title": "Heads the report.",
        "about": "What `report --list` says of it; without it, the title.",
        "query": "Makes the rows: a query in BQL, as `ledgercli query` takes it.",
        "table": "Makes the rows: one of our [tables for queries](../how-to/queries.md), whole.",
        "report": "Makes the rows: a report of the program, see below.",
        "options": "Options of that report, such as `{months: 24}`.",
        "filter": "Which customers and currencies it is about, unless the command line says"
        " something else of the same.",
        "where": "Keeps the rows whose cell is one of these words: `{status: [overdue, partial]}`.",
        "group": "Makes one row of those that agree in these columns; figures are added, each"
        " currency by itself.",
        "sort": "Orders the rows by these columns; with `-` before it the largest come first.",
        "top": "Keeps so many rows of each currency; 0 is all.",
        "columns": "Which columns are shown, in this order; without it all.",
        "labels": "Headings of columns.",
        "kinds": "What the columns of a query are, so that figures look like it.",
        "totals": "Whether amounts are added below, by currency.",
        "chart": "A picture of the rows.",
        "every": "Sends it by e-mail with the digests, once in such a period.",
        "to": "The address that it is sent to.",
    },
    "OwnFilter": {
        "customers": "Ids or aliases.",
        "tags": "Customers with all of these tags.",
        "segments": "Customers of these segments.",
        "tiers": "Customers of one of these tiers.",
        "statuses": "Customers of one of these states.",
        "owners": "Customers that one of these people looks after.",
        "currencies": "Only these currencies.",
    },
    "OwnChart": {
        "kind": "`stacked-bars` a bar for each row, `stacked-columns` the same upright, `line` a"
        " line for each series, `bullet` a percentage against 100, `pareto` rows by size with"
        " their running share, `heat-map` a cell for each row and series.",
        "category": "The columns that name a bar or a point.",
        "series": "The columns whose figures are drawn, all in one unit.",
        "title": "Stands above the picture; without it, that of the report.",
        "axis": "What is measured.",
        "split": "A picture for each value of this column: `currency`, where amounts are drawn.",
        "shares": "Whether every bar has the whole width.",
    },
    "AnomalySettings": {
        "score": "Amounts and payments with a robust z-score above it are told.",
        "min_documents": "So many documents of a customer make something usual.",
        "duplicate_days": "Invoices of one amount that are no farther apart may be doubles.",
        "silence": "So many usual gaps without an invoice are a silence.",
        "chance": "Patterns that would come by chance more often are not told.",
    },
    "ScoreSettings": {
        "weights": "How many of 100 points each input can take away.",
        "strength": "So many documents of a customer's own weigh as much as the mean of the books.",
        "grace": "Days after the due date that still count as paid in time.",
        "classes": "Rating classes by the lowest score of each.",
    },
    "ScoreWeights": {
        "late_share": "The share of documents paid late.",
        "days_late": "How late, weighted by amount and recency.",
        "recent": "How late lately.",
        "utilisation": "How much of the credit limit is used.",
        "promises": "Broken promises.",
        "disputes": "Disputes.",
        "length": "How short the relation is.",
    },
    "TierRule": {
        "tier": "The tier that the rule gives; the first rule that fits counts.",
        "tag": "The tag that the rule gives or takes.",
        "revenue": "Invoiced less credit notes, such as `at least 50000 EUR`.",
        "invoices": "How many invoices, such as `at least 6`.",
        "days_late": "Mean days late, such as `at most 10`.",
        "score": "The score, such as `over 70`.",
        "within": "The time before the day that counts.",
    },
    "Target": {
        "measure": "What is measured.",
        "goal": "`+20%` against the same time before, or a bound such as `at least 40%`.",
        "name": "How the report calls it.",
        "currency": "The currency of revenue.",
        "within": "The time up to the day.",
        "tag": "Which customers: with one of these tags.",
        "tier": "Which customers: of one of these tiers.",
        "status": "Which customers: of one of these statuses.",
        "owner": "Which customers: looked after by one of these.",
        "segment": "Which customers: by dimension, of one of these segments.",
    },
    "ClaimSettings": {
        "interest_account": "The account of income for interest on arrears.",
        "fee_account": "The account of income for fees.",
        "tax_account": "The account that the tax goes to.",
        "tax": "The tax that is added to claims.",
        "taxed": "What bears that tax.",
        "file": "The file to append to, from the folder of the books; it has to be a part of the"
        " ledger. Without it, the top file.",
    },
    "Company": {
        "name": "The name under the letters.",
        "lines": "The address, line by line.",
        "email": "Where questions go.",
        "phone": "Telephone.",
        "bank": "The account to pay to.",
        "address": "The address in parts, which the Swiss QR-bill needs; it stands for `lines`"
        " where those are left out.",
    },
    "LetterSettings": {
        "paper": "The paper of printed letters.",
        "envelope_window": "Where the address stands: `din-5008-b`, `din-5008-a`, `us-10`, `gb-dl`,"
        " `gb-c5`, `none`, or `{left: 20 mm, top: 45 mm, width: 85 mm, height: 45 mm}`.",
        "logo": "A PNG, JPEG or SVG file in the books.",
        "fonts": "Fonts that go before the usual ones.",
    },
    "BankAccount": {
        "holder": "Who holds the account.",
        "iban": "IBAN, checked for slips of the keyboard.",
        "bic": "BIC, checked likewise.",
        "bank": "Name of the bank.",
        "account": "Account number where there is no IBAN.",
    },
    "ReceivablesSettings": {
        "accounts": "Receivable accounts, with their sub-accounts. Without this key the usual"
        " names count: `Receivable`, `Receivables`, `AccountsReceivable`, `1122应收账款` and the"
        " like under the assets.",
        "deposits": "Accounts of customers' deposits, with their sub-accounts. Without this key:"
        " `CustomerDeposits`, `2203预收账款` and the like under the liabilities.",
        "banks": "Accounts whose newest entry says how fresh the books are (`require_fresh`)."
        " Without this key: asset accounts that have stood opposite to a receivable.",
        "tax": "Accounts where a write-off or discount has to correct tax. Without this key:"
        " accounts whose names speak of VAT or sales tax.",
        "invoice_links": "Where a transaction has several links, the number is the link that fits"
        " the first of these patterns.",
        "allocation": "What becomes of settlements that name nothing: `oldest-due` assumes,"
        " `explicit` leaves them unallocated, `legal` pays costs, then interest, then principal.",
        "terms": "Payment terms where neither the ledger nor the customer has any. Without this"
        " key `net 30` is assumed, with a finding.",
    },
    "AgingSettings": {
        "basis": "Count from the due date (`due`) or from the document's date (`date`).",
        "buckets": "Upper bounds in ascending order. Plain numbers are days; `3 months` and"
        " `1 year` count by calendar.",
    },
    "LimitSettings": {
        "warn_at": "Share of the limit from which on to warn.",
        "count_orders": "Whether open orders count as exposure.",
    },
    "AgendaSettings": {
        "ahead": "How far the agenda looks without `--until`.",
        "keep": "How long the end of a contract or a hold stays on it once its day is over.",
        "review_after": "Lists each record that nobody has looked at for so long: no contact in"
        " the activity log, no commit of its file. Without this key nobody is asked to.",
        "limit_review_after": "Lists each dated limit so long after its last step.",
        "events_after": "Lists the deliveries, acceptances and tax invoices that documents are due"
        " from, where they are not recorded so long after the document.",
        "papers": "A folder of the books: open documents whose number is in no file name there"
        " are listed.",
        "channel": "What takes pages of the morning, digests and surveys: `email`, or another"
        " channel of letters.",
    },
    "Digest": {
        "to": "The e-mail address.",
        "every": "How often: `day`, `week`, `month` or `quarter`.",
        "reports": "Which reports: any that `ledgercli report --list` names, your own among them,"
        " and `today`, `agenda`, `aging`, `limits`, `items`, `balances`, `payments`.",
        "owner": "Only customers that this person looks after.",
        "attach": "As what the reports go along: `csv`, `xlsx`, `html`, or `none`: in the text"
        " alone.",
    },
    "SurveySettings": {
        "template": "The template of the mail, `NAME.LANG.txt.j2`; its first line is the subject.",
        "wait": "How long after the last survey a customer may be asked again.",
        "link": "An address to answer at; `{customer}` stands for the id.",
    },
    "PrivacySettings": {
        "keep_closed": "How long the record of a closed customer keeps what is personal, after the"
        " last document, payment or activity. Until then `customer forget` wants a reason.",
        "keep_activity": "How long the words of the activity log are kept.",
    },
    "ReminderSettings": {
        "default_policy": "The policy of customers that none is meant for.",
        "policies": "The policies by name; of those with a `when` the first that fits counts.",
        "working_days": "Which days are working days: the deadlines that letters print fall on"
        " no other. Without this key every day is one.",
    },
    "WorkingDays": {
        "country": "The country whose public holidays count, as two letters; they come from the"
        " extra `holidays`.",
        "subdivision": "A part of it, such as `BY` for Bavaria.",
        "weekend": "Days that are not worked, such as `[sat, sun]`; without this key those of"
        " the country.",
        "closed": "Further days that are not worked.",
        "open": "Days that are worked, whatever the other tables say.",
    },
    "When": {
        "country": "Country of the address for bills, as two letters; or a list of them.",
        "debtor": "`business`, `consumer` or `public`.",
        "tier": "A tier, or a list of them.",
        "segment": "Segments by name, each with a value or a list of them.",
        "tag": "A tag, or a list of them.",
    },
    "Policy": {
        "levels": "The steps, in order.",
        "minimum": "Documents, then letters, of less than this are not reminded of; one amount"
        " for each currency.",
        "wait": "Time between two dunning letters to one customer.",
        "deadline": "New time to pay, from the day of the letter; the letter prints the date.",
        "grace": "Time after that date before the next level is due.",
        "require_fresh": "No letters unless a bank account has an entry within this time.",
        "accounts": "Only documents on these accounts.",
        "except_accounts": "No documents on these accounts.",
        "interest": "Interest that letters claim.",
        "when": "For which customers the policy is meant, all of it; without this key only for"
        " those that name it.",
        "channel": "How letters go out, unless level or customer say otherwise: `post`, `email`.",
        "law": "Which ground letters name for fees and interest. Without this key it follows the"
        " customer's country, see [legal texts](../concepts/legal.md#which-law).",
        "legal": "Sentences about the law, by key, to be printed or not, see"
        " [legal texts](../concepts/legal.md#the-sentences).",
    },
    "Level": {
        "name": "Its name in plan, history and `remind adopt`.",
        "after": "When it comes: `5 days` overdue, `30 days end of month`, `14 days since"
        " previous`. Below zero it is a notice before the due date.",
        "template": "The bare name of the letter's template.",
        "fee": "A fee that the letter claims.",
        "channel": "How this level goes out, whatever policy and customer say.",
        "deadline": "Another deadline than the policy's.",
        "attach": "What goes with the letter: `[statement]` encloses the account as PDF and CSV.",
        "review": "Without effect in this version: read the letters before `remind run`.",
    },
    "Fee": {
        "amount": "An amount, a list with one for each currency, a percentage of the document's"
        " open amount, or `statutory`: the lump sum of the law that applies.",
        "per": "Once for the letter, or for each document at the letter's level.",
        "once": "Not again where an earlier letter claimed a fee.",
        "debtor": "Only from this kind of debtor.",
        "maximum": "The most that it may come to; one amount for each currency.",
    },
    "Interest": {
        "rate": "`8%` a year, `0.05% per day`, `9% above TABLE`, `TABLE × 1.5`; with `above`,"
        " points on top of that table.",
        "above": "Name of a table under `rates`, or of a packaged one.",
        "from_level": "The dunning level from which on interest is claimed.",
        "debtor": "Only from this kind of debtor.",
        "day_count": "How days become years: actual days over 365, over the length of each year,"
        " or months of 30 days.",
    },
    "Mail": {
        "sender": "The sender, such as `Books <books@example.com>`.",
        "reply_to": "Where answers go, if not to the sender.",
        "bcc": "One address that gets a blind copy of every letter by e-mail.",
        "bounces": "Where mail servers report what they could not deliver, if not to the sender.",
        "rate": "How fast letters go to the mail server at most: `30 per minute`, `1 per second`,"
        " `500 per hour`.",
        "timeout": "How long the program of a `command:` channel may take for one letter.",
        "smtp": "The mail server.",
        "post": "Letters to print.",
    },
    "Smtp": {
        "host": "The server.",
        "port": "Its port: usually 587 for `starttls`, 465 for `tls`.",
        "security": "How the connection is encrypted: after a greeting (`starttls`), from the first"
        " byte (`tls`), or not at all (`none`; then no password is sent but to this computer).",
        "user": "User name; without it nobody logs in.",
        "password_env": "The environment variable that holds the password. The password itself"
        " never stands in a file.",
        "password_command": "A program that prints the password, with its arguments: `pass show"
        " mail/books`, or a list of words. It goes before `password_env`; no shell sees it.",
        "verify": "Whether the server's certificate is checked. Leave that on.",
        "ca_file": "A file of certificates (PEM) to trust besides those of the system, from the"
        " folder of the books.",
        "ehlo": "How this computer names itself to the server. Without this key: as the sender's"
        " domain.",
        "timeout": "How long to wait for each answer of the server.",
    },
    "Post": {
        "duplex": "Whether each letter begins on the front of a sheet, for printers that print on"
        " both sides.",
    },
    "Customer": {
        "id": "Unique, capital and small letters counting as the same. Letters and digits of any"
        " script, `-`, `.` and `_`, at most 64. Default: the file's name without its ending.",
        "name": "The full name, as letters have it.",
        "kind": "Company or person.",
        "debtor": "Which kind of debtor fees and interest see.",
        "status": "How far the business has come.",
        "tier": "Your own grade, such as `A`.",
        "tags": "Words to select by with `--tag`.",
        "segments": "Any dimension to select by with `--segment KEY=VALUE`.",
        "parent": "The id of the customer this one belongs to.",
        "owner": "Who looks after the customer.",
        "language": "Language of letters.",
        "currency": "Currency of amounts in this record that name none.",
        "accounts": "Accounts of this customer, with their sub-accounts; the longest match wins.",
        "aliases": "Other names: payees, names on bank statements.",
        "ids": "Numbers by kind. Known kinds (`vat`, `uscc`, `iban`, `bic`, `lei`) are checked.",
        "contacts": "People. Letters go to the first with the role `billing`.",
        "addresses": "Addresses by use. Letters take `billing`, else the first.",
        "bank": "The customer's bank accounts.",
        "terms": "Payment terms, see [terms](terms.md).",
        "credit": "Credit limit and warning.",
        "reminders": "How this customer is reminded.",
        "contracts": "Running agreements.",
        "notes": "Free text.",
        "fields": "Keys of your own.",
        "expected": "What a lead or prospect is expected to bring, such as `5000 EUR`.",
        "next_step": "What is to be done next, and by when.",
    },
    "NextStep": {
        "date": "The day by which it is to be done.",
        "text": "What is to be done.",
    },
    "Contact": {
        "name": "Name, as the salutation has it.",
        "role": "`billing` for letters; others are yours.",
        "email": "E-mail.",
        "phone": "Telephone.",
        "notes": "Free text.",
    },
    "Address": {
        "lines": "Street and the like, line by line.",
        "postcode": "Postcode. It stays the text that was typed, zeros in front too.",
        "city": "City.",
        "region": "Region, state or province.",
        "country": "ISO 3166 code of two letters.",
    },
    "Credit": {
        "limit": "An amount, a list with one for each currency, or a table of these by first day."
        " Absent: no limit; 0: no credit.",
        "warn_at": "Another share than `limits.warn_at` of the settings.",
    },
    "CustomerReminders": {
        "policy": "Another policy than the default one.",
        "channel": "Another channel than the policy's; a level that names one goes before it.",
        "never": "`true`: no letters at all.",
    },
    "Contract": {
        "id": "Number of the contract.",
        "title": "What it is about.",
        "start": "First day.",
        "end": "Last day.",
        "notice": "Period of notice.",
        "value": "An amount for all of it, an amount for a time such as `1200 EUR per month` or"
        " `300 EUR every 2 weeks`, or free text. What recurs is drafted by `order due`.",
        "renews": "For how long it goes on after each end, unless notice was given in time.",
        "terminated": "The day on which notice was given.",
        "index": "How the price changes, by the first day: `{2027-01-01: 3%, 2028-01-01: 1300"
        " EUR}`. A percentage is added to the price before it.",
        "arrears": "`true`: a period is invoiced after its end, not at its begin.",
        "text": "What the lines of its orders say; the title where it is missing.",
        "account": "The account that its orders are booked on.",
        "tax": "The tax that is added to the price.",
        "terms": "The payment terms of its orders.",
    },
    "OrderSettings": {
        "auto_up_to": "What a customer may have open without a person's approval, in each currency"
        " that is named. Without it the credit limit alone decides.",
        "max_days_overdue": "By how many days something may be overdue while orders are approved by"
        " the rules.",
        "approvers": "Who may approve orders. The first that fits a git identity counts.",
        "expires": "How long an approval holds, its last day included; without it, for ever.",
        "series": "The numbers of orders and invoices.",
        "accounts": "The accounts that invoices are booked on.",
        "file": "Where invoices are appended, from the folder of the books: a part of the ledger."
        " Without it, the ledger's top file.",
    },
    "Approver": {
        "who": "Name or e-mail address, as git has it.",
        "above_limit": "How far above the credit limit this person may go; not at all without it.",
    },
    "OrderSeries": {
        "orders": "Numbers of orders. `{year}` begins each year at 1, `{n:04}` has four digits.",
        "invoices": "Numbers of invoices.",
    },
    "OrderAccounts": {
        "receivable": "For customers without any posting and any account of their own.",
        "sales": "For lines that name no account.",
        "tax": "For the tax of all lines.",
    },
}
