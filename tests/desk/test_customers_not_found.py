"""A customer whose record cannot be read is not found, and it is said why."""

from __future__ import annotations

import pytest
from stories import Tell

from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.output.wording import error_lines

BROKEN = {"customers/C7.yaml": "id: C7\nname: [\n"}


def test_a_file_that_cannot_be_read_is_told_with_who_is_not_found(tell: Tell) -> None:
    books = tell("2026-01-01 open Assets:Receivable", files=BROKEN).books
    with pytest.raises(CustomerNotFoundError) as missed:
        books.customer_id("C7")
    (finding,) = missed.value.findings
    assert (finding.code, finding.place.file) == ("yaml-syntax", "customers/C7.yaml")
    assert error_lines(missed.value).startswith("error: no customer `C7`\n")


def test_what_is_wrong_with_another_customer_is_not(tell: Tell) -> None:
    other = "[{id: C1, parent: C9}, {id: C2}]"
    books = tell("2026-01-01 open Assets:Receivable", customers=other).books
    with pytest.raises(CustomerNotFoundError) as missed:
        books.customer_id("C7")
    assert missed.value.findings == ()
