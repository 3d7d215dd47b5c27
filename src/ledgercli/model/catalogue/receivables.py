"""Findings about the join of ledger and customers, and about documents and settlements."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

UNKNOWN_RECEIVABLE_ACCOUNT = FindingCode(
    "unknown-receivable-account",
    "warning",
    N_("no account of the ledger is `{account}` or below it"),
    N_("correct the name in `receivables.accounts`; the nearest in the ledger: {nearest}"),
    "Nothing on a receivable account with a wrong name is seen, so that reports look as if nobody"
    " owed anything. They warn of it too.",
)
UNKNOWN_CUSTOMER = FindingCode(
    "unknown-customer",
    "error",
    N_("no customer fits the posting on `{account}` ({named})"),
    N_("add a customer with this account, id or alias, or `customer:` to the posting"),
    "No rule of identity gave the posting to a customer. Its amount is shown under `?`, so that the"
    " totals still tie, and it is never reminded.",
)
UNKNOWN_CUSTOMER_NAMED = FindingCode(
    "unknown-customer-named",
    "warning",
    N_("`customer: {named}` is no id or alias; the posting was given to `{customer}`"),
    N_("correct the name, or add it to the aliases of a customer"),
    "The metadata names nobody, and a later rule of identity found a customer all the same.",
)
CUSTOMER_ASSUMED = FindingCode(
    "customer-assumed",
    "info",
    N_("the customer `{customer}` was told by the payee `{payee}` alone"),
    N_("add `customer:` to the transaction, or the account to the customer's `accounts:`"),
    "A payee is the weakest evidence of identity: a renamed payee would move the amount.",
)
DUPLICATE_NUMBER = FindingCode(
    "duplicate-number",
    "error",
    N_("document {number} of `{customer}` exists already, at {other}"),
    N_("give this document a number of its own; a bounced payment re-opens what was paid only"),
    "A positive posting names a number that is taken. What settlements naming the document had paid"
    " by then would be re-opened; the rest shows as a document of its own, `NUMBER~2`, and the"
    " customer gets no letters until it is resolved.",
)
NUMBER_OF_TWO_CUSTOMERS = FindingCode(
    "number-of-two-customers",
    "warning",
    N_("document number {number} is used by `{customer}` and by `{other_customer}`, at {other}"),
    N_("check whose document it is; numbers should be unique"),
    "The key of a document is customer, currency and number, so both are kept apart, but one of the"
    " two is probably booked on the wrong customer.",
)
AMBIGUOUS_NUMBER = FindingCode(
    "ambiguous-number",
    "warning",
    N_("the links {links} leave open which one is the document's number"),
    N_('add `invoice: "NUMBER"` to the posting, or set `receivables.invoice_links`'),
    "The document shows by its place in the ledger. It is aged, but never reminded.",
)
BAD_TERMS = FindingCode(
    "bad-terms",
    "error",
    N_("{reason}"),
    N_("write terms such as `net 30`, `30 days end of month` or `2/10 net 30`"),
    "The `terms:` in the ledger do not parse; the next ones that apply were taken.",
)
BAD_RETENTION = FindingCode(
    "bad-retention",
    "error",
    N_("{reason}"),
    N_('write `retention: 2027-06-30` or `retention: "acceptance + 12 months"`'),
    "What `retention:` says is no day. The amount stands as retention money of which nobody knows"
    " when it is due: it is never reminded.",
)
DUE_UNKNOWN = FindingCode(
    "due-unknown",
    "info",
    N_("document {number} is due counting from the {event}, which is not recorded"),
    N_(
        "once it has happened, add `{key}: DATE` to the transaction, or"
        " `ledgercli activity occurrence {base} {word} --date DATE`"
    ),
    "The terms, or the retention, count from an event. Until its day is known the document has no"
    " due date: it has a column of its own in the aging and is not reminded.",
)
DUE_ASSUMED = FindingCode(
    "due-assumed",
    "warning",
    N_("document {number} has no due date and no terms; `net 30` is assumed"),
    N_("add `due:` or `terms:` to the transaction, or `terms:` to the customer or the settings"),
    "Neither the posting, its transaction, the customer nor the books say when it is due.",
)
UNKNOWN_DOCUMENT = FindingCode(
    "unknown-document",
    "warning",
    N_("the {kind} names {names}, but `{customer}` has no such document in {currency}"),
    N_("correct the number; `ledgercli items --customer {customer}` lists what is open"),
    "A settlement names a document that does not exist for this customer and currency. Its amount"
    " stays unallocated.",
)
PAYMENT_BEFORE_DOCUMENT = FindingCode(
    "payment-before-document",
    "warning",
    N_("the {kind} of {date} names {number}, which is dated {document_date}"),
    N_("check both dates; an advance payment belongs on a deposit account"),
    "Until the document's date the amount is unallocated, as any past day shows it.",
)
OVER_PAYMENT = FindingCode(
    "over-payment",
    "warning",
    N_("the {kind} exceeds {names} by {amount}"),
    N_("name a second document, refund the rest, or move it to a deposit account"),
    "What exceeds the named documents stays unallocated and is set off in letters.",
)
EXCESS_REALLOCATION = FindingCode(
    "excess-re-allocation",
    "warning",
    N_("the re-allocation takes {amount} more than there is to take"),
    N_("name on the positive posting the document to take from, with `invoice:`"),
    "A re-allocation can move only what was allocated to the document it names, or unallocated"
    " credit. The rest was left out on both sides.",
)
AMBIGUOUS_ALIAS = FindingCode(
    "ambiguous-alias",
    "error",
    N_("the alias `{alias}` fits several customers: {customers}"),
    N_("keep it with one of them"),
    "An alias that fits two customers identifies neither.",
)
AMBIGUOUS_ACCOUNT = FindingCode(
    "ambiguous-account",
    "error",
    N_("the account `{account}` belongs to several customers: {customers}"),
    N_("keep it with one of them, or write `customer:` on the postings"),
    "An account that two records claim identifies neither.",
)
MISTYPED_ACCOUNT = FindingCode(
    "mistyped-account",
    "warning",
    N_("no receivable or deposit account of the ledger is `{account}` or below it"),
    N_("did you mean `{nearest}`?"),
    "An entry under `accounts:` of a record is nearly an account of the ledger that is nobody's"
    " else. What is booked there is not told by this record.",
)
UNOPENED_ACCOUNT = FindingCode(
    "unopened-account",
    "info",
    N_("no receivable or deposit account of the ledger is `{account}` or below it"),
    N_("open it in the ledger before something is booked on it, or correct `accounts:`"),
    "An entry under `accounts:` of a record fits no account that the ledger opens at any time, so"
    " that it has no effect. Leads, prospects and closed customers may have such entries.",
)
UNKNOWN_POLICY = FindingCode(
    "unknown-policy",
    "error",
    N_("the settings have no reminder policy `{policy}`"),
    N_("the policies are: {policies}"),
    "The customer's `reminders.policy` names a policy that `ledgercli.yaml` does not define, so"
    " the customer cannot be reminded.",
)
CLAIM_ABOUT_NOTHING = FindingCode(
    "claim-about-nothing",
    "info",
    N_("`{number}` says by no link or `claim-for:` about which document it is"),
    N_("add the document as a link or as `claim-for:`; until then it may be claimed once more"),
    "A fee or interest in the ledger (`^FEE-…`, `^INT-…`) names no document, or several. What it"
    " charges does not count as booked, so that letters may claim it again.",
)
NO_PRICE = FindingCode(
    "no-price",
    "warning",
    N_("no price of {currency} in {limit_currency}, so the limit of `{customer}` is not compared"),
    N_("add a price directive, or a limit in {currency}"),
    "Exposure in another currency than the limit's is converted at the last price on or before the"
    " day. Without one the exposure is unknown, never zero.",
)
LATE_DISCOUNT = FindingCode(
    "late-discount",
    "warning",
    N_("discount on {number} taken on {date}, allowed until {until}"),
    N_("re-open the difference, or accept it with a credit note"),
    "The terms of the document allow the discount within a number of days only.",
)
HIGH_DISCOUNT = FindingCode(
    "high-discount",
    "warning",
    N_("discount of {amount} on {number}, allowed are {allowed}"),
    N_("check the amount; what exceeds the terms is a credit note"),
    "The discount is larger than the terms' percentage of the document's amount.",
)
NO_TAX_POSTING = FindingCode(
    "no-tax-posting",
    "info",
    N_("the {kind} on {number} has no tax posting, while the document has one"),
    N_("correct the tax with the {kind}, where your law asks for it"),
    "A discount or write-off usually lowers the tax that the document charged.",
)
TIE_OUT_FAILED = FindingCode(
    "tie-out",
    "error",
    N_("open items less unallocated ({computed}) are not the ledger's balance ({balance})"),
    N_("this is a bug in ledgercli, please report it"),
    "For every customer and currency, open items less unallocated settlements must equal the"
    " ledger's balance on the receivable accounts.",
)

CODES: tuple[FindingCode, ...] = (
    UNKNOWN_RECEIVABLE_ACCOUNT,
    UNKNOWN_CUSTOMER,
    UNKNOWN_CUSTOMER_NAMED,
    CUSTOMER_ASSUMED,
    DUPLICATE_NUMBER,
    NUMBER_OF_TWO_CUSTOMERS,
    AMBIGUOUS_NUMBER,
    BAD_TERMS,
    BAD_RETENTION,
    DUE_UNKNOWN,
    DUE_ASSUMED,
    UNKNOWN_DOCUMENT,
    PAYMENT_BEFORE_DOCUMENT,
    OVER_PAYMENT,
    EXCESS_REALLOCATION,
    AMBIGUOUS_ALIAS,
    AMBIGUOUS_ACCOUNT,
    MISTYPED_ACCOUNT,
    UNOPENED_ACCOUNT,
    UNKNOWN_POLICY,
    CLAIM_ABOUT_NOTHING,
    NO_PRICE,
    LATE_DISCOUNT,
    HIGH_DISCOUNT,
    NO_TAX_POSTING,
    TIE_OUT_FAILED,
)
