"""The commands as one table: what there is, in which group, and which module holds it.

A module is imported when its command runs or shows its help, so that a report does not pay for the
reminders, nor ``--help`` for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command: its line in the list of commands, and ``module:function``."""

    help: str
    target: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of commands; with ``listed``, ``--list`` names them one a line.

    ``further`` is a module with commands that the books themselves add.
    """

    help: str
    commands: Mapping[str, Leaf | Branch] = field(default_factory=dict)
    listed: bool = False
    further: str = ""


COMMANDS = Branch(
    N_(
        "Receivables and customers on plain text: YAML records beside a Beancount ledger.\n\n"
        "Run it in a folder with `ledgercli.yaml`, or with `--ledger FILE` on any ledger."
    ),
    {
        "init": Leaf(N_("Make new books, or infer them from a ledger."), "init:init"),
        "check": Leaf(N_("Find what is wrong in settings, customers and ledger."), "check:check"),
        "balances": Leaf(N_("What each customer owes in all."), "reports:balances"),
        "items": Leaf(N_("Open items: which documents are not settled."), "reports:items"),
        "payments": Leaf(N_("Settlements and the documents they went to."), "reports:payments"),
        "aging": Leaf(N_("How long open items have been due."), "reports:aging"),
        "limits": Leaf(N_("Exposure beside the credit limits."), "reports:limits"),
        "statement": Leaf(N_("A customer's account, line by line."), "reports:statement"),
        "explain": Leaf(N_("Which postings and rules made a figure."), "reports:explain"),
        "allocate": Leaf(N_("Suggest allocations as a diff of the ledger."), "reports:allocate"),
        "opening": Branch(
            N_("Open items of another system: take them over, compare with them."),
            {
                "import": Leaf(
                    N_("Take a list of open items over into the ledger."), "items_import:import_"
                ),
                "compare": Leaf(
                    N_("Compare a list of open items with the books."), "items_import:compare"
                ),
            },
        ),
        "remind": Branch(
            N_("Reminders: who is due for which letter, and the letters."),
            {
                "plan": Leaf(N_("Who would be reminded, who not, and why."), "remind:plan"),
                "write": Leaf(N_("Write the letters that are due."), "remind:write"),
                "send": Leaf(N_("Send the letters that were written."), "remind:send"),
                "run": Leaf(N_("Write the letters that are due and send them."), "remind:run"),
                "approve": Leaf(N_("Approve letters that need it."), "remind:approve"),
                "show": Leaf(N_("A letter as it was sent."), "remind:show"),
                "verify": Leaf(
                    N_("Whether a letter's figures follow from its books."), "remind:verify"
                ),
                "history": Leaf(N_("Which reminders were written and sent."), "remind:history"),
                "book": Leaf(N_("Write claims into the ledger."), "claims:book"),
                "adopt": Leaf(
                    N_("Record a level that was reached before this program."), "remind:adopt"
                ),
            },
        ),
        "report": Branch(
            N_("Reports with a name of their own."),
            {
                "dashboard": Leaf(
                    N_("The state of the receivables on one page."), "dashboard:dashboard"
                ),
                "service": Leaf(
                    N_("Complaints and service requests, and the time to close."),
                    "relation_reports:service",
                ),
                "nps": Leaf(N_("Net promoter score of feedback."), "relation_reports:nps"),
                "pipeline": Leaf(
                    N_("Leads and prospects, and what comes next."), "relation_reports:pipeline"
                ),
                "aging-history": Leaf(N_("Aging over time."), "metric_reports:aging_history"),
                "dso": Leaf(N_("Days sales outstanding, three ways."), "metric_reports:dso"),
                "collection": Leaf(
                    N_("How much was collected of what could be."), "metric_reports:collection"
                ),
                "roll-forward": Leaf(
                    N_("From opening to closing balance, month by month."),
                    "metric_reports:roll_forward",
                ),
                "days-to-pay": Leaf(
                    N_("How long customers take to pay, and how late they are."),
                    "metric_reports:days_to_pay",
                ),
                "concentration": Leaf(
                    N_("How much hangs on few customers."), "customer_base_reports:concentration"
                ),
                "retention": Leaf(
                    N_("New, returning and lost customers."), "customer_base_reports:retention"
                ),
                "cohorts": Leaf(
                    N_("Which customers were invoiced again later."),
                    "customer_base_reports:cohorts",
                ),
                "contribution": Leaf(
                    N_("What customers bring: revenue, their costs, what is left."),
                    "sales_reports:contribution",
                ),
                "products": Leaf(N_("What was sold, and to whom."), "sales_reports:products"),
                "bought-together": Leaf(
                    N_("Which products are bought together."), "sales_reports:bought_together"
                ),
                "bad-debt": Leaf(N_("What was written off."), "metric_reports:bad_debt"),
                "promises": Leaf(N_("How promises are kept."), "metric_reports:promises"),
                "receipts-forecast": Leaf(
                    N_("Receipts to expect by week, and how wrong that was."), "forecasts:receipts"
                ),
                "anomalies": Leaf(
                    N_("What is out of the ordinary, and why."), "forecasts:anomalies"
                ),
                "revenue-forecast": Leaf(
                    N_("Sales to expect by month, and how wrong that was."), "forecasts:revenue"
                ),
                "limit-use": Leaf(
                    N_("Use of the credit limits over time."), "use_reports:limit_use"
                ),
                "frequency": Leaf(
                    N_("How often customers buy, and when next."), "use_reports:frequency"
                ),
                "limits-review": Leaf(
                    N_("Credit limits to raise, cut or set."), "customer_scoring:limits_review"
                ),
                "limitation": Leaf(N_("When claims become time-barred."), "report:limitation"),
                "rfm": Leaf(
                    N_("How recently, often and for how much customers bought."), "segmenting:rfm"
                ),
                "targets": Leaf(N_("Targets, and how far they are reached."), "segmenting:targets"),
                "contracts": Leaf(
                    N_("How far contracts and orders have come."), "report:contracts"
                ),
                "income": Leaf(N_("The income statement."), "statement_reports:income"),
                "balance-sheet": Leaf(N_("The balance sheet."), "statement_reports:balance_sheet"),
                "cash-flow": Leaf(N_("The cash flow statement."), "statement_reports:cash_flow"),
                "ratios": Leaf(N_("Margins, liquidity, debt."), "statement_reports:ratios"),
                "taxes": Leaf(N_("Tax charged, deducted, paid."), "statement_reports:taxes"),
                "budget": Leaf(N_("Budget against actual."), "statement_reports:budget"),
            },
            listed=True,
            further="own_reports",
        ),
        "diff": Leaf(N_("What changed between two revisions of the books."), "diff:diff"),
        "agenda": Leaf(N_("What is due for whom, by day."), "agenda:agenda"),
        "today": Leaf(N_("The page of the morning."), "agenda:today"),
        "digest": Branch(
            N_("Reports by e-mail, once in a period."),
            {"send": Leaf(N_("Send the digests that are due."), "agenda:send_digests")},
        ),
        "activity": Branch(
            N_("What happened with customers: calls, promises, disputes, holds."),
            {
                "add": Leaf(
                    N_("Record a call, a meeting, a complaint and the like."), "activity:add"
                ),
                "promise": Leaf(N_("Record a promise to pay."), "activity_payment:promise"),
                "dispute": Leaf(N_("Record a dispute, or its end."), "activity_payment:dispute"),
                "hold": Leaf(N_("Pause reminders."), "activity_holds:hold"),
                "occurrence": Leaf(
                    N_("Record a delivery, an acceptance or a tax invoice."),
                    "activity_payment:occurrence",
                ),
                "insolvency": Leaf(N_("Record an insolvency."), "activity_holds:insolvency"),
                "handed-over": Leaf(
                    N_("Record that a lawyer or an agency took over."), "activity_holds:handed_over"
                ),
                "bounced": Leaf(N_("Record that a letter came back."), "activity_holds:bounced"),
                "delivered": Leaf(
                    N_("Record that a letter arrived, with the proof."), "claims:delivered"
                ),
                "confirm": Leaf(
                    N_("Record the reply slip of a balance confirmation."),
                    "activity_payment:confirm",
                ),
                "waive": Leaf(N_("Record that claims are waived."), "activity_payment:waive"),
                "import": Leaf(
                    N_("Take mails from a mailbox, or contacts from a table."),
                    "activity_import:import_",
                ),
                "survey": Leaf(N_("Ask customers by e-mail for a score."), "survey:survey"),
                "list": Leaf(N_("What happened, oldest first."), "activity:list_"),
                "retract": Leaf(N_("Take an entry back."), "activity:retract"),
            },
        ),
        "order": Branch(
            N_("Orders: entered, approved within the credit limit, delivered, invoiced."),
            {
                "add": Leaf(N_("Enter an order."), "order:add"),
                "list": Leaf(N_("Orders that are not over."), "order:list_"),
                "show": Leaf(N_("One order, and what was decided about it."), "order:show"),
                "approve": Leaf(N_("Approve an order."), "order:approve"),
                "reject": Leaf(N_("Reject an order."), "order:reject"),
                "deliver": Leaf(N_("Record a delivery."), "order_steps:deliver"),
                "accept": Leaf(
                    N_("Record that the customer accepted the delivery."), "order_steps:accept"
                ),
                "invoice": Leaf(N_("Invoice an order in the ledger."), "order_steps:invoice"),
                "cancel": Leaf(N_("Cancel an order."), "order_steps:cancel"),
                "close": Leaf(N_("Give up what is left of an order."), "order_steps:close"),
                "reopen": Leaf(N_("Open an order again."), "order_steps:reopen"),
                "split": Leaf(N_("Make two orders of one."), "order:split"),
                "due": Leaf(N_("Orders that contracts make due."), "order_steps:due"),
                "recover": Leaf(
                    N_("Put in order what a run left that was cut off."), "order_steps:recover"
                ),
            },
        ),
        "schema": Leaf(N_("JSON Schemas of the YAML files, for editors."), "schema:schema"),
        "customer": Branch(
            N_("Customer records."),
            {
                "list": Leaf(N_("All customers, one a line."), "customer:list_"),
                "show": Leaf(N_("One customer's record and figures."), "customer:show"),
                "find": Leaf(N_("Find customers by what you remember."), "customer_finding:find"),
                "duplicates": Leaf(
                    N_("Records that may be of one customer."), "customer_finding:duplicates"
                ),
                "add": Leaf(N_("Add a customer."), "customer_adding:add"),
                "edit": Leaf(N_("Open a record in your editor."), "customer_adding:edit"),
                "set": Leaf(N_("Set one value in a record."), "customer_editing:set_"),
                "tag": Leaf(N_("Give customers a tag."), "customer_editing:tag"),
                "untag": Leaf(N_("Take a tag from customers."), "customer_editing:untag"),
                "rename": Leaf(N_("Give a customer another id."), "customer_moving:rename"),
                "merge": Leaf(N_("Make two records one."), "customer_moving:merge"),
                "close": Leaf(N_("Close a customer."), "customer_moving:close"),
                "reopen": Leaf(
                    N_("Make a closed customer active again."), "customer_moving:reopen"
                ),
                "remove": Leaf(
                    N_("Remove a record that nothing hangs on."), "customer_moving:remove"
                ),
                "report": Leaf(N_("A credit report on a page."), "customer_scoring:report"),
                "notices": Leaf(
                    N_("Letters about contracts that end or can be given notice of."),
                    "contract_letters:notices",
                ),
                "tiers": Leaf(N_("Tiers and tags that rules give."), "segmenting:tiers"),
                "score": Leaf(
                    N_("How well customers pay, and what says so."), "customer_scoring:score"
                ),
                "forget": Leaf(
                    N_("Take what is personal of a customer out of the books."),
                    "customer_privacy:forget",
                ),
                "export-data": Leaf(
                    N_("Everything that is held on a customer, as one archive."),
                    "customer_privacy:export_data",
                ),
                "import": Leaf(
                    N_("Take customers from a file of another system."), "customer_exchange:import_"
                ),
                "export": Leaf(
                    N_("Write customers as a file for another system."), "customer_exchange:export"
                ),
                "profiles": Leaf(
                    N_("The files of other systems that are known."), "customer_exchange:profiles"
                ),
            },
        ),
        "query": Leaf(N_("Ask in Beancount's query language."), "query:query"),
        "completion": Leaf(
            N_("The script that makes a shell complete commands."), "completion:completion"
        ),
        "cache": Branch(
            N_("The cache, which makes answers faster and holds nothing of its own."),
            {
                "show": Leaf(N_("What is in the cache."), "cache:show"),
                "clear": Leaf(N_("Delete the cache."), "cache:clear"),
            },
        ),
    },
)
