"""The page of one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Address, Contact, Contract, Customer, NextStep
from ledgercli.model.settings import Settings
from ledgercli.model.values import Money
from ledgercli.receivables.aging import Buckets
from ledgercli.receivables.limits import LimitRow
from ledgercli.reports.aging import aging
from ledgercli.reports.common import CURRENCY, Basis, PositionBasis
from ledgercli.reports.limits import limits
from ledgercli.reports.receivables import items


def customer_page(
    basis: PositionBasis,
    record: Customer,
    exposure: Sequence[LimitRow],
    settings: Settings,
    dealings: Sequence[Table] = (),
) -> Answer:
    """Return the page of one customer: profile, limits, aging, open items, then ``dealings``.

    The tables of dealings are named by their keys: ``orders``, ``agenda``, ``activity``.
    """
    buckets = Buckets(settings.aging.basis, settings.aging.buckets)
    open_items = items(basis, settled=False)
    aged = aging(basis, buckets)
    limit_table = limits(basis, tuple(exposure), None).table("rows")
    return Answer(
        "customer/1",
        title=Text(N_("{id} {name}"), {"id": record.id, "name": record.label}),
        facts={**basis.facts(), "customer": plain_record(record), "score": None},
        details=_details(record, settings),
        tables=(
            _renamed(limit_table, "limits", N_("Credit limit")),
            _renamed(aged.table("rows"), "aging", N_("Aging")),
            _renamed(open_items.table("rows"), "items", N_("Open items")),
            _deposits(basis),
            *(_renamed(table, table.key, _DEALINGS[table.key]) for table in dealings),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(),
    )


#: How the tables of dealings are headed.
_DEALINGS: Mapping[str, str] = {
    "orders": N_("Open orders"),
    "agenda": N_("What comes next"),
    "activity": N_("Last activity"),
}


def _renamed(table: Table, key: str, title: str) -> Table:
    hidden = {"customer", "name"}
    columns = tuple(column for column in table.columns if column.key not in hidden)
    return Table(key, columns, table.rows, title=title, role="extra", empty=table.empty)


def _deposits(basis: Basis) -> Table:
    rows = [
        {"currency": currency, "amount": Money(amount, currency)}
        for (_, currency), amount in sorted(basis.position.deposits.items())
    ]
    columns = (CURRENCY, Column("amount", N_("amount"), "money"))
    return Table("deposits", columns, rows, title=N_("Deposits") if rows else "", role="extra")


def _details(record: Customer, settings: Settings) -> tuple[tuple[str, Any], ...]:
    """Return the lines of the profile that say something."""
    terms = record.terms or settings.receivables.terms
    lines: list[tuple[str, Any]] = [
        (N_("status"), Text(record.status)),
        (N_("kind"), Text(record.kind)),
        (N_("debtor"), Text("public body" if record.debtor == "public" else record.debtor)),
        (N_("parent"), record.parent),
        (N_("tier"), record.tier),
        (N_("tags"), record.tags),
        (N_("segments"), [f"{key}={value}" for key, value in record.segments.items()]),
        (N_("owner"), record.owner),
        (N_("terms"), str(terms) if terms else ""),
        (N_("reminder policy"), record.reminders.policy or settings.reminders.default_policy),
        (N_("language"), record.language),
        (N_("ids"), [f"{key} {value}" for key, value in record.ids.items()]),
        (N_("accounts"), record.accounts),
        (N_("aliases"), record.aliases),
        *((N_("contact"), _contact(contact)) for contact in record.contacts),
        *((N_("address"), _address(address)) for address in record.addresses.values()),
        *((N_("contract"), _contract(contract)) for contract in record.contracts),
        (N_("expected"), record.expected),
        (N_("next step"), _step(record.next_step)),
        (N_("notes"), record.notes),
        (N_("record"), f"{record.file}:{record.line}" if record.file else ""),
    ]
    return tuple(line for line in lines if line[1])


def _contract(contract: Contract) -> list[Any]:
    """Return what a contract is called, what it costs, and how long it runs."""
    named = " ".join(part for part in (contract.id, contract.title) if part)
    until = Text(N_("until {date}"), {"date": contract.end}) if contract.end else ""
    return [part for part in (named, contract.value, until) if part]


def _step(step: NextStep | None) -> list[Any]:
    return [part for part in (step.date, step.text) if part] if step else []


def _contact(contact: Contact) -> list[str]:
    parts = (contact.name, contact.role, contact.email, contact.phone)
    return [part for part in parts if part]


def _address(address: Address) -> list[str]:
    place = f"{address.postcode} {address.city}".strip()
    return [part for part in (*address.lines, place, address.country) if part]


def plain_record(value: Any) -> Any:  # noqa: ANN401 - any part of a record
    """Return a record as JSON has it: mappings, lists, texts; words where a value has words."""
    if isinstance(value, Money | Decimal):
        return value if isinstance(value, Money) else f"{value:f}"
    if (
        is_dataclass(value)
        and not isinstance(value, type)
        and type(value).__str__ is object.__str__
    ):
        return {field.name: plain_record(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_record(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_record(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
